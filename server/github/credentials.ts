import { createPrivateKey } from 'node:crypto';
import { readFileSync } from 'node:fs';

import { WorkError } from '../../schema/index.js';
import type { Logger } from '../telemetry/log.js';

/**
 * The App's private key.
 *
 * @throws WorkError when the file cannot be read or holds something else; nothing of its content is said
 */
export function readPrivateKey(file: string): string {
  const setting = 'settings.server.github.app.private_key_file';
  const pem = readSecret(file, setting);
  try {
    createPrivateKey(pem);
  } catch {
    // The reason of OpenSSL says nothing that helps, and might say something of the file.
    throw new WorkError(
      `${file} does not hold a private key`,
      `Download one from the App's page (General → Private keys), and set its path in ${setting}.`,
    );
  }
  return pem;
}

/**
 * The token in a file.
 *
 * @throws WorkError when it cannot be read
 */
export function readToken(file: string): string {
  return readSecret(file, 'settings.server.github.token_file');
}

/**
 * The token in a file, read on every use, so that it can be replaced while the server runs. If the file can no longer
 * be read, the last value stays.
 *
 * @throws WorkError when it cannot be read at first
 */
export function tokenIn(file: string, log: Logger): () => string {
  let token = readToken(file);
  return () => {
    try {
      token = readToken(file);
    } catch (err) {
      log.error({ err }, 'cannot reload the token; keeping the previous one');
    }
    return token;
  };
}

function readSecret(file: string, setting: string): string {
  let text: string;
  try {
    text = readFileSync(file, 'utf8').trim();
  } catch (cause) {
    const { code = 'error' } = cause as NodeJS.ErrnoException;
    throw new WorkError(
      `${file} cannot be read (${code})`,
      `Make the file readable by the server, or set another path in ${setting}.`,
      { cause },
    );
  }
  if (text === '') throw new WorkError(`${file} is empty`, `Write the secret into it; ${setting} names it.`);
  return text;
}

import { readFile } from 'node:fs/promises';

import { ConfigError } from '../schema/diagnostic.js';
import type { Io } from './io.js';

/** GitHub sends no larger payload: https://docs.github.com/webhooks/webhook-events-and-payloads */
const LARGEST_BYTES = 25 * 1024 * 1024;

/**
 * Reads a saved delivery.
 *
 * @param path - absolute; undefined: standard input
 * @param name - as the user knows it
 * @throws ConfigError when it cannot be read, or is larger than GitHub's payloads are
 */
export async function readPayload(io: Io, path: string | undefined, name: string): Promise<string> {
  const bytes = path === undefined ? await readAll(io, name) : await readFile(path).catch(refuse(name));
  if (bytes.length > LARGEST_BYTES) throw tooLarge(name);
  return bytes.toString('utf8').replace(/^\ufeff/, '');
}

async function readAll(io: Io, name: string): Promise<Buffer> {
  const pieces: Buffer[] = [];
  let length = 0;
  for await (const piece of io.stdin) {
    const bytes = Buffer.from(piece as Uint8Array);
    length += bytes.length;
    if (length > LARGEST_BYTES) throw tooLarge(name);
    pieces.push(bytes);
  }
  return Buffer.concat(pieces);
}

function tooLarge(file: string): ConfigError {
  return problem('PAYLOAD', file, 'The payload has more than 25 MiB, which GitHub never sends.');
}

function refuse(file: string): (cause: NodeJS.ErrnoException) => never {
  return ({ code = 'unknown' }) => {
    if (code === 'ENOENT') throw problem('FILE_MISSING', file, `\`${file}\` does not exist`);
    throw problem(
      'FILE_UNREADABLE',
      file,
      code === 'EISDIR' ? `\`${file}\` is a folder` : `\`${file}\` cannot be read (${code})`,
    );
  };
}

function problem(code: 'PAYLOAD' | 'FILE_MISSING' | 'FILE_UNREADABLE', file: string, message: string) {
  const hint = 'Name a file with the JSON of a delivery, or `-` for standard input.';
  return new ConfigError([{ code, severity: 'error', file, message, hint }]);
}

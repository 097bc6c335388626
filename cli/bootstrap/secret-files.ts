import { createPrivateKey, X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { resolve } from 'node:path';

import { parseRecord, recordOf } from '../../common/json.js';
import type { Diagnostic } from '../../schema/index.js';
import type { Io } from '../io.js';
import type { RegistryLogin } from './choices.js';

/** A clause that says what is wrong with a file; nothing of its content. */
export interface FileProblem {
  readonly problem: string;
  /** What to do; absent: name another file. */
  readonly hint?: string;
}

/** Reads a file that holds one secret, without the white space round it. */
export function readSecretFile(io: Pick<Io, 'cwd'>, file: string): string | FileProblem {
  let text: string;
  try {
    text = readFileSync(resolve(io.cwd, file), 'utf8').trim();
  } catch (error) {
    const { code = 'unknown error' } = error as NodeJS.ErrnoException;
    return code === 'ENOENT'
      ? { problem: "doesn't exist", hint: `correct the path; it starts at ${io.cwd}` }
      : { problem: `can't be read (${code})` };
  }
  return text === '' ? { problem: 'is empty' } : text;
}

/** Reads the private key of a GitHub App. */
export function readPrivateKey(io: Pick<Io, 'cwd'>, file: string): string | FileProblem {
  const pem = readSecretFile(io, file);
  if (typeof pem !== 'string') return pem;
  try {
    createPrivateKey(pem);
    return `${pem}\n`;
  } catch {
    // OpenSSL's reason could say something of the file.
    return { problem: "doesn't hold a private key (PEM)" };
  }
}

/** Reads certificates of authorities (PEM). */
export function readCertificates(io: Pick<Io, 'cwd'>, file: string): string | FileProblem {
  const pem = readSecretFile(io, file);
  if (typeof pem !== 'string') return pem;
  try {
    new X509Certificate(pem);
    return `${pem}\n`;
  } catch {
    return { problem: "doesn't hold a certificate (PEM)" };
  }
}

/**
 * Reads a Docker config.json that holds logins itself: a credential helper is on this machine alone. The result has the
 * logins for these registries and nothing else of the file: it gets into the cluster, and into pods.
 *
 * @param hosts - registries; it must have a login for one of them
 */
export async function readLogin(
  io: Pick<Io, 'cwd' | 'env'>,
  file: string,
  hosts: readonly string[],
): Promise<RegistryLogin | FileProblem> {
  const path = resolve(io.cwd, file.replace(/^~(?=\/)/, io.env.HOME ?? homedir()));
  const json = readSecretFile(io, path);
  if (typeof json !== 'string') return json;
  const config = parseRecord(json);
  if (config === undefined) return { problem: "isn't a JSON object" };
  const { hostOfKey, parseDockerConfig } = await import('../../stores/registry/docker-config.js');
  const logins = parseDockerConfig(JSON.stringify({ auths: config.auths ?? {} }), file, { env: {} });
  try {
    const found = await Promise.all(hosts.map((host) => logins(host)));
    const used = new Set(hosts.filter((_, i) => found[i] !== undefined).map((host) => hostOfKey(host)));
    const auths = Object.entries(recordOf(config.auths)).filter(([key]) => used.has(hostOfKey(key) ?? ''));
    if (used.size > 0) return { file: path, json: JSON.stringify({ auths: Object.fromEntries(auths) }) };
  } catch (error) {
    // Names the host and the file, never the login.
    return { problem: `can't be used: ${error instanceof Error ? error.message : String(error)}` };
  }
  const helper = config.credsStore !== undefined || config.credHelpers !== undefined;
  const [host = ''] = hosts;
  return {
    problem: `has no login for ${hosts.join(', ')}${helper ? ', because a credential helper of this machine has it' : ''}`,
    hint: `make a file that has it: \`kubectl create secret docker-registry login --docker-server=${host} --docker-username=USER --docker-password=TOKEN --dry-run=client -o jsonpath='{.data.\\.dockerconfigjson}' | base64 -d > login.json\``,
  };
}

/** The problem of a flag that names a file. */
export function unreadable(flag: string, file: string, { problem, hint }: FileProblem): Diagnostic {
  return {
    code: 'FILE_UNREADABLE',
    severity: 'error',
    message: `\`${file}\` ${problem}`,
    file: flag,
    hint: hint ?? 'name a file that this command can read and that holds nothing else',
  };
}

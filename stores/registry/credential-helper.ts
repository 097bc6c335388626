import { execFile } from 'node:child_process';

import { parseRecord } from '../../common/json.js';
import { LoginError, type Login } from './logins.js';

/** The part of a program's name behind `docker-credential-`. */
const NAME = /^[A-Za-z0-9][\w.-]{0,63}$/;
/** Instead of a user's name: the secret is a refresh token. */
const TOKEN_USER = '<token>';
const NOT_FOUND = 'credentials not found';
const MAX_BYTES = 1024 * 1024;

/** Options of {@link askHelper}. */
export interface HelperOptions {
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Milliseconds; default: ten seconds. */
  readonly timeoutMs?: number;
}

/**
 * Asks a credential helper of Docker: the program `docker-credential-<name>` gets a server's name on its standard input
 * (https://github.com/docker/docker-credential-helpers).
 *
 * @returns undefined where it has no login for the server
 * @throws LoginError where it cannot be run, or fails
 */
export async function askHelper(
  name: string,
  server: string,
  { env, timeoutMs = 10_000 }: HelperOptions,
): Promise<Login | undefined> {
  if (!NAME.test(name))
    throw new LoginError(`\`${name.slice(0, 80)}\` is not the name of a credential helper`);
  const program = `docker-credential-${name}`;
  const { error, stdout } = await run(program, server, env, timeoutMs);
  if (error) {
    if (stdout.includes(NOT_FOUND)) return undefined;
    if (error.code === 'ENOENT')
      throw new LoginError(`the credential helper ${program} is not installed here`);
    throw new LoginError(
      error.killed === true
        ? `the credential helper ${program} did not end within ${timeoutMs / 1000} s`
        : `the credential helper ${program} failed (${error.code ?? error.signal ?? 'unknown error'})`,
    );
  }
  const { Username: username, Secret: secret } = parseRecord(stdout) ?? {};
  if (typeof username !== 'string' || typeof secret !== 'string')
    throw new LoginError(`the credential helper ${program} put out something else than a login`);
  if (secret === '') return undefined;
  return username === TOKEN_USER
    ? { kind: 'identity token', token: secret }
    : { kind: 'password', username, password: secret };
}

interface HelperRun {
  readonly error?: {
    readonly code?: string | number | null | undefined;
    readonly signal?: string | null | undefined;
    readonly killed?: boolean | undefined;
  };
  readonly stdout: string;
}

async function run(
  program: string,
  server: string,
  env: HelperOptions['env'],
  timeout: number,
): Promise<HelperRun> {
  return await new Promise((resolve) => {
    const options = { env, timeout, killSignal: 'SIGKILL', maxBuffer: MAX_BYTES, shell: false } as const;
    const child = execFile(program, ['get'], options, (error, stdout) => {
      resolve({ ...(error && { error }), stdout });
    });
    // A helper may end without reading.
    child.stdin?.on('error', () => undefined);
    child.stdin?.end(server);
  });
}

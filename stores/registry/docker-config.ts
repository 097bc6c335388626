import { readFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';

import { isRecord, parseRecord, recordOf, type JsonRecord } from '../../common/json.js';
import { canonicalHost } from '../../schema/image-reference.js';
import { askHelper, type HelperOptions } from './credential-helper.js';
import { LoginError, type Login, type Logins } from './logins.js';

const DOCKER_HUB = 'docker.io';
/** By this name Docker's programs keep the login of Docker Hub. */
const DOCKER_HUB_KEY = 'https://index.docker.io/v1/';

type Environment = HelperOptions['env'];

/** Where Docker's programs keep their logins: `$DOCKER_CONFIG/config.json`, else `~/.docker/config.json`. */
export function dockerConfigPath(env: Environment = process.env, home: string = homedir()): string {
  return join(
    env.DOCKER_CONFIG === undefined || env.DOCKER_CONFIG === '' ? join(home, '.docker') : env.DOCKER_CONFIG,
    'config.json',
  );
}

/**
 * The logins of a config.json, read when the first is needed.
 *
 * @param file - has to exist; default: Docker's own, {@link dockerConfigPath}, without which nobody is logged in
 */
export function dockerLogins(file: string | undefined, helper: HelperOptions): Logins {
  const path = file ?? dockerConfigPath(helper.env);
  let logins: Promise<Logins> | undefined;
  return async (host) => {
    logins ??= readFile(path, 'utf8').then(
      (text) => parseDockerConfig(text, path, helper),
      (error: unknown) => withoutFile(path, error, file === undefined),
    );
    return await (
      await logins
    )(host);
  };
}

function withoutFile(path: string, error: unknown, mayBeAbsent: boolean): Logins {
  const { code = 'unknown error' } = error as NodeJS.ErrnoException;
  const isAbsent = code === 'ENOENT' || code === 'ENOTDIR';
  if (isAbsent && mayBeAbsent) return () => Promise.resolve(undefined);
  throw new LoginError(isAbsent ? `${path} does not exist` : `${path} cannot be read (${code})`);
}

/**
 * The logins in the text of a config.json: `auths`, and programs that know them (`credHelpers` for one registry,
 * `credsStore` for all). A program comes first, as in Docker; where it has no login or cannot be run, `auths` is asked.
 *
 * @param file - its name, for errors
 * @throws LoginError where it is not a JSON object; the returned function throws for a login that cannot be read
 */
export function parseDockerConfig(text: string, file: string, helper: HelperOptions): Logins {
  const config = parseRecord(text);
  if (!config) throw new LoginError(`${file} is not a JSON object`);
  const entries = byHost(config.auths);
  const helpers = byHost(config.credHelpers);
  return async (host) => {
    const wanted = canonicalHost(host.toLowerCase());
    const entry = entries.get(wanted);
    const written = isRecord(entry) ? writtenLogin(entry, wanted, file) : undefined;
    const program = helpers.get(wanted) ?? config.credsStore;
    if (typeof program !== 'string' || program === '') return written;
    try {
      const server = wanted === DOCKER_HUB ? DOCKER_HUB_KEY : wanted;
      return (await askHelper(program, server, helper)) ?? written;
    } catch (error) {
      if (written) return written;
      throw error;
    }
  };
}

function byHost(section: unknown): Map<string, unknown> {
  const found = new Map<string, unknown>();
  for (const [key, value] of Object.entries(recordOf(section))) {
    const host = hostOfKey(key);
    if (host !== undefined && !found.has(host)) found.set(host, value);
  }
  return found;
}

/**
 * The registry of a key of `auths`, which is a host or a URL: `ghcr.io`, `https://ghcr.io`,
 * `https://index.docker.io/v1/`.
 *
 * @returns undefined for a key with another path: it is for some of the registry's images only
 */
export function hostOfKey(key: string): string | undefined {
  const bare = key.toLowerCase().replace(/^https?:\/\//, '');
  const slash = bare.indexOf('/');
  if (slash !== -1 && !/^\/(?:v[12]\/?)?$/.test(bare.slice(slash))) return undefined;
  return canonicalHost(slash === -1 ? bare : bare.slice(0, slash));
}

function writtenLogin(entry: JsonRecord, host: string, file: string): Login | undefined {
  const text = (key: string): string => {
    const value = entry[key];
    return typeof value === 'string' ? value : '';
  };
  if (text('identitytoken') !== '') return { kind: 'identity token', token: text('identitytoken') };
  if (text('registrytoken') !== '') return { kind: 'registry token', token: text('registrytoken') };
  if (text('auth') !== '') {
    const decoded = Buffer.from(text('auth'), 'base64').toString('utf8');
    const colon = decoded.indexOf(':');
    if (colon < 1) throw new LoginError(`\`auth\` of ${host} in ${file} is not user:password in base64`);
    // Docker removes these, too.
    const password = decoded.slice(colon + 1).replaceAll('\0', '');
    return { kind: 'password', username: decoded.slice(0, colon), password };
  }
  return text('username') === ''
    ? undefined
    : { kind: 'password', username: text('username'), password: text('password') };
}

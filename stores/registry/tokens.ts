import { parseRecord } from '../../common/json.js';
import type { Challenge } from './challenge.js';
import { RegistryError, refusalText, unanswered } from './errors.js';
import type { Login } from './logins.js';
import type { HttpAnswer, HttpRequest } from './transport.js';

/** Sends a request to a registry or its token server, with retries. */
export type Exchange = (
  request: Pick<HttpRequest, 'url' | 'method' | 'headers' | 'body' | 'anyCertificate' | 'maxBytes'>,
) => Promise<HttpAnswer>;

/** What a token is for. */
export interface TokenQuestion {
  readonly challenge: Extract<Challenge, { scheme: 'bearer' }>;
  readonly login: Login | undefined;
  /** `repository:<path>:pull` */
  readonly scope: string;
  /** The registry that named the token server. */
  readonly registry: URL;
  readonly anyCertificate: boolean;
}

const MAX_TOKEN_BYTES = 256 * 1024;
/** What can be in a header. */
const TOKEN = /^[\x21-\x7e]+$/;
const LOG_IN = 'log in to the registry again: docker login';

/**
 * Gets a token for one repository (https://distribution.github.io/distribution/spec/auth/token/). The login is sent to
 * the token server that the registry names: over https, or over plain http where the registry itself is reached so.
 *
 * @throws RegistryError
 */
export async function fetchToken(question: TokenQuestion, exchange: Exchange): Promise<string> {
  const { challenge, login, scope, registry, anyCertificate } = question;
  const realm = realmOf(challenge.realm, registry);
  const isSameHost = realm.host === registry.host;
  const base = { anyCertificate: anyCertificate && isSameHost, maxBytes: MAX_TOKEN_BYTES };
  const { service = '' } = challenge;
  let answer: HttpAnswer;
  try {
    if (login?.kind === 'identity token') {
      const form = {
        grant_type: 'refresh_token',
        service,
        scope,
        client_id: 'kfops',
        refresh_token: login.token,
      };
      answer = await exchange({
        ...base,
        url: realm,
        method: 'POST',
        headers: { 'content-type': 'application/x-www-form-urlencoded' },
        body: Buffer.from(new URLSearchParams(form).toString()),
      });
    } else {
      if (service !== '') realm.searchParams.set('service', service);
      realm.searchParams.set('scope', scope);
      answer = await exchange({
        ...base,
        url: realm,
        method: 'GET',
        headers: login?.kind === 'password' ? { authorization: basic(login) } : {},
      });
    }
  } catch (error) {
    throw unanswered(realm.origin, error);
  }
  return tokenIn(answer, realm, login);
}

/** The header for a name and a password. */
export function basic({ username, password }: { username: string; password: string }): string {
  return `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`;
}

function realmOf(text: string, registry: URL): URL {
  const realm = URL.canParse(text) ? new URL(text) : undefined;
  const isSafe =
    realm?.protocol === 'https:' || (realm?.protocol === 'http:' && registry.protocol === 'http:');
  if (realm && isSafe && realm.username === '' && realm.password === '') return realm;
  throw new RegistryError(
    registry.origin,
    'it names a token server without https',
    'ask who runs the registry to serve tokens over https, or set `insecure` for it',
  );
}

function tokenIn(answer: HttpAnswer, realm: URL, login: Login | undefined): string {
  const { status, body } = answer;
  if (status === 401 || status === 403) {
    const problem = `${login ? 'the login was refused' : 'a login is needed'} (${refusalText(answer)})`;
    throw new RegistryError(realm.origin, problem, LOG_IN, status);
  }
  const value = status === 200 ? parseRecord(body.toString('utf8')) : undefined;
  const token = value?.token ?? value?.access_token;
  if (typeof token === 'string' && TOKEN.test(token)) return token;
  const problem = `the token server's answer has no token (status ${status})`;
  throw new RegistryError(realm.origin, problem, 'ask who runs the registry', status);
}

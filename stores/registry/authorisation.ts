import type { Challenge } from './challenge.js';
import { RegistryError } from './errors.js';
import { LoginError, type Login, type Logins } from './logins.js';
import { basic, fetchToken, type Exchange } from './tokens.js';

/** A registry that answers. */
export interface Endpoint {
  /** Host as in front of an image. */
  readonly host: string;
  /** Scheme and host of its API. */
  readonly url: URL;
  readonly anyCertificate: boolean;
  /** What it asked for before any request; absent: nothing. */
  readonly challenge?: Challenge;
}

/** The header of a request. */
export interface Authorisation {
  /** Absent: the request goes without. */
  readonly header?: string;
  /** It was got for an earlier request, and may have run out. */
  readonly reused: boolean;
}

/** Answers the challenges of registries. Tokens are kept for each repository and what is done in it. */
export class Authoriser {
  readonly #tokens = new Map<string, Promise<string>>();
  readonly #logins = new Map<string, Promise<Login | undefined>>();

  constructor(
    private readonly logins: Logins,
    private readonly exchange: Exchange,
  ) {}

  /** @throws RegistryError, also where the login cannot be read */
  async authorise(
    endpoint: Endpoint,
    challenge: Challenge | undefined,
    scope: string,
  ): Promise<Authorisation> {
    if (!challenge) return { reused: false };
    const login = await this.#login(endpoint);
    if (login?.kind === 'registry token') return { header: `Bearer ${login.token}`, reused: false };
    if (challenge.scheme === 'basic')
      return { ...(login?.kind === 'password' && { header: basic(login) }), reused: false };
    const { url: registry, anyCertificate } = endpoint;
    const key = JSON.stringify([registry.origin, challenge, scope]);
    const kept = this.#tokens.get(key);
    const token = kept ?? fetchToken({ challenge, login, scope, registry, anyCertificate }, this.exchange);
    if (!kept) {
      this.#tokens.set(key, token);
      token.catch(() => this.#tokens.delete(key));
    }
    return { header: `Bearer ${await token}`, reused: kept !== undefined };
  }

  /** Drops a token that the registry no longer takes. */
  forget({ url }: Endpoint, challenge: Challenge | undefined, scope: string): void {
    this.#tokens.delete(JSON.stringify([url.origin, challenge, scope]));
  }

  async #login({ host, url }: Endpoint): Promise<Login | undefined> {
    let login = this.#logins.get(host);
    if (!login) {
      login = this.logins(host);
      this.#logins.set(host, login);
    }
    try {
      return await login;
    } catch (error) {
      if (!(error instanceof LoginError)) throw error;
      const nextStep = 'log in with `docker login`, which writes a static login';
      throw new RegistryError(url.origin, error.message, nextStep, undefined, { cause: error });
    }
  }
}

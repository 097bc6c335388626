import { Authoriser, type Endpoint } from './authorisation.js';
import { challengeOf } from './challenge.js';
import { registryUrls } from './endpoints.js';
import { notARegistry, unavailable, RegistryError, unanswered } from './errors.js';
import type { Logins } from './logins.js';
import { redirectOf } from './redirects.js';
import { PASSING, Sender, type SenderOptions } from './sender.js';
import type { HttpAnswer, HttpRequest } from './transport.js';

/** Options of {@link RegistryClient}. */
export interface RegistryClientOptions extends SenderOptions {
  /** Default: no logins. */
  readonly logins?: Logins;
}

/** A repository in a registry. */
export interface RepositoryAddress {
  /** Host as in front of an image. */
  readonly registry: string;
  readonly path: string;
  /** Plain http and certificates that nobody vouches for are allowed. */
  readonly insecure: boolean;
}

/** A request to the API of a registry, below `/v2/<repository>/`. */
export interface RegistryCall {
  readonly method: 'GET' | 'HEAD' | 'PUT';
  /** `manifests/<reference>`, `blobs/<digest>` */
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: Buffer;
  /** Of the answer's body. */
  readonly maxBytes: number;
}

const REDIRECTS = 3;
const ATTEMPTS = 2;

/**
 * Talks to image registries (https://github.com/opencontainers/distribution-spec) for the length of one task: each
 * registry's address and each token are found out once, a server that does not answer is not asked again.
 */
export class RegistryClient {
  readonly #endpoints = new Map<string, Promise<Endpoint>>();
  readonly #sender: Sender;
  readonly #authoriser: Authoriser;

  constructor(private readonly options: RegistryClientOptions = {}) {
    this.#sender = new Sender(options);
    const { logins = () => Promise.resolve(undefined) } = options;
    this.#authoriser = new Authoriser(logins, (request) => this.#sender.send(request, ATTEMPTS));
  }

  /** @throws RegistryError when nothing answers, also because `signal` is aborted */
  async call(at: RepositoryAddress, call: RegistryCall): Promise<HttpAnswer> {
    const endpoint = await this.endpoint(at);
    const scope = `repository:${at.path}:${call.method === 'PUT' ? 'pull,push' : 'pull'}`;
    const first = await this.#authorised(endpoint, endpoint.challenge, scope, at, call);
    if (first.answer.status !== 401) return first.answer;
    // Another host must not choose the token server that gets the registry's login.
    if (first.url.origin !== endpoint.url.origin) return first.answer;
    const challenge = challengeOf(first.answer.headers['www-authenticate']) ?? endpoint.challenge;
    const isNew = JSON.stringify(challenge) !== JSON.stringify(endpoint.challenge);
    // A token expires; a new one would be refused again.
    if (!isNew && !first.reused) return first.answer;
    this.#authoriser.forget(endpoint, challenge, scope);
    return (await this.#authorised(endpoint, challenge, scope, at, call)).answer;
  }

  /** Where a registry answers. @throws RegistryError */
  async endpoint({ registry: host, insecure }: RepositoryAddress): Promise<Endpoint> {
    const key = JSON.stringify([host, insecure]);
    let endpoint = this.#endpoints.get(key);
    if (!endpoint) {
      endpoint = this.#ping(host, insecure);
      this.#endpoints.set(key, endpoint);
    }
    return await endpoint;
  }

  async #ping(host: string, insecure: boolean): Promise<Endpoint> {
    const urls = registryUrls(host, insecure);
    let failure: unknown;
    for (const url of urls) {
      try {
        const request = {
          url: new URL('/v2/', url),
          method: 'GET',
          headers: {},
          maxBytes: 64 * 1024,
        } as const;
        const attempts = url === urls.at(-1) ? ATTEMPTS : 1;
        const answer = await this.#sender.send({ ...request, anyCertificate: insecure }, attempts);
        if (PASSING.has(answer.status)) throw unavailable(url.origin, answer);
        if (answer.status !== 200 && answer.status !== 401 && answer.status !== 403)
          throw notARegistry(url.origin, answer.status);
        const challenge = challengeOf(answer.headers['www-authenticate']);
        return { host, url, anyCertificate: insecure, ...(challenge && { challenge }) };
      } catch (error) {
        failure = unanswered(url.origin, error);
        if (this.options.signal?.aborted) break;
      }
    }
    throw failure;
  }

  /** @returns the last answer, the URL that gave it, and whether the token was an earlier request's */
  async #authorised(
    endpoint: Endpoint,
    challenge: Endpoint['challenge'],
    scope: string,
    at: RepositoryAddress,
    { method, path, headers, body, maxBytes }: RegistryCall,
  ): Promise<{ answer: HttpAnswer; url: URL; reused: boolean }> {
    const { header, reused } = await this.#authoriser.authorise(endpoint, challenge, scope);
    let request: Omit<HttpRequest, 'timeoutMs'> = {
      url: new URL(`/v2/${at.path}/${path}`, endpoint.url),
      method,
      headers: { ...headers, ...(header !== undefined && { authorization: header }) },
      ...(body && { body }),
      anyCertificate: endpoint.anyCertificate,
      maxBytes,
    };
    for (let hops = 0; hops <= REDIRECTS; hops++) {
      const answer = await this.#answered(request, endpoint);
      const next = redirectOf(request, answer, endpoint);
      if (!next) return { answer, url: request.url, reused };
      request = next;
    }
    throw new RegistryError(endpoint.url.origin, 'too many redirects', 'ask who runs the registry');
  }

  async #answered(request: Omit<HttpRequest, 'timeoutMs'>, { url }: Endpoint): Promise<HttpAnswer> {
    try {
      return await this.#sender.send(request, ATTEMPTS);
    } catch (error) {
      throw unanswered(url.origin, error);
    }
  }
}

import { jitter } from '../../common/backoff.js';
import { systemClock, type Clock } from '../../common/clock.js';
import { Semaphore } from '../../common/semaphore.js';
import { Authoriser, type Endpoint } from './authorisation.js';
import { challengeOf } from './challenge.js';
import { registryUrls } from './endpoints.js';
import { notARegistry, unavailable, RegistryError, unanswered } from './errors.js';
import type { Logins } from './logins.js';
import { redirectOf } from './redirects.js';
import { send, type HttpAnswer, type HttpRequest } from './transport.js';

/** Options of {@link RegistryClient}. */
export interface RegistryClientOptions {
  /** Default: no logins. */
  readonly logins?: Logins;
  /** Ends all requests. */
  readonly signal?: AbortSignal;
  readonly clock?: Clock;
  /** For each attempt, in milliseconds. Default: five seconds. */
  readonly timeoutMs?: number;
  /** Requests at the same time. Default: 16. */
  readonly concurrent?: number;
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
const PAUSE_MS = 500;
/** A registry that wants a longer pause is not asked again. */
const LONGEST_PAUSE_MS = 5000;
const PASSING: ReadonlySet<number> = new Set([408, 429, 500, 502, 503, 504]);

/**
 * Talks to image registries (https://github.com/opencontainers/distribution-spec) for the length of one task: each
 * registry's address and each token are found out once, a registry that does not answer is not asked again.
 */
export class RegistryClient {
  readonly #endpoints = new Map<string, Promise<Endpoint>>();
  readonly #semaphore: Semaphore;
  readonly #authoriser: Authoriser;

  constructor(private readonly options: RegistryClientOptions = {}) {
    this.#semaphore = new Semaphore(options.concurrent ?? 16);
    const { logins = () => Promise.resolve(undefined) } = options;
    this.#authoriser = new Authoriser(logins, (request) => this.#persist(request, ATTEMPTS));
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
        const answer = await this.#persist({ ...request, anyCertificate: insecure }, attempts);
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
      return await this.#persist(request, ATTEMPTS);
    } catch (error) {
      throw unanswered(url.origin, error);
    }
  }

  /** Sends a request, and once more where the failure may pass soon. */
  async #persist(request: Omit<HttpRequest, 'timeoutMs'>, attempts: number): Promise<HttpAnswer> {
    const { signal, clock = systemClock, timeoutMs = 5000 } = this.options;
    for (let attempt = 1; ; attempt++) {
      const last = attempt >= attempts;
      let pauseMs = jitter(PAUSE_MS);
      try {
        const answer = await this.#semaphore.pass(() =>
          send({ ...request, timeoutMs, ...(signal && { signal }) }),
        );
        const wanted = Number(answer.headers['retry-after']);
        if (wanted > 0) pauseMs = wanted * 1000;
        if (last || !PASSING.has(answer.status) || pauseMs > LONGEST_PAUSE_MS) return answer;
      } catch (error) {
        const { name } = error as Error;
        if (last || signal?.aborted || name === 'TooLargeError') throw error;
      }
      await clock.wait(pauseMs, signal);
    }
  }
}

import type { ServiceError } from '../schema/errors.js';
import { registryAddress } from './registry/endpoints.js';
import { notARegistry, unanswered } from './registry/errors.js';

/** Milliseconds. */
const TIMEOUT_MS = 10_000;

/** Options of {@link checkRegistry}. */
export interface RegistryAddress {
  /** `host` or `host:port`, as written in front of an image. */
  readonly host: string;
  /** Plain http will do. */
  readonly insecure: boolean;
}

/**
 * Whether an image registry answers at an address, by the registry API's own question for it. No login is needed: a
 * registry that wants one says so, and is one.
 *
 * @returns its URL
 * @throws ServiceError when nothing answers, or no registry does
 */
export async function checkRegistry({ host, insecure }: RegistryAddress): Promise<string> {
  const schemes = insecure ? (['http', 'https'] as const) : (['https'] as const);
  let failure: ServiceError | undefined;
  for (const scheme of schemes) {
    const url = registryAddress(host, scheme);
    try {
      const response = await fetch(`${url}/v2/`, {
        redirect: 'manual',
        signal: AbortSignal.timeout(TIMEOUT_MS),
      });
      await response.body?.cancel();
      // https://github.com/opencontainers/distribution-spec, "end-1": 200, or 401 where it wants a login.
      if (response.status === 200 || response.status === 401 || response.status === 403) return url;
      failure ??= notARegistry(url, response.status);
    } catch (error) {
      failure ??= unanswered(url, error);
    }
  }
  throw failure ?? unanswered(host, undefined);
}

import { ServiceError } from '../schema/errors.js';

/** Docker Hub's name, and the host at which it is. */
const HUB = { name: 'docker.io', host: 'registry-1.docker.io' };
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
  const at = host === HUB.name ? HUB.host : host;
  const schemes = insecure ? ['http', 'https'] : ['https'];
  let failure: ServiceError | undefined;
  for (const scheme of schemes) {
    const url = `${scheme}://${at}`;
    try {
      const response = await fetch(`${url}/v2/`, {
        redirect: 'manual',
        signal: AbortSignal.timeout(TIMEOUT_MS),
      });
      await response.body?.cancel();
      // https://github.com/opencontainers/distribution-spec, "end-1": 200, or 401 where it wants a login.
      if (response.status === 200 || response.status === 401 || response.status === 403) return url;
      failure ??= unlike(url, response.status);
    } catch (error) {
      failure ??= silent(url, error);
    }
  }
  throw failure ?? silent(at, undefined);
}

function unlike(url: string, status: number): ServiceError {
  return new ServiceError(
    'Registry',
    url,
    `what answers there (status ${status}) is not an image registry`,
    'check container_registry_uri',
  );
}

function silent(url: string, error: unknown): ServiceError {
  const cause = error instanceof Error ? error.cause : undefined;
  const code = (cause as { code?: string } | undefined)?.code ?? (error as Error | undefined)?.name ?? '';
  const why =
    new Map([
      ['ENOTFOUND', 'there is no such host'],
      ['ECONNREFUSED', 'the connection was refused'],
      ['TimeoutError', 'it did not answer in time'],
      ['UND_ERR_CONNECT_TIMEOUT', 'it did not answer in time'],
      ['ERR_SSL_WRONG_VERSION_NUMBER', 'it speaks plain http, not https'],
    ]).get(code) ?? `it cannot be reached (${code})`;
  return new ServiceError(
    'Registry',
    url,
    why,
    'check container_registry_uri (and `insecure` for plain http); if only the cluster reaches this registry, ignore this',
    { cause: error },
  );
}

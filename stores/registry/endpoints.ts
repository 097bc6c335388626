import { notAHost } from './errors.js';

/** Docker Hub's name in references, and the host of its API. */
const DOCKER_HUB = { name: 'docker.io', host: 'registry-1.docker.io' };
const LOOPBACK = /^(?:localhost|127(?:\.\d{1,3}){3}|\[::1\])(?::\d{1,5})?$/i;

/**
 * Where the API of a registry may be, in the order in which they are tried: as Kaniko does (ping.go of
 * go-containerregistry), https comes first, so that no password goes in plain text where it doesn't have to.
 *
 * @param host - as in front of an image
 * @param insecure - plain http is allowed; for this machine itself it always is
 * @throws RegistryError as {@link registryAddress}
 */
export function registryUrls(host: string, insecure: boolean): readonly URL[] {
  const schemes = insecure || LOOPBACK.test(host) ? (['https', 'http'] as const) : (['https'] as const);
  return schemes.map((scheme) => new URL(registryAddress(host, scheme)));
}

/**
 * The address of a registry, without a slash at its end.
 *
 * @param host - as in front of an image
 * @throws RegistryError where no URL can have this host, as `1.2.3.4.5`, `example.256` or a port above 65535
 */
export function registryAddress(host: string, scheme: 'http' | 'https'): string {
  const address = `${scheme}://${host === DOCKER_HUB.name ? DOCKER_HUB.host : host}`;
  if (!URL.canParse(address)) throw notAHost(host);
  return address;
}

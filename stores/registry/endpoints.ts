/** Docker Hub's name in references, and the host of its API. */
const DOCKER_HUB = { name: 'docker.io', host: 'registry-1.docker.io' };
const LOOPBACK = /^(?:localhost|127(?:\.\d{1,3}){3}|\[::1\])(?::\d{1,5})?$/i;

/**
 * Where the API of a registry may be, in the order in which they are tried: as Kaniko does (ping.go of
 * go-containerregistry), https comes first, so that no password goes in plain text where it doesn't have to.
 *
 * @param host - as in front of an image
 * @param insecure - plain http is allowed; for this machine itself it always is
 */
export function registryUrls(host: string, insecure: boolean): readonly URL[] {
  const at = host === DOCKER_HUB.name ? DOCKER_HUB.host : host;
  const schemes = insecure || LOOPBACK.test(host) ? ['https', 'http'] : ['https'];
  return schemes.map((scheme) => new URL(`${scheme}://${at}`));
}

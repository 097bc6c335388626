const UUID = /^[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}$/;

/**
 * The step that wrote an artifact, where its address is the one that Kubeflow chose: `<root>/<pipeline>/<run
 * id>/<step>/<salt>/<output>`, without the salt in older releases (`generateOutputURI` of its driver).
 *
 * @returns undefined for an address that the step chose itself
 */
export function stepOfUri(uri: string): string | undefined {
  const [path = ''] = uri.split('?', 1);
  const parts = path.split('/');
  const [fourth = '', third = '', second = ''] = parts.slice(-4, -1);
  if (UUID.test(second)) return UUID.test(fourth) ? third : undefined;
  return UUID.test(third) ? second : undefined;
}

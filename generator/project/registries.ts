import { canonicalHost } from '../../schema/image-reference.js';
import { normaliseRepository, parseImageReference } from '../../schema/index.js';
import { isBelow } from '../contexts/paths.js';

/** A registry's address in full: a bare profile of Docker Hub is spelt out. */
export function registryBase(registryUri: string): string {
  const name = '/any-name';
  return registryUri === 'docker.io'
    ? registryUri
    : normaliseRepository(registryUri, name.slice(1)).slice(0, -name.length);
}

/** Whether a registry or repository of the settings is another one, or below it. */
export function isWithin(registry: string, other: string): boolean {
  return isBelow(place(registry), place(other));
}

/** Whether images of one of them can be images of the other. */
export function registriesMeet(one: string, other: string): boolean {
  return isWithin(one, other) || isWithin(other, one);
}

/** Hosts do not tell upper from lower case, and 443 is the port that is meant where there is none. */
function place(registryUri: string): string {
  const [host = '', ...path] = registryBase(registryUri).split('/');
  return [canonicalHost(host.toLowerCase().replace(/:0*443$/, '')), ...path].join('/');
}

/**
 * @param repository - with its registry: `ghcr.io/team/trainer`; what is no reference is below nothing
 * @returns whether it is one of these registries or repositories, or below one
 */
export function isBelowRegistry(repository: string, registries: readonly string[]): boolean {
  const reference = parseImageReference(repository);
  if ('problem' in reference) return false;
  const full = `${reference.registry}/${reference.path}`;
  return registries.map(registryBase).some((base) => isBelow(full, base));
}

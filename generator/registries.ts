import { normaliseRepository, parseImageReference } from '../schema/index.js';
import { isBelow } from './contexts/paths.js';

/** A registry's address in full: a bare profile of Docker Hub is spelt out. */
export function registryBase(registryUri: string): string {
  const name = '/any-name';
  return registryUri === 'docker.io'
    ? registryUri
    : normaliseRepository(registryUri, name.slice(1)).slice(0, -name.length);
}

/**
 * @param repository with its registry: `ghcr.io/team/trainer`; what is no reference is below nothing
 * @returns whether it is one of these registries or repositories, or below one
 */
export function isBelowRegistry(repository: string, registries: readonly string[]): boolean {
  const reference = parseImageReference(repository);
  if ('problem' in reference) return false;
  const full = `${reference.registry}/${reference.path}`;
  return registries.map(registryBase).some((base) => isBelow(full, base));
}

import type { ImageRegistries } from '../../generator/ports.js';
import { registryBase } from '../../generator/project/registries.js';
import { canonicalHost } from '../../schema/image-reference.js';
import type { Settings } from '../../schema/index.js';
import { dockerLogins } from './docker-config.js';
import { imageRegistries } from './registries.js';

/** In whose name registries are asked. */
export interface RegistryUser {
  /** Ends all requests. */
  readonly signal: AbortSignal;
  /** Environment of the programs that know logins. */
  readonly env: Readonly<Record<string, string | undefined>>;
}

/** The registries as a person's own programs ask them: with the logins of the settings, else Docker's. */
export function personalRegistries({ registry }: Settings, { signal, env }: RegistryUser): ImageRegistries {
  return imageRegistries({
    logins: dockerLogins(registry.credentials_file, { env }),
    mirrors: registry.mirrors,
    signal,
  });
}

/**
 * The registries as a server asks them: Dockerfiles name hosts, and it asks only those of its settings. It has no logins
 * but those of the settings.
 */
export function serverRegistries(settings: Settings, { signal, env }: RegistryUser): ImageRegistries {
  const { credentials_file: file, mirrors } = settings.registry;
  return imageRegistries({
    ...(file !== undefined && { logins: dockerLogins(file, { env }) }),
    mirrors,
    allowedHosts: allowedHosts(settings),
    signal,
  });
}

/** @returns whether a host is one of the settings': of their list, of their registries, or of their mirrors */
export function allowedHosts({ registry, registries }: Settings): (host: string) => boolean {
  const own = registries.map((base) => registryBase(base).split('/')[0] ?? '');
  const exact = new Set([...own, ...registry.hosts].map(canonicalLower));
  const endings = registry.hosts.flatMap((host) =>
    host.startsWith('*.') ? [host.slice(1).toLowerCase()] : [],
  );
  return (host) => {
    const asked = canonicalLower(host);
    return exact.has(asked) || endings.some((ending) => asked.endsWith(ending));
  };
}

/** Hosts do not tell upper from lower case. */
function canonicalLower(host: string): string {
  return canonicalHost(host.toLowerCase());
}

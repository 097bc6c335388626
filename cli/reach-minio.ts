import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';

import type { ClusterClient } from '../argo/client/client.js';
import type { Project } from '../generator/project/project.js';
import { ServiceError } from '../schema/errors.js';
import type { MinioAccess } from '../stores/credentials.js';
import type { Io } from './io.js';

/** How this machine reaches MinIO. */
export interface ReachedMinio {
  readonly access: MinioAccess;
  /** For people, where a port is forwarded: the address that is meant. */
  readonly forwarded?: string;
  /** What went wrong, told with the address that is meant rather than with the forwarded port's. */
  readonly explain: (error: unknown) => unknown;
  readonly close: () => Promise<void>;
}

/** What {@link reachMinio} depends on. */
export interface MinioPlace {
  readonly config?: Project['config'];
  readonly settings: Project['settings'];
  /** Its address, as pods reach it. */
  readonly endpoint: string;
  /** Where the workflow runs: its Secret may be readable when MinIO's own is not. */
  readonly namespace: string;
  /** The cluster, where there is one. */
  readonly cluster: () => Promise<ClusterClient | undefined>;
}

/**
 * Reaches MinIO: at `KFOPS_MINIO_ENDPOINT` if it is set; else at its address in the configuration or the settings,
 * through a port forwarded by the Kubernetes API where that is the name of a Service. The keys are then read from
 * MinIO's Secret, unless they are set.
 *
 * @throws ConfigError that names each variable to set
 * @throws ServiceError when the cluster refuses or has no such Service
 */
export async function reachMinio(io: Io, place: MinioPlace): Promise<ReachedMinio> {
  const { minioAccess } = await import('../stores/credentials.js');
  const { minio } = place.settings;
  const inline = place.config?.value.image_builder?.minio.credentials;
  const sources = {
    env: io.env,
    ...(inline && { inline }),
    settings: { ...minio, endpoint: place.endpoint },
    readFile: (path: string) => readable(resolve(io.cwd, path)),
  };
  const direct = (): ReachedMinio => ({
    access: minioAccess(sources),
    explain: (error) => error,
    close: () => Promise.resolve(),
  });
  const service = await clusterService(io, place.endpoint);
  if (service === undefined) return direct();
  const client = await place.cluster();
  if (client === undefined) return direct();

  const { forwardStore, readStoreKeys } = await import('../argo/network/reach-store.js');
  const port = await forwardStore(client, service.endpoint);
  if (port === undefined) return direct();
  try {
    const keys = keysKnown(io.env, inline)
      ? undefined
      : await readStoreKeys(client, [service.namespace, place.namespace], minio.secret);
    const scheme = (service.secure ?? minio.secure) ? 'https' : 'http';
    const forwarded = `${scheme}://${service.endpoint}`;
    return {
      access: minioAccess({
        ...sources,
        env: { ...io.env, KFOPS_MINIO_ENDPOINT: `${scheme}://${port.endpoint}` },
        ...(keys && { inline: { access_key: keys.accessKey, secret_key: keys.secretKey } }),
      }),
      forwarded,
      explain: (error) =>
        error instanceof ServiceError
          ? (port.failure() ?? atItsAddress(error, `${forwarded} (through the Kubernetes API)`))
          : error,
      close: () => port.close(),
    };
  } catch (error) {
    await port.close();
    throw error;
  }
}

/** The Service to which a port would be forwarded for an address, if any. */
export async function forwardedService(io: Io, address: string, client: ClusterClient) {
  return client.inCluster ? undefined : clusterService(io, address);
}

/** The Service that an address names, where `KFOPS_MINIO_ENDPOINT` does not go first. */
export async function clusterService(io: Io, address: string) {
  if (io.env.KFOPS_MINIO_ENDPOINT) return undefined;
  const [{ parseEndpoint }, { parseServiceName }] = await Promise.all([
    import('../stores/endpoint.js'),
    import('../argo/network/service-name.js'),
  ]);
  const parsed = parseEndpoint(address.trim());
  const name = parsed && parseServiceName(parsed.endpoint);
  return parsed && name && { ...name, ...parsed };
}

/**
 * Whether keys of the object store are given. One of them counts: its missing partner is an error, and must not come from
 * another place.
 */
export function keysKnown(
  env: Io['env'],
  inline?: { readonly access_key?: string | null; readonly secret_key?: string | null },
): boolean {
  const set = ['KFOPS_MINIO_ACCESS_KEY', 'KFOPS_MINIO_SECRET_KEY'].some(
    (name) => Boolean(env[name]) || Boolean(env[`${name}_FILE`]),
  );
  return set || Boolean(inline?.access_key && inline.secret_key);
}

function atItsAddress(error: ServiceError, address: string): ServiceError {
  return new ServiceError(error.service, address, error.problem, error.nextStep, { cause: error });
}

function readable(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
}

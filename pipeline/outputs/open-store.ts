import type { KfpClient } from '../kfp.js';
import { artifactApi } from './artifact-api.js';
import type { OutputsStore, StoreOptions } from './ports.js';

/** The setting `kfp.outputs` for Kubeflow's own API. */
const API = 'api';
const ADDRESS = /^(grpcs?):\/\/([^/\s]+)$/;

/**
 * Opens what the setting `kfp.outputs` names.
 *
 * @param from - `grpc://host:port`, `grpcs://host:port` or `api`
 * @returns undefined where it names nothing
 */
export async function openStore(
  from: string,
  client: KfpClient,
  options: StoreOptions,
): Promise<OutputsStore | undefined> {
  if (from === API) return artifactApi(client);
  const [, scheme, host] = ADDRESS.exec(from) ?? [];
  if (host === undefined) return undefined;
  // Loading gRPC takes a tenth of a second, which other steps don't need.
  const { metadataStore } = await import('./metadata-store.js');
  return metadataStore({ host, secure: scheme === 'grpcs' }, options);
}

import type { ApiCall, ClusterClient } from '../client/client.js';
import { KubernetesError } from '../client/errors.js';

/** @returns undefined where it cannot be read or is not there: then less is known, and nothing is wrong */
export async function readOrNothing<T extends object>(
  client: ClusterClient,
  call: ApiCall,
): Promise<T | undefined> {
  const found = await readable<T>(client, call);
  return typeof found === 'object' ? found : undefined;
}

/**
 * What a call returns, or why it returns nothing: `hidden` without permission, `absent` for other refusals.
 *
 * @throws ServiceError when the cluster does not answer
 */
export async function readable<T extends object>(
  client: ClusterClient,
  call: ApiCall,
): Promise<T | 'hidden' | 'absent'> {
  try {
    return await client.call<T>(call);
  } catch (error) {
    if (error instanceof KubernetesError) return error.status === 403 ? 'hidden' : 'absent';
    throw error;
  }
}

import { isAllowed, type ResourceAttributes } from '../client/access.js';
import type { ClusterClient } from '../client/client.js';
import { persist } from '../client/patience.js';
import { type KubernetesObject, objectPath } from './apply.js';

/** What applying an object takes. */
const VERBS = ['get', 'create', 'patch'] as const;

/** A right that the caller lacks: `create roles.rbac.authorization.k8s.io in kfops`. */
export type MissingRight = string;

/**
 * Asks the cluster which rights for applying these objects the caller lacks.
 *
 * @throws KubernetesError when the cluster does not answer
 */
export async function missingRights(
  client: ClusterClient,
  objects: readonly KubernetesObject[],
): Promise<readonly MissingRight[]> {
  const asked = new Map<string, ResourceAttributes>();
  for (const object of objects) {
    const { group, resource } = resourceOf(object);
    const { namespace } = object.metadata;
    for (const verb of VERBS) {
      const where = namespace === undefined ? '' : ` in ${namespace}`;
      const text = `${verb} ${resource}${group === '' ? '' : `.${group}`}${where}`;
      asked.set(text, { verb, group, resource, ...(namespace !== undefined && { namespace }) });
    }
  }
  const answers = await Promise.all(
    [...asked].map(async ([text, right]) =>
      (await persist(() => isAllowed(client, right), client.patience)) ? [] : [text],
    ),
  );
  return answers.flat();
}

function resourceOf(object: KubernetesObject): { readonly group: string; readonly resource: string } {
  const [group = '', version] = object.apiVersion.split('/');
  const resource = objectPath(object).split('/').at(-2) ?? '';
  return { group: version === undefined ? '' : group, resource };
}

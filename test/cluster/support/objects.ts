import { parseAllDocuments } from 'yaml';

import { KubernetesError } from '../../../argo/client/errors.js';
import { type KubernetesObject, named, objectPath } from '../../../argo/objects/apply.js';
import { admin } from './build.js';

/** The objects of a manifest. */
export function objectsIn(manifest: string): readonly KubernetesObject[] {
  return parseAllDocuments(manifest, { version: '1.1' }).map(
    (document) => document.toJS() as KubernetesObject,
  );
}

/** What the admin's `kubectl apply --server-side` does. */
export async function applyAll(objects: readonly KubernetesObject[]): Promise<void> {
  for (const object of objects) {
    await admin.call({
      what: `applying ${named(object)}`,
      method: 'PATCH',
      path: objectPath(object),
      query: { fieldManager: 'kfops-test', force: true },
      contentType: 'application/apply-patch+yaml',
      body: object,
    });
  }
}

/** Deletes what is there of these objects. */
export async function deleteAll(objects: readonly KubernetesObject[]): Promise<void> {
  for (const object of objects) {
    try {
      await admin.call({ what: `deleting ${named(object)}`, method: 'DELETE', path: objectPath(object) });
    } catch (error) {
      if (!(error instanceof KubernetesError) || error.status !== 404) throw error;
    }
  }
}

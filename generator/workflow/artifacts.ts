import { contextObjectKey } from '../contexts/manifest.js';
import type { PlannedObjectStore } from '../plan/plan-types.js';
import type { OutputArtifact, S3Artifact } from './types.js';

/**
 * An archive of the object store, named by the parameter `name`, as a file: left to itself, Argo would unpack it and
 * rename a lone file.
 */
export function contextArtifact(store: PlannedObjectStore, name: string, path: string): S3Artifact {
  return fileArtifact(store, name, path, contextObjectKey(`{{inputs.parameters.${name}}}`));
}

/** A file that a step leaves in the object store, where there is one; each workflow has a folder of its own. */
export function outputArtifact(store: PlannedObjectStore, name: string, path: string): OutputArtifact {
  return { ...fileArtifact(store, name, path, outputKey(path)), optional: true };
}

/**
 * A file that a step before has left in the object store. It is named by its key, which is known beforehand: a
 * reference to the output would take the key that the step's pod reports.
 */
export function leftArtifact(
  store: PlannedObjectStore,
  name: string,
  path: string,
  left: string,
): S3Artifact {
  return fileArtifact(store, name, path, outputKey(left));
}

function outputKey(path: string): string {
  return `runs/{{workflow.uid}}/${path.slice(path.lastIndexOf('/') + 1)}`;
}

function fileArtifact(
  { endpoint, secure, region, bucket, secret }: PlannedObjectStore,
  name: string,
  path: string,
  key: string,
): S3Artifact {
  return {
    name,
    path,
    archive: { none: {} },
    s3: {
      endpoint,
      insecure: !secure,
      bucket,
      ...(region !== undefined && { region }),
      key,
      accessKeySecret: { name: secret.name, key: secret.accessKey },
      secretKeySecret: { name: secret.name, key: secret.secretKey },
    },
  };
}

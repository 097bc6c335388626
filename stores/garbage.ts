import type { StoredObject } from './minio-clean.js';

/** What of the bucket the workflows in the cluster use. */
export interface ObjectsInUse {
  /** Uids of the workflows. */
  readonly workflows: ReadonlySet<string>;
  /** Keys of the contexts that they name, 64 hexadecimal digits each. */
  readonly contexts: ReadonlySet<string>;
}

/** What Kfops stores: build contexts, and the files of the steps of a workflow, such as the compiled pipeline. */
export type ObjectKind = 'contexts' | 'pipelines';

/** The objects of one kind. */
export interface Sorted {
  /** Old enough, and used by no workflow. */
  readonly unused: readonly StoredObject[];
  readonly kept: readonly StoredObject[];
}

/** Where the objects of each kind are: all keys that Kfops writes begin so. */
export const PREFIXES: Readonly<Record<ObjectKind, string>> = { contexts: 'ctx/', pipelines: 'runs/' };

const CONTEXT = /^ctx\/([0-9a-f]{64})\.tar\.gz$/;
const OUTPUT =
  /^runs\/([0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12})\/(?:compiled\.yaml|pipeline\.yaml|error\.json)$/;

/**
 * Sorts objects into those that can be deleted and those that are kept. Objects with keys that Kfops doesn't write are
 * in neither. Pure.
 *
 * @param before - objects that were stored at this moment or later are kept
 */
export function sortObjects(
  kind: ObjectKind,
  objects: readonly StoredObject[],
  used: ObjectsInUse,
  before: Date,
): Sorted {
  const [pattern, names] =
    kind === 'contexts' ? ([CONTEXT, used.contexts] as const) : ([OUTPUT, used.workflows] as const);
  const unused: StoredObject[] = [];
  const kept: StoredObject[] = [];
  for (const object of objects) {
    const name = pattern.exec(object.key)?.[1];
    if (name === undefined) continue;
    (object.modified < before && !names.has(name) ? unused : kept).push(object);
  }
  return { unused, kept };
}

import { ANNOTATIONS } from '../../generator/workflow/names.js';
import { isCommit } from '../../schema/commit.js';
import type { ObservedWorkflow } from './observed.js';

/** What is known of a reused image. */
export interface ReusedImage {
  /** Full id of the commit that it was built from. */
  readonly revision?: string;
}

/** All annotations of an object together have at most 256 KiB. */
const LONGEST_ANNOTATION = 262_144;

/**
 * Which images of a workflow needed no build, by name and digest. A workflow is given the digests of those images, and in a
 * retry also of the images that were built before: the annotation says which is which. It may have been changed by
 * hand, so what is not as Kfops writes it is ignored.
 */
export function reusedImages({
  metadata,
}: ObservedWorkflow): (name: string, digest: string) => ReusedImage | undefined {
  const annotations = metadata.annotations ?? {};
  const told = parse(annotations[ANNOTATIONS.reused] ?? '');
  const isRetry = annotations[ANNOTATIONS.retryOf] !== undefined;
  return (name, digest) => {
    const entry = told.get(name);
    // The annotation of a workflow with very many images is left out.
    if (!isObject(entry)) return isRetry ? undefined : {};
    if (entry.digest !== digest) return undefined;
    const { revision } = entry;
    return typeof revision === 'string' && isCommit(revision) ? { revision } : {};
  };
}

function parse(json: string): ReadonlyMap<string, unknown> {
  if (json === '' || json.length > LONGEST_ANNOTATION) return new Map();
  try {
    const value: unknown = JSON.parse(json);
    return new Map(isObject(value) ? Object.entries(value) : []);
  } catch {
    return new Map();
  }
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}

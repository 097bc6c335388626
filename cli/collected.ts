import type { ObjectKind, Sorted } from '../stores/garbage.js';

/** What a collection found and did. */
export interface Collected {
  /** `http://host:port/bucket` */
  readonly bucket: string;
  readonly namespaces: readonly string[];
  /** Days. */
  readonly olderThan: number;
  readonly found: Readonly<Record<ObjectKind, Sorted>>;
  /** How many objects were deleted; undefined if that wasn't asked for. */
  readonly deleted?: number;
}

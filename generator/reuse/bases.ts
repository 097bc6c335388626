import type { ImageUse } from '../dockerfile/dockerfile.js';

/** A reference of a Dockerfile, and what it means here. */
export interface Base {
  readonly use: ImageUse;
  /**
   * Index of the image of the configuration that it names; absent: an image from elsewhere, or a use behind the target,
   * which stays as written.
   */
  readonly image?: number;
}

/** What one image is based on. */
export interface ImageBases {
  /** In the order of the Dockerfile; empty where nothing could be read. */
  readonly bases: readonly Base[];
  /** What it is based on is unknown: its Dockerfile could not be read, or has no stage with the target's name. */
  readonly isUnknown: boolean;
}

/** Each image of the configuration that the build needs, once, in the order of the Dockerfile: all are built before. */
export function insideOf({ bases }: ImageBases): readonly number[] {
  return [...new Set(bases.flatMap(({ image }) => (image === undefined ? [] : [image])))];
}

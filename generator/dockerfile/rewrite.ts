import type { ImageUse } from './dockerfile.js';

/** A use of an image, and the image that is used instead. */
export interface Replacement {
  readonly use: ImageUse;
  readonly reference: string;
}

/**
 * Replaces names of images in a Dockerfile, and nothing else. A variable in `FROM` is replaced itself, so that it holds
 * whatever the arguments say.
 *
 * @param text - the Dockerfile in which the uses were found
 */
export function rewriteImages(text: string, replacements: readonly Replacement[]): string {
  const inOrder = [...replacements].sort((a, b) => a.use.start - b.use.start);
  let result = '';
  let copied = 0;
  for (const { use, reference } of inOrder) {
    result += text.slice(copied, use.start) + reference;
    copied = use.end;
  }
  return result + text.slice(copied);
}

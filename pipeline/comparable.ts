import { parseAllDocuments, stringify } from 'yaml';

import { WorkError } from '../schema/errors.js';
import { imagesIn } from './image-nodes.js';

/** A compiled pipeline as it is compared with another one. */
export interface ComparablePipeline {
  /** Its IR with sorted keys, code in lines of its own, and `sha256:…` in place of each digest. */
  readonly lines: readonly string[];
  /** The digests of the pinned images, by the image without its digest. */
  readonly digests: ReadonlyMap<string, string>;
}

/** Every value as text; the same for both pipelines. */
const AS_TEXT = { schema: 'failsafe', logLevel: 'silent' } as const;
const DIGEST = /sha256:[0-9a-f]{64}/g;

/**
 * Makes lines of a compiled pipeline, of which each says one thing.
 *
 * @throws WorkError where it is not a compiled pipeline
 */
export function comparablePipeline(compiled: string): ComparablePipeline {
  const digests = new Map<string, string>();
  for (const { node } of imagesIn(compiled)) {
    const [image = '', digest] = node.value.split('@', 2);
    if (digest !== undefined) digests.set(image, digest);
  }
  const texts = parseAllDocuments(compiled, AS_TEXT).map((document) =>
    stringify(plainValue(document), {
      ...AS_TEXT,
      lineWidth: 0,
      sortMapEntries: true,
      aliasDuplicateObjects: false,
      blockQuote: 'literal',
    }),
  );
  const lines = texts.join('---\n').replace(DIGEST, 'sha256:…').trimEnd().split('\n');
  return { lines, digests };
}

/** kfp writes no aliases, and those of others could make much of little. */
function plainValue(document: ReturnType<typeof parseAllDocuments>[number]): unknown {
  try {
    return document.toJS({ maxAliasCount: 0 });
  } catch (cause) {
    throw new WorkError('the compiled pipeline cannot be read', 'Compile it with KFP 2.', { cause });
  }
}

import { createHash } from 'node:crypto';

import type { ContextEntry } from './context.js';

/** First bytes of every manifest. A change of the format or of what is delivered for it needs another number. */
const MANIFEST_VERSION = 'kfops-context 1';

/**
 * The key of a context: SHA-256 (hex) of its manifest.
 *
 * The manifest is `kfops-context 1`, a NUL, and for each entry `<mode> <blob id>`, a tab, the path, a NUL (as
 * `git ls-tree -z` writes it, without the type). Mode and blob id have a fixed alphabet and a path holds no NUL, so
 * two different lists never give the same bytes. Paths are UTF-8, entries in the byte order of their paths.
 *
 * @param entries - sorted by path in byte order
 */
export function contextKey(entries: readonly Pick<ContextEntry, 'path' | 'mode' | 'blob'>[]): string {
  const hash = createHash('sha256').update(`${MANIFEST_VERSION}\0`);
  let batch = '';
  for (const { path, mode, blob } of entries) {
    batch += `${mode} ${blob}\t${path}\0`;
    if (batch.length > 65536) {
      hash.update(batch);
      batch = '';
    }
  }
  return hash.update(batch).digest('hex');
}

/** Where the archive of a context is kept, in a bucket or a folder. */
export function contextObjectKey(key: string): string {
  return `ctx/${key}.tar.gz`;
}

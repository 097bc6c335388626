import { blobId, formatOf } from '../../common/git-blob.js';
import type { Context } from './context.js';
import { contextKey, contextObjectKey } from './manifest.js';

/**
 * A context with another content in one of its files. Its key is that of a repository which has the file so.
 *
 * @param path - of a file that the context has
 */
export function withContent(context: Context, path: string, content: Buffer): Context {
  let grown = 0;
  const entries = context.entries.map((entry) => {
    if (entry.path !== path) return entry;
    grown += content.length - entry.size;
    return { ...entry, blob: blobId(formatOf(entry.blob), content), size: content.length, content };
  });
  const key = contextKey(entries);
  return { key, objectKey: contextObjectKey(key), entries, bytes: context.bytes + grown };
}

import { closeSync } from 'node:fs';

import { ancestors } from '../generator/contexts/paths.js';
import { ConfigError } from '../schema/diagnostic.js';
import { lookAt } from './file-status.js';
import { changed, openInside, readSome } from './open-inside.js';

/** The largest text that a source reads at once. */
export const TEXT_BYTES = 1024 * 1024;

/** A text file that cannot be used. */
function textRefused(path: string, reason: string, hint: string): ConfigError {
  const message = `\`${path}\` ${reason}`;
  return new ConfigError([{ code: 'FILE_UNREADABLE', severity: 'error', message, file: path, hint }]);
}

/** @throws ConfigError when it is not a regular file of at most 1 MiB */
export function checkText(
  path: string,
  { mode, size }: { readonly mode: string; readonly size: number },
): void {
  if (mode === '120000')
    throw textRefused(path, 'is a symbolic link', 'put the file itself there: links are not followed');
  if (size > TEXT_BYTES) throw textRefused(path, 'is larger than 1 MiB', 'make it smaller');
}

/**
 * A small text file on disk.
 *
 * @param root - a real path
 * @returns undefined when there is none, or only below a symbolic link
 * @throws ConfigError for what is no regular file, and for a large one
 */
export async function readText(root: string, path: string): Promise<string | undefined> {
  if ([...ancestors(path)].some((above) => lookAt(root, above)?.isDirectory() !== true)) return undefined;
  const there = lookAt(root, path);
  if (there === undefined || there.isDirectory()) return undefined;
  if (there.isSymbolicLink()) checkText(path, { mode: '120000', size: 0 });
  if (!there.isFile()) throw textRefused(path, 'is not a regular file', 'put a file there');
  checkText(path, { mode: '100644', size: there.size });
  const file = await openInside(root, path);
  try {
    const buffer = Buffer.allocUnsafe(there.size + 1);
    const length = await readSome(file, buffer);
    if (length !== there.size) throw changed(path);
    return buffer.toString('utf8', 0, length);
  } finally {
    closeSync(file.fd);
  }
}

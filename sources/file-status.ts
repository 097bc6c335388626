import { lstatSync, readdirSync, type Dirent, type Stats } from 'node:fs';
import { opendir } from 'node:fs/promises';
import { join } from 'node:path';

import { parentPath } from '../generator/contexts/paths.js';
import type { SourceProblem } from '../generator/ports.js';
import { unreadable } from './open-inside.js';

/**
 * What is at a path below a folder, links not followed; undefined where nothing is.
 *
 * @throws WorkError when the folder it is in lets nobody look
 */
export function lookAt(root: string, path: string): Stats | undefined {
  try {
    return lstatSync(join(root, path), { throwIfNoEntry: false });
  } catch (cause) {
    // A file is on the way to it, which `throwIfNoEntry` does not cover.
    if ((cause as NodeJS.ErrnoException).code === 'ENOTDIR') return undefined;
    throw unreadable(parentPath(path), cause, 'the folder ');
  }
}

/**
 * What a folder holds.
 *
 * @throws WorkError when it cannot be read
 */
export function entriesOf(root: string, path: string): Dirent[] {
  try {
    return readdirSync(join(root, path), { withFileTypes: true });
  } catch (cause) {
    throw unreadable(path, cause, 'the folder ');
  }
}

/**
 * As {@link entriesOf}, one after another and with names as bytes.
 *
 * @throws WorkError when it cannot be read
 */
export async function* rawEntriesOf(root: string, path: string): AsyncGenerator<Dirent<Buffer>> {
  try {
    // The declaration knows no names as bytes; Node does.
    const options = { encoding: 'buffer' as BufferEncoding, bufferSize: 512 };
    for await (const entry of await opendir(join(root, path), options)) {
      yield entry as unknown as Dirent<Buffer>;
    }
  } catch (cause) {
    throw unreadable(path, cause, 'the folder ');
  }
}

/** Whether it is neither a file nor a folder nor a link. */
export function isSpecial(entry: Dirent): boolean {
  return entry.isFIFO() || entry.isSocket() || entry.isCharacterDevice() || entry.isBlockDevice();
}

/** What is wrong with something {@link isSpecial | special}. */
export function kindProblem(path: string, there: Stats): SourceProblem {
  const kind = there.isFIFO() ? 'a FIFO' : there.isSocket() ? 'a socket' : 'a device';
  const hint =
    'a context has files, folders and symbolic links only: remove it, or leave it out by the `.dockerignore`';
  return { code: 'FILE_KIND', message: `\`${path}\` is ${kind}`, hint };
}

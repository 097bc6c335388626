import { lstatSync, readdirSync, type Dirent, type Stats } from 'node:fs';
import { opendir } from 'node:fs/promises';
import { join } from 'node:path';

import { parentPath } from '../generator/contexts/paths.js';
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

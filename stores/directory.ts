import { randomBytes } from 'node:crypto';
import { open as openFile, rename, rm, stat } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';

import type { ContextStore } from '../generator/ports.js';
import { WorkError } from '../schema/errors.js';
import { diskProblem } from './disk-errors.js';
import { makeFolder } from './make-folder.js';
import { objectKeySegments } from './object-key.js';

/**
 * Keeps each object as a file below a folder: `ctx/<key>.tar.gz` becomes `<folder>/ctx/<key>.tar.gz`.
 * The folder is made when the first object is stored. Its methods throw WorkError, as the disk is on this side.
 */
export function directoryStore(folder: string): ContextStore {
  const root = resolve(folder);
  const fileOf = (objectKey: string): string => join(root, ...objectKeySegments(objectKey));

  async function has(objectKey: string): Promise<boolean> {
    const file = fileOf(objectKey);
    try {
      return (await stat(file)).isFile();
    } catch (error) {
      if (errorCode(error) === 'ENOENT') return false;
      throw cannot('read', file, error);
    }
  }

  return {
    has,
    describe: () => root,
    async put(objectKey, open) {
      if (await has(objectKey)) return;
      const file = fileOf(objectKey);
      // Written next to its place and renamed: a reader sees the whole file or none.
      const partial = join(dirname(file), `.${basename(file)}.${randomBytes(6).toString('hex')}.partial`);
      const onDisk = <T>(work: Promise<T>): Promise<T> =>
        work.catch((error: unknown) => {
          throw cannot('write', file, error);
        });
      try {
        await onDisk(makeFolder(dirname(file)));
        const handle = await onDisk(openFile(partial, 'wx'));
        try {
          // What the content itself throws is not about the disk, and passes as it is.
          for await (const data of open() as AsyncIterable<Buffer>) await onDisk(handle.writeFile(data));
        } finally {
          await onDisk(handle.close());
        }
        await onDisk(rename(partial, file));
      } catch (error) {
        await rm(partial, { force: true }).catch(() => undefined);
        throw error;
      }
    },
  };
}

function cannot(verb: 'read' | 'write', file: string, error: unknown): WorkError {
  const { why, nextStep } = diskProblem(error);
  return new WorkError(`Cannot ${verb} ${file}: ${why}.`, nextStep, { cause: error });
}

function errorCode(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined;
}

import { lstat, readlink, realpath } from 'node:fs/promises';
import { basename, dirname, isAbsolute, join } from 'node:path';

import { ConfigError } from '../../schema/diagnostic.js';

/** Where output goes: a file that is made or replaced, or what takes bytes as they come. */
export type Target =
  | {
      readonly kind: 'file';
      /** Where it really is, behind symbolic links. */
      readonly path: string;
      /** Permissions of the file that is there; absent when there is none. */
      readonly mode?: number;
    }
  | { readonly kind: 'fifo' | 'stream'; readonly path: string }
  | { readonly kind: 'stdout' | 'stderr' };

/** As many as Linux follows. */
const LINKS = 40;

/** What a process has open: `/dev/stdout` and the shell's `>(…)` lead there. A link of this kind names no path. */
const DESCRIPTOR = /^\/(?:dev|proc\/(\d+)(?:\/task\/\d+)?)\/fd\/(\d+)$/;

/**
 * Looks at what a path names, and follows its symbolic links.
 *
 * @param path - absolute
 * @param name - as the user wrote it
 * @throws ConfigError when it is a folder
 */
export async function findTarget(path: string, name: string): Promise<Target> {
  let at = path;
  for (let links = 0; links <= LINKS; links++) {
    // A folder that is missing will be made where the path says.
    const folder = await realpath(dirname(at)).catch(() => dirname(at));
    at = join(folder, basename(at));
    const descriptor = DESCRIPTOR.exec(at);
    if (descriptor) return openedTarget(at, descriptor);
    const there = await lstat(at).catch(() => undefined);
    if (there === undefined) return { kind: 'file', path: at };
    if (there.isFile()) return { kind: 'file', path: at, mode: there.mode & 0o777 };
    if (there.isDirectory()) throw isFolder(name);
    if (!there.isSymbolicLink()) return { kind: there.isFIFO() ? 'fifo' : 'stream', path: at };
    const target = await readlink(at);
    // Not normalised: `..` behind a link to a folder leaves the folder that it leads to.
    at = isAbsolute(target) ? target : `${folder}/${target}`;
  }
  throw Object.assign(new Error('too many symbolic links'), { code: 'ELOOP' });
}

function openedTarget(path: string, [, pid, fd]: RegExpExecArray): Target {
  const own = pid === undefined || Number(pid) === process.pid;
  if (own && fd === '1') return { kind: 'stdout' };
  if (own && fd === '2') return { kind: 'stderr' };
  return { kind: 'stream', path };
}

/**
 * Looks at an output before any work is done.
 *
 * @param path - absolute
 * @param name - as the user wrote it
 * @returns whether it is stdout: a report about the output then goes elsewhere
 * @throws ConfigError when it is a folder
 */
export async function checkOutput(path: string, name: string): Promise<boolean> {
  if (name === '-') return true;
  if (name.endsWith('/')) throw isFolder(name);
  // Whatever else is wrong with the path shows when it is written.
  const target = await findTarget(path, name).catch((error: unknown) => {
    if (error instanceof ConfigError) throw error;
  });
  return target?.kind === 'stdout';
}

function isFolder(name: string): ConfigError {
  return new ConfigError([
    {
      code: 'WRONG_VALUE',
      severity: 'error',
      message: `\`${name}\` is a folder`,
      file: '-o',
      hint: `name a file, such as ${join(name, 'FILE')}`,
    },
  ]);
}

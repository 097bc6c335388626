import { randomBytes } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { mkdir, rename, rm } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';

import { WorkError } from '../../schema/errors.js';
import type { Io } from '../io.js';

/**
 * Writes to a file, or to stdout where its name is `-`. A file appears whole or not at all: it is written beside its
 * place and renamed. Missing folders are made.
 *
 * @throws WorkError when it cannot be written
 */
export async function writeOutput(io: Io, file: string, content: string | Readable): Promise<void> {
  const stream = typeof content === 'string' ? Readable.from([Buffer.from(content)]) : content;
  if (file === '-') {
    await pipeline(stream, io.stdout, { end: false, signal: io.interrupted });
    return;
  }
  const work = writeFile(io, resolve(io.cwd, file), file, stream);
  io.pending.add(work);
  try {
    await work;
  } finally {
    io.pending.delete(work);
  }
}

async function writeFile(io: Io, path: string, name: string, content: Readable): Promise<void> {
  const partial = join(dirname(path), `.${basename(path)}.${randomBytes(6).toString('hex')}.partial`);
  const source = { failed: false };
  content.once('error', () => (source.failed = true));
  try {
    await mkdir(dirname(path), { recursive: true });
    await pipeline(content, createWriteStream(partial, { flags: 'wx' }), { signal: io.interrupted });
    await rename(partial, path);
  } catch (error) {
    content.destroy();
    await rm(partial, { force: true }).catch(() => undefined);
    if (source.failed || io.interrupted.aborted) throw error;
    throw cannotWrite(name, error);
  }
}

/** The error for a file that cannot be written, with the reason in words. */
export function cannotWrite(file: string, cause: unknown): WorkError {
  const code = (cause as NodeJS.ErrnoException).code ?? 'unknown error';
  const [why, nextStep] = REASONS[code] ?? [code, 'Choose another place for it.'];
  return new WorkError(`cannot write ${file}: ${why}`, nextStep, { cause });
}

const REASONS: Readonly<Record<string, readonly [why: string, nextStep: string]>> = {
  EACCES: ['permission denied', 'Choose a folder in which you may write.'],
  EPERM: ['permission denied', 'Choose a folder in which you may write.'],
  EROFS: ['the file system is read-only', 'Choose a folder in which you may write.'],
  ENOSPC: ['the disk is full', 'Free some space, or choose a folder on another disk.'],
  EISDIR: ['a folder is in its place', 'Name a file.'],
  ENOTDIR: ['a part of its path is a file, not a folder', 'Choose another place for it.'],
  EEXIST: ['a part of its path is a file, not a folder', 'Choose another place for it.'],
};

import { closeSync } from 'node:fs';
import { Readable } from 'node:stream';

import type { IdentifiedEntry, SourceEntry } from '../generator/ports.js';
import { blobHash, blobId, formatOf, type ObjectFormat } from '../common/git-blob.js';
import { changed, openInside, readLinkInside, readSome } from './open-inside.js';

/** Where a file's bytes are on disk. */
export interface ContentLocation {
  /** A real path. */
  readonly root: string;
  /** Below it. */
  readonly path: string;
}

/** Files up to this size are read in one piece, and ahead of time. */
const SMALL_BYTES = 256 * 1024;
/** How many files are read ahead at most, so at most `AHEAD * SMALL` bytes. */
const AHEAD = 32;
/** How many files are read at the same time to identify them. */
const AT_ONCE = 16;
/** The pieces of a large file. */
const PIECE_BYTES = 512 * 1024;

/**
 * Computes the git blob id of each entry's content on disk, in parallel.
 *
 * @returns the entries in their order, with the size that was read
 * @throws WorkError when one cannot be read
 */
export async function identifyFiles(
  entries: readonly SourceEntry[],
  placeOf: (entry: SourceEntry) => ContentLocation,
  format: ObjectFormat,
): Promise<IdentifiedEntry[]> {
  const identified: IdentifiedEntry[] = [];
  let next = 0;
  const work = async (): Promise<void> => {
    const buffer = Buffer.allocUnsafe(SMALL_BYTES);
    for (let i = next++; i < entries.length; i = next++) {
      const entry = entries[i];
      if (entry) identified[i] = { ...entry, ...(await identifyFile(entry, placeOf(entry), format, buffer)) };
    }
  };
  try {
    await Promise.all(Array.from({ length: Math.min(AT_ONCE, entries.length) }, work));
  } catch (error) {
    next = entries.length;
    throw error;
  }
  return identified;
}

async function identifyFile(
  entry: SourceEntry,
  { root, path }: ContentLocation,
  format: ObjectFormat,
  buffer: Buffer,
): Promise<{ blob: string; size: number }> {
  if (entry.mode === '120000') {
    const target = await readLinkInside(root, path);
    return { blob: blobId(format, target), size: target.length };
  }
  const file = await openInside(root, path);
  try {
    const hash = blobHash(format, file.size);
    let left = file.size;
    for (let length = buffer.length; length === buffer.length;) {
      length = await readSome(file, buffer);
      hash.update(buffer.subarray(0, length));
      left -= length;
    }
    if (left !== 0) throw changed(path);
    return { blob: hash.digest('hex'), size: file.size };
  } finally {
    closeSync(file.fd);
  }
}

/**
 * The contents of entries on disk, in order; small files are read ahead. Each is held against its blob id: a small one
 * before any of it is given away, a large one at its end.
 *
 * @throws WorkError when a file is no longer what was identified
 */
export async function* readFiles(
  entries: readonly IdentifiedEntry[],
  placeOf: (entry: IdentifiedEntry) => ContentLocation,
): AsyncGenerator<{ entry: IdentifiedEntry; content: Readable }> {
  const ahead: Promise<Buffer | undefined>[] = [];
  let next = 0;
  for (const entry of entries) {
    for (; ahead.length < AHEAD && next < entries.length; next++) {
      const later = entries[next];
      const small =
        later && later.size <= SMALL_BYTES ? readSmall(later, placeOf(later)) : Promise.resolve(undefined);
      small.catch(() => undefined);
      ahead.push(small);
    }
    const small = await ahead.shift();
    const content = small
      ? fromBuffer(small)
      : Readable.from(readLarge(entry, placeOf(entry)), { objectMode: false });
    yield { entry, content };
  }
}

function fromBuffer(buffer: Buffer): Readable {
  return new Readable({
    read() {
      if (buffer.length > 0) this.push(buffer);
      this.push(null);
    },
  });
}

async function readSmall(entry: IdentifiedEntry, { root, path }: ContentLocation): Promise<Buffer> {
  const content =
    entry.mode === '120000' ? await readLinkInside(root, path) : await readWhole(entry, root, path);
  if (content.length !== entry.size || blobId(formatOf(entry.blob), content) !== entry.blob)
    throw changed(path);
  return content;
}

async function readWhole(entry: IdentifiedEntry, root: string, path: string): Promise<Buffer> {
  const file = await openInside(root, path);
  try {
    // One byte more shows a file that has grown.
    const buffer = Buffer.allocUnsafe(entry.size + 1);
    return buffer.subarray(0, await readSome(file, buffer));
  } finally {
    closeSync(file.fd);
  }
}

async function* readLarge(entry: IdentifiedEntry, { root, path }: ContentLocation): AsyncGenerator<Buffer> {
  const file = await openInside(root, path);
  try {
    const hash = blobHash(formatOf(entry.blob), entry.size);
    let left = entry.size;
    for (let length = PIECE_BYTES; length === PIECE_BYTES;) {
      const buffer = Buffer.allocUnsafe(PIECE_BYTES);
      length = await readSome(file, buffer);
      left -= length;
      if (left < 0) throw changed(path);
      const piece = buffer.subarray(0, length);
      hash.update(piece);
      if (length > 0) yield piece;
    }
    if (left !== 0 || hash.digest('hex') !== entry.blob) throw changed(path);
  } finally {
    closeSync(file.fd);
  }
}

import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGzip, gzipSync } from 'node:zlib';

import { pack, type Pack } from 'tar-stream';

import type { ContextSource } from '../ports.js';
import type { Context, ContextEntry } from './context.js';

/** How an archive is made. */
export interface PackOptions {
  /** Of gzip, 1 (fast) to 9 (small). Default 6, as gzip's own. */
  readonly level?: number;
}

/** Bytes that are given to gzip at a time: each time costs a trip to another thread. */
const BATCH_BYTES = 256 * 1024;
/** Of an entry in addition to names and content: headers and padding, with a pax header for long names. */
const HEADER_BYTES = 4096;
const EPOCH = new Date(0);

/**
 * The archive of a context: a tar.gz with the entries in byte order, mtime 0, owner 0:0 without names, modes 644 and
 * 755 (777 for links, which have none). A pax header is written only for names that a ustar header cannot hold.
 * The same context gives the same bytes with the same version of Node.
 *
 * There are no entries for folders: those that file names imply are made with mode 755 by whatever unpacks it (Argo,
 * Kaniko, Docker, tar), which is what one would say of them, as git keeps no modes of folders.
 *
 * Nothing is read before the stream is, no faster than it is, and never more than some small files at once.
 * Destroying the stream ends the reading.
 *
 * The stream fails with a WorkError when a file is no longer what its blob id says.
 */
export function packContext(
  source: ContextSource,
  context: Context,
  { level = 6 }: PackOptions = {},
): Readable {
  if (isSmall(context)) return Readable.from(smallArchive(source, context, level), { objectMode: false });
  const gzip = createGzip({ level, chunkSize: BATCH_BYTES });
  // The reason of a failure reaches the reader through gzip, which the pipeline destroys with it.
  pipeline(
    Readable.from(tarBatches(source, context), { objectMode: false, highWaterMark: 2 * BATCH_BYTES }),
    gzip,
  ).catch(() => undefined);
  return gzip;
}

/** Whether it certainly is one batch: to set up a stream for gzip would cost more than its bytes. */
function isSmall({ entries }: Context): boolean {
  // A character has at most three bytes for each of its units.
  const most = entries.reduce((sum, { path, size }) => sum + HEADER_BYTES + 3 * path.length + size, 1024);
  return most < BATCH_BYTES;
}

async function* smallArchive(source: ContextSource, context: Context, level: number): AsyncGenerator<Buffer> {
  for await (const tar of tarBatches(source, context)) yield gzipSync(tar, { level });
}

async function* tarBatches(source: ContextSource, context: Context): AsyncGenerator<Buffer> {
  const tar = pack();
  const filled = fill(tar, source, context).then(
    () => {
      tar.finalize();
    },
    (error: unknown) => {
      tar.destroy(error as Error);
    },
  );
  try {
    let batch: Buffer[] = [];
    let size = 0;
    for await (const chunk of tar as AsyncIterable<Buffer>) {
      batch.push(chunk);
      size += chunk.length;
      if (size < BATCH_BYTES) continue;
      yield Buffer.concat(batch, size);
      batch = [];
      size = 0;
    }
    if (size > 0) yield Buffer.concat(batch, size);
  } finally {
    tar.destroy();
    await filled;
  }
}

async function fill(tar: Pack, source: ContextSource, { entries }: Context): Promise<void> {
  const own = entries.filter(({ content }) => content === undefined);
  let next = 0;
  const writeOwn = async (until: ContextEntry | undefined): Promise<void> => {
    for (; next < entries.length && entries[next] !== until; next++) {
      const entry = entries[next];
      if (entry?.content) await writeFile(tar, entry, Readable.from([entry.content]));
    }
    next++;
  };
  let i = 0;
  for await (const { content } of source.read(own.map((entry) => entry.source))) {
    const entry = own[i++];
    if (entry === undefined) return;
    await writeOwn(entry);
    if (entry.mode === '120000') await writeLink(tar, entry, content);
    else await writeFile(tar, entry, content);
  }
  await writeOwn(undefined);
}

function header({ path, mode, size }: ContextEntry) {
  const executable = mode === '100755';
  return { name: path, mode: executable ? 0o755 : 0o644, size, mtime: EPOCH, uid: 0, gid: 0 };
}

async function writeLink(tar: Pack, entry: ContextEntry, content: Readable): Promise<void> {
  const chunks: Buffer[] = [];
  for await (const chunk of content) chunks.push(chunk as Buffer);
  const linkname = Buffer.concat(chunks).toString('utf8');
  await new Promise<void>((resolve, reject) => {
    tar.entry({ ...header(entry), mode: 0o777, size: 0, type: 'symlink', linkname }, (error) => {
      if (error) reject(error);
      else resolve();
    });
  });
}

async function writeFile(tar: Pack, entry: ContextEntry, content: Readable): Promise<void> {
  // A source gives a small file in one piece, which is there at once; a pipe would cost more than its bytes.
  const piece = content.read() as Buffer | null;
  await new Promise<void>((resolve, reject) => {
    const done = (error?: Error | null): void => {
      if (error) reject(error);
      else resolve();
    };
    if (piece?.length === entry.size) {
      tar.entry({ ...header(entry), type: 'file' }, piece, done);
      content.resume();
      return;
    }
    if (piece) content.unshift(piece);
    content.on('error', reject);
    content.pipe(tar.entry({ ...header(entry), type: 'file' }, done));
  });
}

import type { Readable } from 'node:stream';

/**
 * Cuts a stream into pieces of exactly `bytes` bytes, the last one shorter; nothing for an empty stream.
 *
 * Two buffers take turns, which keeps memory flat where new ones would wait for the garbage collector:
 * a piece may be in use while the next one is read, and no longer.
 */
export async function* chunks(content: Readable, bytes: number): AsyncGenerator<Buffer, void> {
  let piece: Buffer = Buffer.allocUnsafeSlow(bytes);
  let other: Buffer | undefined;
  let filled = 0;
  for await (const data of content as AsyncIterable<Buffer>) {
    for (let taken = 0; taken < data.length;) {
      const copied = data.copy(piece, filled, taken);
      taken += copied;
      filled += copied;
      if (filled === bytes) {
        yield piece;
        [piece, other] = [other ?? Buffer.allocUnsafeSlow(bytes), piece];
        filled = 0;
      }
    }
  }
  if (filled > 0) yield piece.subarray(0, filled);
}

import type { Readable } from 'node:stream';

/**
 * Cuts a stream into pieces of exactly `bytes` bytes, the last one shorter; nothing for an empty stream.
 * Each piece has its own memory, so a piece may still be in use while the next one is filled.
 */
export async function* chunks(content: Readable, bytes: number): AsyncGenerator<Buffer> {
  let piece = Buffer.allocUnsafeSlow(bytes);
  let filled = 0;
  for await (const data of content as AsyncIterable<Buffer>) {
    for (let taken = 0; taken < data.length;) {
      const copied = data.copy(piece, filled, taken);
      taken += copied;
      filled += copied;
      if (filled === bytes) {
        yield piece;
        piece = Buffer.allocUnsafeSlow(bytes);
        filled = 0;
      }
    }
  }
  if (filled > 0) yield piece.subarray(0, filled);
}

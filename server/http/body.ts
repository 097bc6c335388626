import type { IncomingMessage } from 'node:http';

/** What a body may cost. */
export interface BodyLimits {
  /** Bytes of one body. */
  readonly bytes: number;
  /** Bytes that all bodies hold together while they are read. */
  readonly totalBytes: number;
  /** Milliseconds from the head to the end of one body. */
  readonly ms: number;
}

/** Why a body was not read to its end. `busy`: too many others are being read. `gone`: the sender went away. */
export type BodyProblem = 'too-large' | 'too-slow' | 'busy' | 'gone';

const NOTHING: Buffer = Buffer.alloc(0);
const FIRST_BYTES = 16 * 1024;

/** GitHub's bodies come in pieces of a network packet at least; each piece costs time, however small it is. */
const SMALLEST_PIECE = 256;
const FREE_PIECES = 1024;

/** Reads bodies into memory, within limits for each and for all. */
export class BodyReader {
  readonly #limits: BodyLimits;
  #held = 0;

  constructor(limits: BodyLimits) {
    this.#limits = limits;
  }

  /** Never rejects. What the limits refuse is not read further: whoever asked answers, and drops the rest. */
  read(request: IncomingMessage): Promise<Buffer | BodyProblem> {
    const { bytes, ms, totalBytes } = this.#limits;
    const announced = Number(request.headers['content-length'] ?? Number.NaN);
    if (announced > bytes) return Promise.resolve('too-large');
    return new Promise((resolve) => {
      // Not a list of pieces: each one costs 200 bytes, even where it holds one.
      let buffer = NOTHING;
      let length = 0;
      let pieces = 0;

      const grow = (needed: number): boolean => {
        const size = Math.min(
          Math.max(needed, buffer.length * 2, FIRST_BYTES),
          Math.max(needed, announced || bytes),
        );
        if (this.#held + size - buffer.length > totalBytes) return false;
        const larger = Buffer.allocUnsafeSlow(size);
        buffer.copy(larger, 0, 0, length);
        this.#held += size - buffer.length;
        buffer = larger;
        return true;
      };
      /** Most bodies come in one piece. */
      const keep = (piece: Buffer): void => {
        this.#held += piece.length;
        buffer = piece;
        length = piece.length;
      };
      const onData = (piece: Buffer): void => {
        pieces++;
        const needed = length + piece.length;
        if (needed > bytes || pieces > FREE_PIECES + needed / SMALLEST_PIECE) end('too-large');
        else if (pieces === 1 && this.#held + needed <= totalBytes) keep(piece);
        else if (needed > buffer.length && !grow(needed)) end('busy');
        else length += piece.copy(buffer, length);
      };
      const onEnd = (): void => {
        end(buffer.subarray(0, length));
      };
      const onGone = (): void => {
        end('gone');
      };
      const timer = setTimeout(() => {
        end('too-slow');
      }, ms);
      const end = (result: Buffer | BodyProblem): void => {
        clearTimeout(timer);
        request.off('data', onData).off('end', onEnd).off('close', onGone);
        this.#held -= buffer.length;
        // The request lives on with its connection, and these functions with it.
        buffer = NOTHING;
        resolve(result);
      };
      request.on('data', onData).once('end', onEnd).once('close', onGone);
      // An error is followed by `close`.
      request.on('error', () => undefined);
    });
  }
}

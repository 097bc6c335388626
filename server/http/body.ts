import type { IncomingMessage } from 'node:http';

import { senderOf, SharedLimit } from './shared-limit.js';

/** What bodies may cost before their signature is checked. */
export interface BodyLimits {
  /** Bytes of one body. */
  readonly bytes: number;
  /** Bytes that all bodies hold together while they are read. */
  readonly totalBytes: number;
  /** Milliseconds from the head to the first byte of the body. */
  readonly firstByteMs: number;
  /** Milliseconds from the head to the end of the body. */
  readonly ms: number;
}

/**
 * Why a body was not read to its end. `no-length`: its length isn't announced. `dropped`: it had to give way to others.
 * `gone`: the sender went away.
 */
export type BodyProblem = 'no-length' | 'too-large' | 'too-slow' | 'dropped' | 'gone';

const FIRST_BYTES = 16 * 1024;

/** GitHub's bodies come in pieces of a network packet at least; each piece costs time, however small it is. */
const SMALLEST_PIECE = 256;
const FREE_PIECES = 1024;

/** Why a body isn't read, as far as its head says it. */
export function problemOfHead(request: IncomingMessage, bytes: number): BodyProblem | undefined {
  const announced = request.headers['content-length'];
  if (announced === undefined) return 'no-length';
  return Number(announced) > bytes ? 'too-large' : undefined;
}

/** Reads bodies into memory, within limits for each and for all. */
export class BodyReader {
  readonly #limits: BodyLimits;
  readonly #held: SharedLimit<Body>;
  readonly #onHeld: (bytes: number) => void;

  /** @param onHeld - gets the bytes that are held, whenever they change */
  constructor(limits: BodyLimits, onHeld: (bytes: number) => void) {
    this.#limits = limits;
    this.#onHeld = onHeld;
    this.#held = new SharedLimit(limits.totalBytes, (body) => {
      body.end('dropped');
    });
  }

  /**
   * What the limits refuse is not read further: the caller answers, and drops the rest.
   *
   * @param verify - gets the body, which counts until it is verified
   * @returns what `verify` returns, or why the body wasn't read
   */
  async read<T>(request: IncomingMessage, verify: (body: Buffer) => Promise<T>): Promise<T | BodyProblem> {
    const problem = problemOfHead(request, this.#limits.bytes);
    if (problem) return problem;
    const body = new Body(request, this.#limits, (more) => {
      const kept = this.#held.grow(body, more);
      this.#onHeld(this.#held.total);
      return kept;
    });
    this.#held.hold(body, senderOf(request.socket.remoteAddress), 0);
    try {
      const result = await body.result;
      return typeof result === 'string' ? result : await verify(result);
    } finally {
      this.#held.release(body);
      this.#onHeld(this.#held.total);
    }
  }
}

/** One body while it is read. */
class Body {
  readonly result: Promise<Buffer | BodyProblem>;
  readonly #announced: number;
  /** Asks for more bytes; false when the body had to give way to others. */
  readonly #reserve: (more: number) => boolean;
  // Not a list of pieces: each one costs 200 bytes, even where it holds one.
  #buffer: Buffer = Buffer.alloc(0);
  #length = 0;
  #pieces = 0;
  #finish!: (result: Buffer | BodyProblem) => void;

  constructor(request: IncomingMessage, limits: BodyLimits, reserve: (more: number) => boolean) {
    this.#announced = Number(request.headers['content-length']);
    this.#reserve = reserve;
    const tooSlow = (): void => {
      this.end('too-slow');
    };
    const first = setTimeout(tooSlow, limits.firstByteMs);
    const last = setTimeout(tooSlow, limits.ms);
    const onData = (piece: Buffer): void => {
      clearTimeout(first);
      this.#add(piece);
    };
    const onEnd = (): void => {
      this.end(this.#buffer.subarray(0, this.#length));
    };
    const onGone = (): void => {
      this.end('gone');
    };
    this.result = new Promise((resolve) => {
      this.#finish = (result) => {
        clearTimeout(first);
        clearTimeout(last);
        request.off('data', onData).off('end', onEnd).off('close', onGone);
        resolve(result);
      };
    });
    request.on('data', onData).once('end', onEnd).once('close', onGone);
    // An error is followed by `close`.
    request.on('error', () => undefined);
  }

  end(result: Buffer | BodyProblem): void {
    // The request lives on with its connection, and these functions with it.
    this.#buffer = Buffer.alloc(0);
    this.#finish(result);
  }

  #add(piece: Buffer): void {
    this.#pieces++;
    const needed = this.#length + piece.length;
    if (this.#pieces > FREE_PIECES + needed / SMALLEST_PIECE) {
      this.end('too-large');
    } else if (this.#pieces === 1) {
      // Most bodies come in one piece.
      if (this.#reserve(needed)) this.#buffer = piece;
    } else if (needed <= this.#buffer.length || this.#grow(needed)) {
      piece.copy(this.#buffer, this.#length);
    }
    this.#length = needed;
  }

  #grow(needed: number): boolean {
    const size = Math.min(Math.max(needed, this.#buffer.length * 2, FIRST_BYTES), this.#announced);
    if (!this.#reserve(size - this.#buffer.length)) return false;
    const larger = Buffer.allocUnsafeSlow(size);
    this.#buffer.copy(larger, 0, 0, this.#length);
    this.#buffer = larger;
    return true;
  }
}

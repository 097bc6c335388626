import type { Server, Socket } from 'node:net';

import { senderOf, SharedLimit } from './shared-limit.js';

/**
 * Follows a server's connections. When there are too many, the one that has been without a request longest is closed,
 * of the sender that has most: whoever opens connections to keep them must not keep others out.
 */
export class Connections {
  readonly #open: SharedLimit<Socket>;
  /** To Node these are not idle: it would wait for their first request when the server closes. */
  readonly #unused = new Set<Socket>();

  constructor(server: Server, limit: number) {
    this.#open = new SharedLimit(limit, (socket) => socket.destroy());
    server.on('connection', (socket: Socket) => {
      this.#unused.add(socket);
      socket.once('close', () => {
        this.#unused.delete(socket);
        this.#open.release(socket);
      });
      this.#open.hold(socket, senderOf(socket.remoteAddress), 1);
    });
  }

  /** How many are open. */
  get count(): number {
    return this.#open.total;
  }

  /** Says that a connection has brought a request. */
  used(socket: Socket): void {
    this.#unused.delete(socket);
    this.#open.renew(socket);
  }

  /** Closes those that have never brought a request. */
  closeUnused(): void {
    for (const socket of this.#unused) socket.destroy();
  }
}

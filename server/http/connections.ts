import type { Server, Socket } from 'node:net';

import { senderOf, SharedLimit } from './shared-limit.js';

/**
 * Tracks a server's connections. If there are too many, it closes the one of the busiest sender that has been without a
 * request longest: someone who hoards connections must not keep others out.
 */
export class Connections {
  readonly #open: SharedLimit<Socket>;
  /** Node doesn't count these as idle: when the server closes it would wait for their first request. */
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

  /** Number of open connections. */
  get count(): number {
    return this.#open.total;
  }

  /** Notes that a connection sent a request. */
  used(socket: Socket): void {
    this.#unused.delete(socket);
    this.#open.renew(socket);
  }

  /** Closes connections that never sent a request. */
  closeUnused(): void {
    for (const socket of this.#unused) socket.destroy();
  }
}

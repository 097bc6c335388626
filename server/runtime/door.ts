import type { Settings } from '../../schema/index.js';
import { startHttp, type Delivery, type HttpServer } from '../http/listener.js';
import type { Logger } from '../telemetry/log.js';
import type { Metrics } from '../telemetry/metrics.js';

/** What answers behind a {@link Door}. */
export interface Answering {
  readonly settings: Pick<Settings['server'], 'address' | 'port'>;
  /** The webhook secrets that are valid now. */
  readonly secrets: () => readonly string[];
  /** Why the server isn't ready, one line each; empty if it is. */
  readonly ready: () => readonly string[];
  /**
   * Queues a delivery.
   *
   * @param held - it has waited at the door
   * @returns false if there is no room for it
   */
  readonly deliver: (delivery: Delivery, held: boolean) => boolean;
  /** How many deliveries can wait at the door. */
  readonly room: number;
}

/**
 * The HTTP server of a process, whose settings can change while it listens: while one set of settings gives way to the
 * next, deliveries are accepted and wait.
 */
export class Door {
  #http: { readonly server: HttpServer; readonly at: string } | undefined;
  #answering: Answering | undefined;
  #held: Delivery[] | undefined;

  constructor(
    private readonly log: Logger,
    private readonly metrics: Metrics,
  ) {}

  /**
   * Lets `answering` answer from now on, and gives it what has waited. Listens if nothing does yet, or if the address is
   * another one.
   *
   * @throws ServiceError if it can't listen at its first address
   */
  async open(answering: Answering): Promise<void> {
    this.#answering = answering;
    await this.#listen(answering.settings);
    const held = this.#held ?? [];
    this.#held = undefined;
    for (const delivery of held) {
      if (!answering.deliver(delivery, true))
        delivery.log.warn('no room for the delivery; reconciliation finds its command');
    }
  }

  /** Listens at another address before it leaves the earlier one, which it keeps if that fails. */
  async #listen(settings: Answering['settings']): Promise<void> {
    const earlier = this.#http;
    const at = `${settings.address} ${settings.port}`;
    if (earlier?.at === at) return;
    try {
      const server = await startHttp({
        settings,
        log: this.log,
        metrics: this.metrics,
        secrets: () => this.#answering?.secrets() ?? [],
        ready: () => this.#answering?.ready() ?? ['starting'],
        onDelivery: (delivery) => {
          this.#deliver(delivery);
        },
      });
      this.#http = { server, at };
    } catch (error) {
      if (!earlier) throw error;
      this.log.error(
        { err: error, at },
        'cannot listen at the new address; still listening at the earlier one',
      );
      return;
    }
    await earlier?.server.close(CLOSE_MS);
  }

  /** Where it listens; undefined if it doesn't. */
  get port(): number | undefined {
    return this.#http?.server.port;
  }

  /** Lets deliveries wait until {@link open} is called again. */
  hold(): void {
    this.#held ??= [];
  }

  /** Stops listening: see {@link HttpServer.close}. */
  async close(ms: number): Promise<void> {
    const server = this.#http?.server;
    this.#http = undefined;
    await server?.close(ms);
  }

  #deliver(delivery: Delivery): void {
    const answering = this.#answering;
    if (answering && this.#held && this.#held.length < answering.room) this.#held.push(delivery);
    else if (this.#held || !answering?.deliver(delivery, false))
      throw new Error('the queue is full, or the server is stopping');
  }
}

/** How long open connections may take when the address changes. */
const CLOSE_MS = 5000;

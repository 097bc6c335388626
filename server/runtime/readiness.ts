import { setTimeout as wait } from 'node:timers/promises';

import { workflowPath } from '../../argo/client/client.js';
import type { ServerContext } from '../context.js';
import type { Logger } from '../telemetry/log.js';

/** Between two looks, in milliseconds. */
const EVERY = 30_000;
/** Between two looks while something is wrong. */
const EVERY_WHILE_WRONG = 5_000;

/**
 * Why a server cannot work at the moment: its cluster does not answer or refuses. GitHub is no reason: a server that is
 * taken out of service for it misses the deliveries that come once GitHub is back.
 */
export class Readiness {
  #reasons: readonly string[] = ['starting'];

  constructor(
    private readonly context: Pick<ServerContext, 'cluster'>,
    private readonly log: Logger,
  ) {}

  /** One line for each reason; none when all is well. */
  reasons(): readonly string[] {
    return this.#reasons;
  }

  /** Looks again and again until `signal` ends it. */
  async watch(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      await this.#ask(signal);
      const pause = this.#reasons.length > 0 ? EVERY_WHILE_WRONG : EVERY;
      await wait(pause, undefined, { signal }).catch(() => undefined);
    }
  }

  async #ask(signal: AbortSignal): Promise<void> {
    const { client, namespace } = this.context.cluster;
    const before = this.#reasons.length === 0;
    try {
      await client.call({
        what: `listing the workflows in ${namespace}`,
        path: workflowPath(namespace),
        query: { limit: 1 },
        signal,
      });
      this.#reasons = [];
      if (!before) this.log.info('ready');
    } catch (err) {
      if (signal.aborted) return;
      this.#reasons = ["the Kubernetes API doesn't respond, or rejects the request"];
      if (before) this.log.warn({ err }, 'not ready');
    }
  }
}

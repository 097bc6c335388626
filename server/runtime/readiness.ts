import { setTimeout as wait } from 'node:timers/promises';

import { workflowPath } from '../../argo/client/client.js';
import type { ServerContext } from '../context.js';
import type { Logger } from '../telemetry/log.js';

/** Between two looks, in milliseconds. */
const EVERY = 30_000;
/** Between two looks while something is wrong. */
const EVERY_WHILE_WRONG = 5_000;

/**
 * Why a server cannot work at the moment: its cluster does not answer, or refuses every namespace of builds. If it refuses
 * some of them, the log and the metrics say which: the other repositories are served. GitHub is no reason: a server that is
 * taken out of service for it misses the deliveries that come once GitHub is back.
 */
export class Readiness {
  #reasons: readonly string[] = ['starting'];
  /** Namespaces whose workflows could not be listed the last time. */
  #failing: ReadonlySet<string> = new Set();

  constructor(
    private readonly context: Pick<ServerContext, 'cluster' | 'metrics'>,
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
      const pause = this.#reasons.length > 0 || this.#failing.size > 0 ? EVERY_WHILE_WRONG : EVERY;
      await wait(pause, undefined, { signal }).catch(() => undefined);
    }
  }

  async #ask(signal: AbortSignal): Promise<void> {
    const { namespaces } = this.context.cluster;
    const errors = await Promise.all(namespaces.map((namespace) => this.#errorOf(namespace, signal)));
    if (signal.aborted) return;
    const failing = new Map(
      namespaces.flatMap((namespace, i) => (errors[i] === undefined ? [] : [[namespace, errors[i]]])),
    );
    const wasReady = this.#reasons.length === 0;
    const isReady = failing.size < namespaces.length;
    this.#reasons = isReady ? [] : ["the Kubernetes API doesn't respond, or rejects the request"];
    for (const [namespace, err] of failing)
      if (!this.#failing.has(namespace)) this.log.warn({ err, namespace }, 'cannot list workflows');
    for (const namespace of this.#failing)
      if (!failing.has(namespace)) this.log.info({ namespace }, 'workflows can be listed again');
    const isListed = namespaces.map((namespace) => [namespace, !failing.has(namespace)] as const);
    this.context.metrics.buildNamespaces(new Map(isListed));
    this.#failing = new Set(failing.keys());
    if (isReady && !wasReady) this.log.info('ready');
    else if (!isReady && wasReady) this.log.warn('not ready');
  }

  /** Why the workflows of a namespace cannot be listed; undefined if they can. */
  async #errorOf(namespace: string, signal: AbortSignal): Promise<unknown> {
    try {
      await this.context.cluster.client.call({
        what: `listing the workflows in ${namespace}`,
        path: workflowPath(namespace),
        query: { limit: 1 },
        signal,
      });
      return undefined;
    } catch (err) {
      return err;
    }
  }
}

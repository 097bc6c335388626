import type { Patience } from '../../argo/client/patience.js';
import type { ClusterClient } from '../../argo/client/client.js';
import { markNotified } from '../../argo/workflows/marks.js';

/** The channels that were notified of a workflow's end, as the workflow itself says. */
export class NotifiedChannels {
  readonly #names: string[];
  #marked: Promise<void> = Promise.resolve();

  /** @param annotation - what {@link markNotified} wrote; anything else counts as none */
  constructor(
    private readonly client: ClusterClient,
    private readonly workflow: { readonly namespace: string; readonly name: string },
    annotation: string | undefined,
  ) {
    this.#names = namesIn(annotation);
  }

  has(name: string): boolean {
    return this.#names.includes(name);
  }

  /**
   * Marks one more channel.
   *
   * @throws KubernetesError when the cluster refuses, or does not answer for longer than `patience`
   */
  add(name: string, options: { readonly signal: AbortSignal; readonly patience: Patience }): Promise<void> {
    const { client, workflow } = this;
    this.#names.push(name);
    // One after the other: each has all the names.
    this.#marked = this.#marked.then(() =>
      markNotified(client, workflow.namespace, workflow.name, this.#names, options),
    );
    return this.#marked;
  }
}

function namesIn(json = '[]'): string[] {
  try {
    const value: unknown = JSON.parse(json);
    return Array.isArray(value) ? value.filter((name) => typeof name === 'string') : [];
  } catch {
    return [];
  }
}

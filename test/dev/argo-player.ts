import type { ObservedWorkflow } from '../../argo/status/observed.js';
import type { ApiObject, StoredChange } from '../fixtures/kubernetes-store.js';
import type { KubernetesStandIn } from '../fixtures/kubernetes.js';
import type { ArgoStandIn } from '../server/argo.js';
import { WorkflowPlay } from './workflow-play.js';

/** Plays each new workflow to its end: steps run when those before them have succeeded, each for its own time. */
export class ArgoPlayer {
  readonly #playing = new Map<string, WorkflowPlay>();
  readonly #collection;
  readonly #listener = ({ type, object }: StoredChange): void => {
    // The server must get the answer to its request first.
    setImmediate(() => {
      this.#changed(type, object);
    });
  };

  /**
   * @param stepMs - how long a short step takes
   * @param fail - name of a step that fails
   * @param unknown - called with the steps of a workflow that has no step of that name
   */
  constructor(
    kubernetes: KubernetesStandIn,
    private readonly argo: ArgoStandIn,
    private readonly options: {
      readonly stepMs: number;
      readonly fail: string | undefined;
      readonly unknown: (steps: readonly string[]) => void;
    },
  ) {
    this.#collection = kubernetes.collection('workflows', argo.namespace);
    this.#collection.listeners.add(this.#listener);
  }

  stop(): void {
    this.#collection.listeners.delete(this.#listener);
    for (const play of this.#playing.values()) play.leave();
  }

  #changed(type: StoredChange['type'], object: ApiObject): void {
    const workflow = object as unknown as ObservedWorkflow;
    const { name } = workflow.metadata;
    if (type === 'ADDED') this.#play(workflow);
    else if (type === 'DELETED') this.#playing.get(name)?.leave();
    else if (workflow.spec.shutdown !== undefined) this.#playing.get(name)?.shutDown(workflow.spec.shutdown);
  }

  #play(workflow: ObservedWorkflow): void {
    const { fail, unknown, stepMs } = this.options;
    const play = new WorkflowPlay(workflow, this.argo, { stepMs, fail });
    this.#playing.set(workflow.metadata.name, play);
    if (fail !== undefined && !play.steps.includes(fail)) unknown(play.steps);
    play.next();
  }
}

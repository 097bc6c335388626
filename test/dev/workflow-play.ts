import type { ObservedTask, ObservedWorkflow } from '../../argo/status/observed.js';
import type { ArgoStandIn, Step } from '../server/argo.js';
import { FAILED_LOG, outputsOf } from './step-outputs.js';

/** A task as the server submits it. */
type Task = ObservedTask & { readonly depends?: string };

/** Plays one workflow. */
export class WorkflowPlay {
  readonly #tasks: readonly Task[];
  readonly #steps = new Map<string, Step>();
  readonly #timers = new Set<NodeJS.Timeout>();
  readonly #startedAt = now();
  #message: string | undefined;
  #isOver = false;

  constructor(
    private readonly workflow: ObservedWorkflow,
    private readonly argo: ArgoStandIn,
    private readonly options: { readonly stepMs: number; readonly fail: string | undefined },
  ) {
    this.#tasks = (workflow.spec.templates ?? []).flatMap(({ dag }) => dag?.tasks ?? []);
  }

  get steps(): string[] {
    return this.#tasks.map(({ name }) => name);
  }

  leave(): void {
    for (const timer of this.#timers) clearTimeout(timer);
    this.#isOver = true;
  }

  /** Somebody stopped the workflow. */
  shutDown(strategy: string): void {
    if (this.#isOver) return;
    this.#message = `Stopped with strategy '${strategy}'`;
    const message = `workflow shutdown with strategy:  ${strategy}`;
    for (const [name, step] of this.#steps)
      if (step.phase === 'Running')
        this.#steps.set(name, { ...step, phase: 'Failed', finishedAt: now(), message });
    this.#write();
    this.leave();
  }

  /** Starts the steps whose turn it is, and writes how the workflow is. */
  next(): void {
    for (const [index, task] of this.#tasks.entries()) {
      if (this.#steps.has(task.name)) continue;
      const before = stepsBefore(task).map((name) => this.#steps.get(name)?.phase);
      if (before.some((phase) => phase === 'Failed' || phase === 'Omitted'))
        this.#steps.set(task.name, { phase: 'Omitted', startedAt: now(), finishedAt: now() });
      else if (before.every((phase) => phase === 'Succeeded')) this.#start(task, index);
    }
    this.#write();
  }

  #start(task: Task, index: number): void {
    this.#steps.set(task.name, { phase: 'Running', startedAt: now() });
    const timer = setTimeout(
      () => {
        this.#timers.delete(timer);
        this.#finish(task);
        this.next();
      },
      this.#duration(task, index),
    );
    this.#timers.add(timer);
  }

  /** So that images are built one after the other, and the comment shows some of them. */
  #duration(task: Task, index: number): number {
    return this.options.stepMs * (task.name.startsWith('build-') ? 1 + (index % 4) * 1.25 : 0.5);
  }

  #finish(task: Task): void {
    const { startedAt } = this.#steps.get(task.name) ?? {};
    const times = { ...(startedAt !== undefined && { startedAt }), finishedAt: now() };
    if (task.name === this.options.fail) {
      this.#steps.set(task.name, {
        ...times,
        phase: 'Failed',
        message: 'main: Error (exit code 1)',
        log: FAILED_LOG,
      });
    } else {
      const outputs = outputsOf(task, this.workflow) ?? {};
      this.#steps.set(task.name, { ...times, phase: 'Succeeded', outputs });
    }
  }

  #write(): void {
    if (this.#isOver) return;
    const phases = [...this.#steps.values()].map(({ phase }) => phase);
    const hasFailed = this.#message !== undefined || phases.includes('Failed');
    const isRunning =
      this.#message === undefined && (phases.length < this.#tasks.length || phases.includes('Running'));
    const phase = isRunning ? 'Running' : hasFailed ? 'Failed' : 'Succeeded';
    this.argo.set(this.workflow, phase, Object.fromEntries(this.#steps), {
      startedAt: this.#startedAt,
      ...(!isRunning && { finishedAt: now() }),
      ...(this.#message !== undefined && { message: this.#message }),
    });
  }
}

/** `a.Succeeded && b.Succeeded` */
function stepsBefore({ depends = '' }: Task): string[] {
  return [...depends.matchAll(/([\w-]+)\.Succeeded/g)].map(([, name]) => name!);
}

function now(): string {
  return new Date().toISOString().replace(/\.\d+Z$/, 'Z');
}

import type { Reporter, WorkflowWatcher } from '../ports.js';
import { stepsOf, type StepResult, type WorkflowResult } from './result.js';

/** Logs that are read at once: each is a connection, and nobody watches more. */
const AT_ONCE = 16;

interface Tail {
  readonly stop: AbortController;
  readonly done: Promise<void>;
}

/**
 * Reads the logs of the steps that run, as long as they run. A log that cannot be read (no right to it, its container
 * has not started, its pod is gone) is passed over, and asked for again at the next change.
 */
export class LogTails {
  /** By pod. */
  readonly #tails = new Map<string, Tail>();

  constructor(
    private readonly watcher: WorkflowWatcher,
    private readonly reporter: Reporter,
  ) {}

  /** Begins with what has started to run, ends with what runs no more. */
  update(result: WorkflowResult): void {
    if (this.reporter.line === undefined) return;
    const running = new Map<string, StepResult>();
    for (const { step } of stepsOf(result)) {
      if (step.state === 'running' && step.pod !== undefined) running.set(step.pod, step);
    }
    for (const [pod, { stop }] of this.#tails) if (!running.has(pod)) stop.abort();
    for (const [pod, step] of running) {
      if (this.#tails.size >= AT_ONCE) return;
      if (!this.#tails.has(pod)) this.#begin(pod, step);
    }
  }

  /** Ends all of them. */
  async end(): Promise<void> {
    const tails = [...this.#tails.values()];
    for (const { stop } of tails) stop.abort();
    await Promise.all(tails.map(({ done }) => done));
  }

  #begin(pod: string, step: StepResult): void {
    const stop = new AbortController();
    const done = this.#read(step, stop.signal)
      // Its lines are an extra: the step's outcome is known without them.
      .catch(() => undefined)
      .finally(() => this.#tails.delete(pod));
    this.#tails.set(pod, { stop, done });
  }

  async #read(step: StepResult, signal: AbortSignal): Promise<void> {
    for await (const line of this.watcher.log(step, signal)) {
      if (signal.aborted) return;
      this.reporter.line?.(step, line);
    }
  }
}

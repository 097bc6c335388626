import type { Settings } from '../../schema/index.js';
import { removeOpensOf } from '../../sources/remote/index.js';
import type { GitAccess, WorkerStopReason } from '../ports.js';
import type { Logger } from '../telemetry/log.js';
import { workerEnvironment } from './environment.js';
import type { Planner, PlannerCall } from './planner.js';
import { Running } from './running.js';
import type { WorkerLimits } from './stopped.js';
import type { TaskInput, TaskName, TaskOutput } from './tasks.js';
import { Worker, type WorkerEnd } from './worker.js';

/** How a {@link WorkerPool} works. */
export interface PoolOptions {
  /** What workers run. */
  readonly file: URL;
  readonly settings: Settings;
  readonly git: GitAccess;
  readonly log: Logger;
  /** Workers, which are all started at once. */
  readonly size: number;
  readonly limits: WorkerLimits;
  /** Called for each worker that ended, or was ended, while it had a task. */
  readonly onStopped?: (reason: WorkerStopReason) => void;
  /** How long a worker may take to cancel its task, in milliseconds. Default: 5000. */
  readonly grace?: number;
}

/** Tasks after which a worker is replaced: what it may have lost of its memory comes back. */
const TASKS_EACH = 100;
/** Before a worker is started again that ended before it was ready, in milliseconds. */
const RESTART = 1000;

/** A place for a worker. */
interface Slot {
  worker: Worker | undefined;
  ready: boolean;
  running: Running | undefined;
  done: number;
}

/**
 * Reads repositories in processes of their own, each with one task at a time: what a repository does to one of them is
 * the end of that task, and of nothing else. Tasks of one repository do not take all of several workers.
 */
export class WorkerPool implements Planner {
  readonly #slots: Slot[];
  readonly #waiting: Running[] = [];
  #closed = false;
  #ended: (() => void)[] = [];

  constructor(private readonly options: PoolOptions) {
    this.#slots = Array.from({ length: options.size }, () => this.#newSlot());
    process.on('exit', this.#killAll);
  }

  do<N extends TaskName>(name: N, input: TaskInput<N>, call: PlannerCall): Promise<TaskOutput<N>> {
    call.signal.throwIfAborted();
    return new Promise((resolve, reject) => {
      const settle = { resolve: resolve as (output: unknown) => void, reject };
      const running = new Running({ name, input, call, ...this.options, ...settle });
      if (this.#closed) {
        running.fail(new Error('the server ends'));
        return;
      }
      this.#waiting.push(running);
      this.#startMore();
    });
  }

  /** Process ids of its workers. */
  get pids(): readonly number[] {
    return this.#slots.flatMap(({ worker }) => worker?.pid ?? []);
  }

  /** Ends all workers, and what they do. */
  async close(): Promise<void> {
    this.#closed = true;
    process.off('exit', this.#killAll);
    for (const running of this.#waiting.splice(0)) running.fail(new Error('the server ends'));
    const ended = new Promise<void>((resolve) => this.#ended.push(resolve));
    this.#killAll();
    this.#tellEnded();
    await ended;
  }

  readonly #killAll = (): void => {
    for (const { worker } of this.#slots) worker?.kill();
  };

  #newSlot(): Slot {
    const slot: Slot = { worker: undefined, ready: false, running: undefined, done: 0 };
    this.#start(slot);
    return slot;
  }

  #start(slot: Slot): void {
    const { file, limits, settings } = this.options;
    const worker = new Worker({
      file,
      env: workerEnvironment(process.env, limits.memory),
      memory: limits.memory,
      onMessage: (message) => {
        if (message.kind === 'ready') {
          worker.send({ kind: 'settings', settings });
          slot.ready = true;
          this.#startMore();
          return;
        }
        slot.running?.hear(message);
        if (message.kind === 'done' || message.kind === 'failed') this.#finished(slot);
      },
      onEnd: (end) => {
        this.#workerEnded(slot, end);
      },
    });
    slot.worker = worker;
  }

  #startMore(): void {
    for (const slot of this.#slots) {
      if (!slot.ready || slot.running || !slot.worker) continue;
      const running = this.#next();
      if (!running) return;
      slot.running = running;
      try {
        running.start(slot.worker);
      } catch (error) {
        slot.running = undefined;
        running.fail(error);
      }
    }
  }

  /** The first that waits and whose repository leaves a worker to the others. */
  #next(): Running | undefined {
    const busy = this.#slots.flatMap(({ running }) => running?.repository ?? []);
    const most = Math.max(1, this.#slots.length - 1);
    const left = this.#waiting.filter((running) => !running.settled);
    this.#waiting.splice(0, Infinity, ...left);
    const at = left.findIndex(({ repository }) => busy.filter((id) => id === repository).length < most);
    return at === -1 ? undefined : this.#waiting.splice(at, 1)[0];
  }

  #finished(slot: Slot): void {
    slot.running = undefined;
    slot.done++;
    if (slot.done < TASKS_EACH) this.#startMore();
    else slot.worker?.kill();
  }

  #workerEnded(slot: Slot, end: WorkerEnd): void {
    const { log, onStopped } = this.options;
    const { running, ready, worker } = slot;
    if (worker?.pid !== undefined) void this.#tidy(worker.pid);
    Object.assign(slot, { worker: undefined, ready: false, running: undefined, done: 0 });
    if (running) {
      const reason = running.workerEnded(end);
      if (reason) onStopped?.(reason);
    } else if (!this.#closed && !ready) {
      log.error({ ...end }, 'cannot start a planner process');
    }
    if (this.#closed) {
      this.#tellEnded();
      return;
    }
    if (ready) this.#start(slot);
    else
      setTimeout(() => {
        if (!this.#closed) this.#start(slot);
      }, RESTART).unref();
  }

  /** What it was fetching stays in the cache otherwise, until nobody has heard of it for long. */
  async #tidy(pid: number): Promise<void> {
    const { log, settings } = this.options;
    await removeOpensOf(settings.server.cache.folder, pid).catch((err: unknown) => {
      log.warn({ err }, "cannot remove a stopped process's files from the repository cache");
    });
  }

  #tellEnded(): void {
    if (this.#slots.every(({ worker }) => worker === undefined)) for (const each of this.#ended) each();
  }
}

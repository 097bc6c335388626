import type { GitAccess, WorkerStopReason } from '../ports.js';
import type { PlannerCall } from './planner.js';
import { unpackError, type FromWorker } from './protocol.js';
import { PlanningStopped, type WorkerLimits } from './stopped.js';
import type { TaskInput, TaskName } from './tasks.js';
import type { Worker, WorkerEnd } from './worker.js';

/** What a {@link Running} is made of. */
export interface RunningOptions {
  readonly name: TaskName;
  readonly input: TaskInput<TaskName>;
  readonly call: PlannerCall;
  readonly git: GitAccess;
  readonly limits: WorkerLimits;
  readonly grace?: number;
  readonly resolve: (output: unknown) => void;
  readonly reject: (error: unknown) => void;
}

/** How long a worker may take to cancel its task and remove partial uploads, in milliseconds. */
const GRACE = 5000;

/** A task, from when it waits for a worker to its end. */
export class Running {
  settled = false;
  #worker: Worker | undefined;
  #timer: NodeJS.Timeout | undefined;
  #storing = false;
  #late = false;
  #startedAt = 0;
  /** Why there is no token. */
  #noToken: unknown;

  constructor(private readonly options: RunningOptions) {
    options.call.signal.addEventListener('abort', this.#abort, { once: true });
  }

  /** GitHub's number. */
  get repository(): number {
    return this.options.call.repository.id;
  }

  start(worker: Worker): void {
    const { name, input, call, git, limits } = this.options;
    this.#worker = worker;
    this.#startedAt = Date.now();
    this.#limit(limits.seconds);
    worker.send({ kind: 'task', name, input, url: git.url(call.repository) });
  }

  hear(message: FromWorker): void {
    const { call, limits, resolve } = this.options;
    switch (message.kind) {
      case 'log':
        call.log[message.level](message.fields, message.message);
        return;
      case 'token':
        void this.#giveToken(message.id);
        return;
      case 'storing':
        this.#storing = true;
        this.#limit(limits.storingSeconds);
        return;
      case 'done':
        this.#settle(() => {
          resolve(message.output);
        });
        return;
      case 'failed':
        if (call.signal.aborted) this.fail(call.signal.reason);
        else this.fail(message.error.kind === 'token' ? this.#noToken : unpackError(message.error));
        return;
      case 'ready':
        return;
    }
  }

  /** @returns why it ended; undefined if the server ended it */
  workerEnded(end: WorkerEnd): WorkerStopReason | undefined {
    const { call, limits, name } = this.options;
    if (this.settled || call.signal.aborted) {
      this.fail(call.signal.reason);
      return undefined;
    }
    const reason: WorkerStopReason = this.#late ? 'time' : isMemory(end) ? 'memory' : 'crash';
    const error = new PlanningStopped(reason, limits, this.#storing);
    const { code, signal, stderr } = end;
    const seconds = Math.round((Date.now() - this.#startedAt) / 1000);
    call.log.warn({ task: name, reason, seconds, code, signal, stderr }, 'planner process stopped');
    this.fail(error);
    return reason;
  }

  fail(error: unknown): void {
    this.#settle(() => {
      this.options.reject(error);
    });
  }

  readonly #abort = (): void => {
    const { call, grace = GRACE } = this.options;
    if (!this.#worker) {
      this.fail(call.signal.reason);
      return;
    }
    const worker = this.#worker;
    worker.send({ kind: 'cancel' });
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => {
      worker.kill();
    }, grace);
  };

  #limit(seconds: number): void {
    if (this.options.call.signal.aborted) return;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => {
      this.#late = true;
      this.#worker?.kill();
    }, seconds * 1000);
  }

  async #giveToken(id: number): Promise<void> {
    const { git, call } = this.options;
    try {
      const token = await git.token(call.repository);
      this.#worker?.send({ kind: 'token', id, token });
    } catch (error) {
      this.#noToken = error;
      this.#worker?.send({ kind: 'no-token', id });
    }
  }

  #settle(how: () => void): void {
    clearTimeout(this.#timer);
    this.options.call.signal.removeEventListener('abort', this.#abort);
    if (this.settled) return;
    this.settled = true;
    how();
  }
}

/** The system ends a process by SIGKILL when memory is short; nobody else does. */
function isMemory({ tooMuchMemory, signal }: WorkerEnd): boolean {
  return tooMuchMemory || signal === 'SIGKILL';
}

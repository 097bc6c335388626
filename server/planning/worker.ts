import { fork, type ChildProcess } from 'node:child_process';

import { killGroups, killTree, memoryOf, processTree } from './processes.js';
import type { FromWorker, ToWorker } from './protocol.js';

/** How often a worker's memory is looked at, in milliseconds. */
const LOOK = 200;
/** Characters of what a worker writes to stderr that are kept: why Node ended it. */
const STDERR = 4000;
/** The part of its memory that Node may use for objects; the rest is for buffers and for git. */
const HEAP_PART = 0.75;

/** How a worker is started. */
export interface WorkerOptions {
  readonly file: URL;
  readonly env: NodeJS.ProcessEnv;
  /** Bytes, with all that it starts. */
  readonly memory: number;
  readonly onMessage: (message: FromWorker) => void;
  /** @param tooMuch - it had more memory than it may */
  readonly onEnd: (end: WorkerEnd) => void;
}

/** How a worker ended. */
export interface WorkerEnd {
  readonly tooMuchMemory: boolean;
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  /** What it wrote last. */
  readonly stderr: string;
}

/** What Node says when its heap is full. */
const HEAP_FULL = /heap out of memory|Allocation failed/;

/** A process that does tasks. */
export class Worker {
  readonly #child: ChildProcess;
  readonly #looks: NodeJS.Timeout;
  #stderr = '';
  #tooMuch = false;
  /** Processes that it had started at the last check: they'd survive if something else kills it. */
  #groups = new Set<number>();
  #ended = false;

  constructor(private readonly options: WorkerOptions) {
    const { file, env, memory, onMessage } = options;
    const heap = Math.max(32, Math.floor((memory * HEAP_PART) / 2 ** 20));
    const loader = file.pathname.endsWith('.ts') ? ['--import=tsx/esm'] : [];
    this.#child = fork(file, [String(process.pid)], {
      env,
      execArgv: [...loader, `--max-old-space-size=${heap}`],
      serialization: 'advanced',
      stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
      // A group of its own: it is ended with all that it started, and a terminal's signals do not reach it.
      detached: true,
    });
    this.#child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      this.#stderr = (this.#stderr + text).slice(-STDERR);
    });
    this.#child.on('message', (message) => {
      onMessage(message as FromWorker);
    });
    this.#child.on('error', (error) => {
      this.#stderr += error.message;
      if (this.#child.pid === undefined) this.#end(null, null);
    });
    this.#child.on('close', (code, signal) => {
      this.#end(code, signal);
    });
    this.#looks = setInterval(() => {
      this.#check(memory);
    }, LOOK);
  }

  get pid(): number | undefined {
    return this.#child.pid;
  }

  send(message: ToWorker): void {
    // A worker that has ended gets nothing; its end is reported separately.
    this.#child.send(message, () => undefined);
  }

  /** Ends it now, with all that it started. */
  kill(): void {
    const { pid, exitCode, signalCode } = this.#child;
    if (pid !== undefined && exitCode === null && signalCode === null) killTree(pid);
  }

  #check(memory: number): void {
    if (this.pid === undefined || this.#ended) return;
    const processes = processTree(this.pid);
    if (processes.length > 0) this.#groups = new Set(processes.map(({ group }) => group));
    if (memoryOf(processes) <= memory) return;
    this.#tooMuch = true;
    this.kill();
  }

  #end(code: number | null, signal: NodeJS.Signals | null): void {
    if (this.#ended) return;
    this.#ended = true;
    clearInterval(this.#looks);
    killGroups(this.#groups);
    const tooMuchMemory = this.#tooMuch || HEAP_FULL.test(this.#stderr);
    this.options.onEnd({ tooMuchMemory, code, signal, stderr: this.#stderr });
  }
}

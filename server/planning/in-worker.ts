import { writeFileSync } from 'node:fs';
import { Worker as Thread } from 'node:worker_threads';

import type { CacheLog } from '../../sources/remote/types.js';
import { loadMinio } from '../../stores/minio-calls.js';
import { runTask } from './planner.js';
import { planningPorts, type PlanningPorts } from './ports.js';
import { endSelf } from './processes.js';
import { packError, type FromWorker, type ToWorker } from './protocol.js';
import { TokenError } from './token-error.js';

/** In a thread, as the process may do nothing but compute. */
const WATCH = `
  const { readdirSync, readFileSync } = require('node:fs');
  const { workerData } = require('node:worker_threads');
  const attempt = (work) => { try { return work(); } catch { return undefined; } };
  const children = () => readdirSync('/proc/self/task').flatMap((thread) =>
    readFileSync('/proc/self/task/' + thread + '/children', 'latin1').split(' ').filter(Boolean).map(Number));
  setInterval(() => {
    if (process.ppid === workerData) return;
    // What fetches is in a group of its own.
    for (const pid of attempt(children) ?? []) attempt(() => process.kill(-pid, 'SIGKILL'));
    process.kill(process.pid, 'SIGKILL');
  }, 500);
`;

/** Does tasks that come from the server, one at a time, until that closes the channel. */
export function runInWorker(): void {
  beFirstToGo();
  watchServer();
  process.on('disconnect', endSelf);
  const tasks = new TasksHere();
  process.on('message', (message) => {
    tasks.handle(message as ToWorker);
  });
  void loadMinio().then(() => {
    send({ kind: 'ready' });
  });
}

/** Ends this process when the server is killed. */
export function watchServer(): void {
  new Thread(WATCH, { eval: true, workerData: Number(process.argv[2]) }).unref();
}

/** When the system is short of memory, it ends this process before the server. */
function beFirstToGo(): void {
  try {
    writeFileSync('/proc/self/oom_score_adj', '1000');
  } catch {
    // Not Linux.
  }
}

class TasksHere {
  #ports: PlanningPorts | undefined;
  #abort = new AbortController();
  #url = '';
  #tokens = 0;
  readonly #waiting = new Map<number, (token: string | undefined | TokenError) => void>();

  handle(message: ToWorker): void {
    switch (message.kind) {
      case 'settings': {
        const git = { url: () => this.#url, token: () => this.#token() };
        this.#ports = planningPorts(message.settings, git, log);
        return;
      }
      case 'task':
        this.#url = message.url;
        void this.#run(message);
        return;
      case 'token':
      case 'no-token':
        this.#waiting.get(message.id)?.(message.kind === 'token' ? message.token : new TokenError());
        this.#waiting.delete(message.id);
        return;
      case 'cancel':
        this.#abort.abort(new Error('the server has cancelled it'));
        return;
    }
  }

  async #run({ name, input }: Extract<ToWorker, { kind: 'task' }>): Promise<void> {
    this.#abort = new AbortController();
    try {
      if (!this.#ports) throw new Error('a task came before the settings');
      const storing = (): void => {
        send({ kind: 'storing' });
      };
      const { signal } = this.#abort;
      const output = await runTask(name, input, { ports: this.#ports, log, signal, storing });
      send({ kind: 'done', output });
    } catch (error) {
      send({ kind: 'failed', error: packError(error) });
    }
  }

  #token(): Promise<string | undefined> {
    const id = ++this.#tokens;
    return new Promise((resolve, reject) => {
      this.#waiting.set(id, (token) => {
        if (token instanceof TokenError) reject(token);
        else resolve(token);
      });
      send({ kind: 'token', id });
    });
  }
}

const log: CacheLog = {
  info: (fields, message) => {
    send({ kind: 'log', level: 'info', fields: plain(fields), message });
  },
  warn: (fields, message) => {
    send({ kind: 'log', level: 'warn', fields: plain(fields), message });
  },
};

/** Errors do not keep their kind and their cause on the way; the log wants their text. */
function plain(fields: object): object {
  return Object.fromEntries(
    Object.entries(fields).map(([name, value]) => [name, value instanceof Error ? textOf(value) : value]),
  );
}

function textOf({ name, message, cause }: Error): Error {
  const text = new Error(message.slice(0, 10_000), cause instanceof Error ? { cause: textOf(cause) } : {});
  return Object.assign(text, { name });
}

function send(message: FromWorker): void {
  // A server that is gone gets nothing.
  process.send?.(message, undefined, undefined, () => undefined);
}

import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

import { endsWithTests } from '../support/interrupted.js';

const BIN = [fileURLToPath(new URL('../../dist/cli/bin.js', import.meta.url))];
/** Without a build. */
const SOURCE = [
  `--import=${import.meta.resolve('tsx/esm')}`,
  fileURLToPath(new URL('../../cli/bin.ts', import.meta.url)),
];
/** Longer than anything on loopback takes on a busy machine, in milliseconds. */
export const PATIENCE = 120_000;

/** What a line of the server's log says. */
export type LogLine = Readonly<Record<string, unknown>> & { readonly level: string; readonly msg: string };

/** Where GitHub delivers to. */
export interface WebhookReceiver {
  /** Address of its webhook. */
  readonly webhook: string;
}

/** A server as a process of its own. */
export class ServerProcess implements WebhookReceiver {
  readonly log: LogLine[] = [];
  stderr = '';
  readonly #listeners = new Set<(line: LogLine) => void>();

  constructor(
    readonly child: ChildProcess,
    private readonly patience = PATIENCE,
  ) {
    createInterface({ input: child.stdout! }).on('line', (line) => {
      const parsed = JSON.parse(line) as LogLine;
      this.log.push(parsed);
      for (const listener of this.#listeners) listener(parsed);
    });
    endsWithTests(child);
    child.stderr!.setEncoding('utf8').on('data', (text: string) => (this.stderr += text));
  }

  /** Starts `kfops serve` with nothing of this machine's settings, and waits until it listens. */
  static async start(
    files: { readonly settings: string; readonly kubeconfig: string },
    env: Readonly<Record<string, string>>,
    { patience, fromSource = Boolean(process.env.DEV) }: { patience?: number; fromSource?: boolean } = {},
  ): Promise<ServerProcess> {
    const command = fromSource ? SOURCE : BIN;
    const options = ['--settings', files.settings, '--kubeconfig', files.kubeconfig];
    const child = spawn(process.execPath, [...command, 'serve', ...options], {
      env: { PATH: process.env.PATH, ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const server = new ServerProcess(child, patience);
    try {
      await Promise.race([
        server.line(({ msg }) => msg === 'listening'),
        once(child, 'exit').then(() => Promise.reject(new Error(`the server ended: ${server.stderr}`))),
      ]);
    } catch (error) {
      await server.stop('SIGKILL');
      throw error;
    }
    return server;
  }

  /** The first line of the log for which `when` is true, now or later. */
  async line(when: (line: LogLine) => boolean): Promise<LogLine> {
    return until(
      () =>
        `a line of the log; there are:\n${this.log.map((each) => JSON.stringify(each)).join('\n')}\n${this.stderr}`,
      () => this.log.find(when),
      (listener) => this.onLine(listener),
      this.patience,
    );
  }

  /** @returns stops listening */
  onLine(listener: (line: LogLine) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  get port(): number {
    return this.log.find(({ msg }) => msg === 'listening')?.port as number;
  }

  get webhook(): string {
    return `http://127.0.0.1:${this.port}/webhook`;
  }

  /** @returns its exit code */
  async stop(signal: NodeJS.Signals = 'SIGTERM'): Promise<number | null> {
    if (this.child.exitCode !== null || this.child.signalCode !== null) return this.child.exitCode;
    const closed = once(this.child, 'close');
    this.child.kill(signal);
    const [code] = (await closed) as [number | null];
    return code;
  }
}

/** Waits until `look` gives something; `listen` tells when to look again. */
export async function until<T>(
  what: () => string,
  look: () => T | undefined,
  listen: (listener: () => void) => () => void,
  patience = PATIENCE,
): Promise<T> {
  return new Promise((resolve, reject) => {
    const end = (): void => {
      stop();
      clearTimeout(timer);
    };
    const check = (): void => {
      const found = look();
      if (found === undefined) return;
      end();
      resolve(found);
    };
    const stop = listen(check);
    const timer = setTimeout(() => {
      end();
      reject(new Error(`waited in vain for ${what()}`));
    }, patience);
    check();
  });
}

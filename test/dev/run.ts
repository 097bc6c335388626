import { once } from 'node:events';
import { createInterface, type Interface } from 'node:readline';

import type { GitHubComment } from '../fixtures/github/index.js';
import type { LogLine } from '../server/harness.js';
import { handleSignals } from '../support/interrupted.js';
import { type DevOptions, PORT, UsageError } from './arguments.js';
import { PageServer } from './page-server.js';
import type { PullListener } from './pull-watcher.js';
import { emojiOf } from './reactions.js';
import { Screen } from './screen.js';
import { DevSession, type Outcome } from './session.js';

/** From the start of the server to its end. */
export class DevRun implements PullListener {
  readonly #screen = new Screen();
  readonly #ending = new AbortController();
  #page: PageServer | undefined;
  #input: Interface | undefined;

  constructor(private readonly options: DevOptions) {}

  /** @returns the exit code */
  async run(): Promise<number> {
    this.#screen.note('Starting the server from source …');
    const session = await DevSession.start(this.options, this, (steps) => {
      const { fail } = this.options;
      this.#screen.problem(`--fail: the workflow has no step \`${fail}\`. Its steps: ${steps.join(', ')}`);
    });
    this.#endOnSignals();
    try {
      this.#page = await startPage(session, this.options.port);
      this.#screen.note(`Server        http://127.0.0.1:${session.server.port}`);
      this.#screen.note(`Pull request  ${session.title}`);
      this.#screen.note(`Page          ${this.#page.url}\n`);
      session.server.onLine((line) => {
        this.#log(line);
      });
      return await Promise.race([this.#converse(session), this.#ended(), died(session)]);
    } finally {
      this.#screen.promptWith(undefined);
      this.#input?.close();
      await this.#page?.stop();
      await session.stop();
      for (const problem of session.problems) this.#screen.problem(`GitHub doesn't allow: ${problem}`);
    }
  }

  written(text: string, isNew: boolean): void {
    this.#screen.comment(`kfops ${isNew ? 'commented' : 'edited its comment'}`, text);
  }

  reacted({ body }: GitHubComment, content: string): void {
    this.#screen.note(`kfops reacted with ${emojiOf(content)} to ${body}`);
  }

  changed(): void {
    this.#page?.refresh();
  }

  /** Sends the first comment and then each line of the input. */
  async #converse(session: DevSession): Promise<number> {
    const first = this.#send(session, this.options.comment);
    if (this.options.once) return exitCodeOf(await first);
    const outcomes = [first];
    const input = (this.#input = this.#openInput());
    input.on('line', (line) => {
      if (line.trim() === '') this.#screen.prompt();
      else outcomes.push(this.#send(session, line.trim()));
    });
    await once(input, 'close');
    this.#screen.promptWith(undefined);
    if (process.stdin.isTTY) return 0;
    const codes = (await Promise.all(outcomes)).map(exitCodeOf);
    return Math.max(...codes);
  }

  #openInput() {
    const isTerminal = process.stdin.isTTY && process.stdout.isTTY;
    const input = createInterface({
      input: process.stdin,
      ...(isTerminal && { output: process.stdout, prompt: 'comment> ' }),
    });
    // In a terminal Ctrl-C comes as a key.
    input.on('SIGINT', () => {
      this.#ending.abort(0);
    });
    if (isTerminal) {
      this.#screen.note('Type a comment, for example /help. Ctrl-C ends.');
      this.#screen.promptWith(input);
    }
    return input;
  }

  async #send(session: DevSession, body: string): Promise<Outcome> {
    const outcome = await session.answered(await session.send(body));
    if (outcome === 'ignored')
      this.#screen.problem(`The server ignores \`${body}\`: it has no command. /help lists the commands.`);
    return outcome;
  }

  #log(line: LogLine): void {
    const { level, msg } = line;
    const isProblem = !['trace', 'debug', 'info'].includes(level);
    if (!isProblem && !this.options.log) return;
    const fields = JSON.stringify({ ...line, level: undefined, msg: undefined, time: undefined });
    this.#screen.problem(`${level}: ${msg}${fields === '{}' ? '' : ` ${fields}`}`);
  }

  /** Until here a signal ends the process at once, and the server with it. From here it ends in good order. */
  #endOnSignals(): void {
    handleSignals((code) => {
      if (this.#ending.signal.aborted) process.exit(code);
      this.#ending.abort(this.options.once ? code : 0);
    });
    process.stdout.on('error', () => {
      // The program that read the output has ended.
      this.#ending.abort(0);
    });
  }

  async #ended(): Promise<number> {
    const { signal } = this.#ending;
    if (!signal.aborted) await once(signal, 'abort');
    return signal.reason as number;
  }
}

async function startPage(session: DevSession, port: number | undefined): Promise<PageServer> {
  try {
    return await PageServer.start(session.pull.pull, port ?? PORT);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code !== 'EADDRINUSE' && code !== 'EACCES') throw error;
    if (port === undefined) return await PageServer.start(session.pull.pull, 0);
    throw new UsageError(
      `--port: cannot listen at port ${port} (${code === 'EACCES' ? 'permission denied' : 'already in use'}).`,
    );
  }
}

async function died({ server }: DevSession): Promise<never> {
  await once(server.child, 'exit');
  throw new Error(`The server ended unexpectedly.\n${server.stderr.slice(-2000)}`);
}

function exitCodeOf(outcome: Outcome): number {
  return outcome === 'done' ? 0 : 1;
}

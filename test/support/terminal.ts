import { spawn } from 'node:child_process';
import { EventEmitter, once } from 'node:events';

import { endsWithTests } from './interrupted.js';

/** Runs a program in a terminal of its own: what it writes comes out, and what comes in is typed. */
const IN_TERMINAL = 'import os, pty, sys; sys.exit(os.waitstatus_to_exitcode(pty.spawn(sys.argv[1:])))';

/** How long a program may take until it writes what is waited for, in milliseconds. */
const PATIENCE = 60_000;

/** A program in a terminal, and who sits at it. */
export class Terminal {
  /** All that it wrote and that was typed, without colours and with `\n` at the ends of lines. */
  text = '';
  /** Its exit code. */
  readonly ended: Promise<number | null>;
  #read = 0;
  #over = false;
  readonly #news = new EventEmitter();
  readonly #child;

  constructor(
    command: readonly string[],
    { cwd, env }: { readonly cwd: string; readonly env: NodeJS.ProcessEnv },
  ) {
    this.#child = endsWithTests(
      spawn('python3', ['-c', IN_TERMINAL, ...command], { cwd, env, stdio: ['pipe', 'pipe', 'inherit'] }),
    );
    this.#child.stdout.setEncoding('utf8').on('data', (text: string) => {
      // eslint-disable-next-line no-control-regex -- as terminals write colours, and the ends of lines
      this.text += text.replace(/\u001b\[[\d;?]*[A-Za-z]|\r/g, '');
      this.#news.emit('news');
    });
    this.ended = once(this.#child, 'close').then(([code]) => {
      this.#over = true;
      this.#news.emit('news');
      return code as number | null;
    });
  }

  /**
   * Waits until it has written this, after what was waited for before.
   *
   * @throws Error when it ends before, or waits for something else
   */
  async reads(pattern: RegExp): Promise<RegExpExecArray> {
    const signal = AbortSignal.timeout(PATIENCE);
    for (;;) {
      const found = pattern.exec(this.text.slice(this.#read));
      if (found) {
        this.#read += found.index + found[0].length;
        return found;
      }
      if (this.#over || signal.aborted) {
        this.#child.kill();
        throw new Error(`it did not write ${String(pattern)}:\n${this.text}`);
      }
      await once(this.#news, 'news', { signal }).catch(() => undefined);
    }
  }

  /** Answers a question. */
  async answers(question: RegExp, answer: string): Promise<void> {
    await this.reads(question);
    this.#child.stdin.write(`${answer}\n`);
  }
}

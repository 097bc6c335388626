import { Readable } from 'node:stream';

import { quoteOutput } from '../schema/quote.js';
import { FETCH_ALL } from './git-failures.js';
import { exitOf, GitError, gitFailed, spawnGit, type GitProcess } from './run-git.js';

const NEWLINE = 10;
const ARGS = ['cat-file', '--batch', '--buffer'];

/**
 * The content of git objects, in the order asked for, through one process and without holding more than a pipe's worth.
 * Each content must be consumed before the next is asked for; stopping early ends git.
 *
 * @throws GitError when an object is not there
 */
export async function* readBlobs(folder: string, ids: readonly string[]): AsyncGenerator<Readable> {
  if (ids.length === 0) return;
  const child = spawnGit(folder, ARGS);
  const stderr: Buffer[] = [];
  child.stderr.on('data', (chunk: Buffer) => stderr.push(chunk));
  const exit = exitOf(child);
  exit.catch(() => undefined);
  try {
    void feed(child, ids);
    const reader = new ChunkReader(child.stdout);
    for (const id of ids) {
      const line = await reader.line();
      if (line === undefined) {
        throw gitFailed(folder, ARGS, {
          code: await exit,
          stderr: Buffer.concat(stderr).toString('utf8').trim(),
        });
      }
      const [, type, size] = line.split(' ');
      if (type !== 'blob' || size === undefined) throw missing(folder, id, line);
      const content = Readable.from(reader.readBytes(Number(size)), { objectMode: false });
      yield content;
      if (!content.readableEnded) throw new Error('a content was not read to its end before the next');
      await reader.skip(1);
    }
  } finally {
    child.kill('SIGKILL');
    // Unread output would keep the process from being closed.
    child.stdout.destroy();
    await exit.catch(() => undefined);
  }
}

/** Asks for the objects, no faster than git reads. */
async function feed(child: GitProcess, ids: readonly string[]): Promise<void> {
  for (let i = 0; i < ids.length && child.stdin.writable; i += 1000) {
    const more = child.stdin.write(`${ids.slice(i, i + 1000).join('\n')}\n`);
    if (!more) {
      await new Promise<void>((resolve) => {
        child.stdin.once('drain', resolve).once('close', resolve);
      });
    }
  }
  child.stdin.end();
}

function missing(folder: string, id: string, answer: string): GitError {
  return new GitError(
    quoteOutput(`git has no content for object ${id} in ${folder}`, answer),
    `the clone is partial or damaged: run \`${FETCH_ALL}\`, or \`git fsck\` to see what is wrong`,
  );
}

/** Reads lines and counted bytes from a stream. */
class ChunkReader {
  readonly #source: AsyncIterator<Buffer>;
  #rest: Buffer = Buffer.alloc(0);

  constructor(stream: Readable) {
    this.#source = stream.iterator({ destroyOnReturn: false }) as AsyncIterator<Buffer>;
  }

  async #more(): Promise<boolean> {
    const { done, value } = (await this.#source.next()) as IteratorResult<Buffer, undefined>;
    if (done === true) return false;
    this.#rest = this.#rest.length === 0 ? value : Buffer.concat([this.#rest, value]);
    return true;
  }

  /** Up to the next newline, which is dropped; undefined at the end. */
  async line(): Promise<string | undefined> {
    for (;;) {
      const end = this.#rest.indexOf(NEWLINE);
      if (end !== -1) {
        const line = this.#rest.toString('utf8', 0, end);
        this.#rest = this.#rest.subarray(end + 1);
        return line;
      }
      if (!(await this.#more())) return undefined;
    }
  }

  /** The next bytes as they come; none of what follows them. */
  async *readBytes(size: number): AsyncGenerator<Buffer> {
    for (let left = size; left > 0;) {
      if (this.#rest.length === 0 && !(await this.#more())) {
        throw new GitError('git ended in the middle of a file', 'run `git fsck`');
      }
      const part = this.#rest.subarray(0, left);
      this.#rest = this.#rest.subarray(part.length);
      left -= part.length;
      yield part;
    }
  }

  async skip(size: number): Promise<void> {
    while (this.#rest.length < size && (await this.#more()));
    this.#rest = this.#rest.subarray(size);
  }
}

import type { GitHub, PlacedComment, PullRequestRef } from '../ports.js';
import type { Logger } from '../telemetry/log.js';

/** Pull requests that are read at once; the rest of GitHub's concurrency is for commands that are worked on. */
const AT_ONCE = 5;
/** Pull requests that may wait to be read. */
const WAITING = 500;
/** From a delivery to the head. In milliseconds. */
const PATIENCE = 10_000;
/** The head is the comment's when it was read so soon after it was written, in milliseconds by GitHub's clock. */
const FRESH = 15_000;

/** What {@link Heads} needs. */
export interface HeadsOptions {
  readonly github: { readonly pullRequests: Pick<GitHub['pullRequests'], 'read'>; readonly now: () => Date };
  readonly log: Pick<Logger, 'warn'>;
}

interface Reading {
  readonly ref: PullRequestRef;
  /** Undefined where it is not known. */
  readonly head: Promise<string | undefined>;
  readonly resolve: (head: string | undefined) => void;
}

/**
 * Reads the head of a pull request at the moment when a comment arrives, as GitHub doesn't tell it later. Bounded: few
 * are read at once, and comments on one pull request share what has not begun.
 */
export class Heads {
  readonly #waiting = new Map<string, Reading>();
  #running = 0;

  constructor(private readonly options: HeadsOptions) {}

  /** @returns the head when a comment was written; undefined where it's not known. Never rejects. */
  async at({ pullRequest, comment }: PlacedComment): Promise<string | undefined> {
    const head = await this.#read(pullRequest);
    const age = this.options.github.now().getTime() - comment.createdAt.getTime();
    return age <= FRESH ? head : undefined;
  }

  #read(ref: PullRequestRef): Promise<string | undefined> {
    const key = `${ref.repository.id}#${ref.number}`;
    // Only a read that has not begun: a running one may have its answer from before this comment.
    const known = this.#waiting.get(key);
    if (known) return known.head;
    if (this.#waiting.size >= WAITING) return Promise.resolve(undefined);
    const reading = newReading(ref);
    this.#waiting.set(key, reading);
    const timer = setTimeout(() => {
      reading.resolve(undefined);
    }, PATIENCE);
    void reading.head.then(() => {
      clearTimeout(timer);
      if (this.#waiting.get(key) === reading) this.#waiting.delete(key);
    });
    this.#startMore();
    return reading.head;
  }

  #startMore(): void {
    for (const [key, reading] of this.#waiting) {
      if (this.#running >= AT_ONCE) return;
      this.#waiting.delete(key);
      this.#running++;
      void this.#run(reading).finally(() => {
        this.#running--;
        this.#startMore();
      });
    }
  }

  async #run({ ref, resolve }: Reading): Promise<void> {
    const { github, log } = this.options;
    try {
      resolve((await github.pullRequests.read(ref))?.head.commit);
    } catch (err) {
      const { owner, name } = ref.repository;
      log.warn(
        { err, repository: `${owner}/${name}`, pullRequest: ref.number },
        'the head could not be read when a comment arrived',
      );
      resolve(undefined);
    }
  }
}

function newReading(ref: PullRequestRef): Reading {
  let resolve: Reading['resolve'] = () => undefined;
  const head = new Promise<string | undefined>((done) => {
    resolve = done;
  });
  return { ref, head, resolve };
}

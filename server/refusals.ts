import type { Account, Permission, PullRequestRef, Repository } from './ports.js';

const MINUTE = 60_000;
/** How long somebody stays known to have no permission. */
const REFUSED_FOR = 5 * MINUTE;
/** How long nothing is asked again after GitHub did not answer; somebody with permission is not to wait long. */
const UNKNOWN_FOR = MINUTE / 2;
/** How long nobody is told the same again: longer than a comment is looked for, so that each is told of once. */
const TOLD_FOR = 120 * MINUTE;
/** How many people are remembered. */
const MOST = 10_000;

/** What {@link Refusals} is told. */
export interface RefusalsOptions {
  /** Milliseconds. Default: the clock of this machine, by which no time is told but distances. */
  readonly now?: () => number;
  /** How many people are remembered, those that came last. Default: 10,000. */
  readonly most?: number;
  /** Told why a permission could not be asked. */
  readonly onError?: (error: unknown) => void;
}

interface Answer {
  readonly permission: Promise<Permission | 'unknown'>;
  until: number;
}

/**
 * Remembers who has no permission, and who was told so, for a flood of comments to cost one look-up and one answer.
 * What it remembers is bounded; that somebody may do something is never remembered.
 */
export class Refusals {
  readonly #now: () => number;
  readonly #most: number;
  readonly #onError: (error: unknown) => void;
  readonly #answers = new Map<string, Answer>();
  readonly #told = new Map<string, number>();

  constructor({
    now = () => performance.now(),
    most = MOST,
    onError = () => undefined,
  }: RefusalsOptions = {}) {
    this.#now = now;
    this.#most = most;
    this.#onError = onError;
  }

  /** How many people it remembers. */
  get size(): number {
    return Math.max(this.#answers.size, this.#told.size);
  }

  /**
   * What somebody may do. Asks once for those who ask at the same time, and not again for a while for those who may not
   * command. Never fails: what cannot be asked is `unknown`, and `unknown` may nothing.
   */
  permission(
    repository: Repository,
    { id }: Account,
    ask: () => Promise<Permission>,
  ): Promise<Permission | 'unknown'> {
    const key = `${repository.id}/${id}`;
    const known = this.#answers.get(key);
    if (known && known.until > this.#now()) return known.permission;
    const answer: Answer = { permission: this.#ask(ask), until: Infinity };
    this.#keep(this.#answers, key, answer);
    void answer.permission.then((permission) => {
      if (permission === 'unknown') answer.until = this.#now() + UNKNOWN_FOR;
      else if (permission === 'none' || permission === 'read' || permission === 'triage')
        answer.until = this.#now() + REFUSED_FOR;
      else if (this.#answers.get(key) === answer) this.#answers.delete(key);
    });
    return answer.permission;
  }

  /** Whether it was found a moment ago that somebody may not command. */
  isRefused(repository: Repository, { id }: Account): boolean {
    const until = this.#answers.get(`${repository.id}/${id}`)?.until ?? 0;
    return until !== Infinity && until > this.#now();
  }

  /** @returns whether somebody is to be told of a refusal on this pull request: true once, then false for a while. */
  shouldTell({ repository, number }: PullRequestRef, { id }: Account): boolean {
    const key = `${repository.id}/${number}/${id}`;
    const now = this.#now();
    if ((this.#told.get(key) ?? -Infinity) > now) return false;
    this.#keep(this.#told, key, now + TOLD_FOR);
    return true;
  }

  async #ask(ask: () => Promise<Permission>): Promise<Permission | 'unknown'> {
    try {
      return await ask();
    } catch (error) {
      this.#onError(error);
      return 'unknown';
    }
  }

  /** Maps keep the order in which keys came: the first is the oldest. */
  #keep<T>(map: Map<string, T>, key: string, value: T): void {
    map.delete(key);
    map.set(key, value);
    for (const oldest of map.keys()) {
      if (map.size <= this.#most) break;
      map.delete(oldest);
    }
  }
}

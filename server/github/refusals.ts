import { LRUCache } from 'lru-cache';

import type { Account, Permission, PullRequestRef, Repository } from '../ports.js';
import { Window } from './window.js';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
/** How long a missing permission is cached. */
const REFUSED_FOR_MS = 5 * MINUTE_MS;
/**
 * How long a failed look-up is cached, of people who had no permission so far; short, so that someone with permission
 * doesn't wait long.
 */
const UNKNOWN_FOR_MS = MINUTE_MS / 2;
/** How long the same refusal isn't repeated: longer than reconciliation looks back, so each comment gets one. */
const TOLD_FOR_MS = 120 * MINUTE_MS;
/** Most people in the cache. */
const MOST = 10_000;
/** Most refusals for one person per hour, on all pull requests together; each costs up to two writes. */
const TOLD_PER_PERSON = 5;
/** Most refusals in one repository per hour, for anyone: GitHub accepts 500 writes per hour. */
const TOLD_PER_REPOSITORY = 30;
/** Most look-ups per hour and repository of people who aren't known to have permission. */
const LOOK_UPS = 500;

/** Options of {@link Refusals}. */
export interface RefusalsOptions {
  /** In milliseconds; only differences matter. Default: the local clock. */
  readonly now?: () => number;
  /** Most people in the cache, the latest. Default: 10,000. */
  readonly most?: number;
  /** Called with the error of a failed look-up. */
  readonly onError?: (error: unknown) => void;
}

interface PermissionEntry {
  readonly permission: Promise<Permission | 'unknown'>;
  until: number;
}

/**
 * Caches who has no permission and who was told, so that a flood of comments costs few look-ups and replies. Its size is
 * bounded. A permission that someone has is looked up each time, also after a failed look-up; the cache only gives these people
 * priority in a flood.
 */
export class Refusals {
  readonly #now: () => number;
  readonly #onError: (error: unknown) => void;
  readonly #answers: LRUCache<string, PermissionEntry>;
  readonly #told: LRUCache<string, number>;
  readonly #toldPerson: LRUCache<string, Window>;
  readonly #toldInRepository: LRUCache<string, Window>;
  readonly #lookUps: LRUCache<string, Window>;
  readonly #mayCommand: LRUCache<string, true>;

  constructor({
    now = () => performance.now(),
    most = MOST,
    onError = () => undefined,
  }: RefusalsOptions = {}) {
    this.#now = now;
    this.#onError = onError;
    this.#answers = new LRUCache({ max: most });
    this.#told = new LRUCache({ max: most });
    this.#toldPerson = new LRUCache({ max: most });
    this.#toldInRepository = new LRUCache({ max: most });
    this.#lookUps = new LRUCache({ max: most });
    this.#mayCommand = new LRUCache({ max: most });
  }

  /** The number of people in the cache. */
  get size(): number {
    return Math.max(this.#answers.size, this.#told.size, this.#toldPerson.size, this.#mayCommand.size);
  }

  /**
   * A person's permission. Concurrent calls share one look-up, and a missing permission is cached for a while. Never
   * throws: a failed look-up is `unknown`, which allows nothing.
   *
   * @returns `later` if too many other look-ups are pending
   */
  permission(
    repository: Repository,
    { id }: Account,
    ask: () => Promise<Permission>,
  ): Promise<Permission | 'unknown' | 'later'> {
    const key = `${repository.id}/${id}`;
    const known = this.#answers.peek(key);
    if (known && known.until > this.#now()) return known.permission;
    if (!this.#mayAsk(key, repository)) return Promise.resolve('later');
    if (!this.#mayCommand.has(key)) this.#window(this.#lookUps, String(repository.id)).add(this.#now());
    const answer: PermissionEntry = { permission: this.#ask(ask), until: Infinity };
    this.#answers.set(key, answer);
    void answer.permission.then((permission) => {
      if (permission === 'none' || permission === 'read' || permission === 'triage')
        answer.until = this.#now() + REFUSED_FOR_MS;
      else if (permission === 'unknown' && !this.#mayCommand.has(key))
        answer.until = this.#now() + UNKNOWN_FOR_MS;
      else {
        if (permission !== 'unknown') this.#mayCommand.set(key, true);
        this.#answers.delete(key);
      }
    });
    return answer.permission;
  }

  /** Whether a command of this person would be refused or postponed, judged by the cache alone. */
  isRefused(repository: Repository, { id }: Account): boolean {
    const key = `${repository.id}/${id}`;
    const until = this.#answers.peek(key)?.until ?? 0;
    return (until !== Infinity && until > this.#now()) || !this.#mayAsk(key, repository);
  }

  /**
   * @returns whether to reply with a refusal on this pull request: true once, then false for a while; also false if this
   *   person, or everyone together, got too many
   */
  shouldTell({ repository, number }: PullRequestRef, { id }: Account): boolean {
    const key = `${repository.id}/${number}/${id}`;
    const now = this.#now();
    if ((this.#told.peek(key) ?? -Infinity) > now) return false;
    const person = this.#window(this.#toldPerson, String(id));
    const all = this.#window(this.#toldInRepository, String(repository.id));
    if (person.freeAt(now, TOLD_PER_PERSON) > now) return false;
    if (all.freeAt(now, TOLD_PER_REPOSITORY) > now) return false;
    person.add(now);
    all.add(now);
    this.#told.set(key, now + TOLD_FOR_MS);
    return true;
  }

  #mayAsk(key: string, repository: Repository): boolean {
    if (this.#mayCommand.has(key)) return true;
    const now = this.#now();
    return this.#window(this.#lookUps, String(repository.id)).freeAt(now, LOOK_UPS) <= now;
  }

  #window(windows: LRUCache<string, Window>, key: string): Window {
    const window = windows.peek(key) ?? new Window(HOUR_MS);
    windows.set(key, window);
    return window;
  }

  async #ask(ask: () => Promise<Permission>): Promise<Permission | 'unknown'> {
    try {
      return await ask();
    } catch (error) {
      this.#onError(error);
      return 'unknown';
    }
  }
}

import { LRUCache } from 'lru-cache';

import type { Account, Permission, PullRequestRef, Repository } from '../ports.js';
import { Window } from './window.js';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
/** How long somebody stays known to have no permission. */
const REFUSED_FOR_MS = 5 * MINUTE_MS;
/** How long nothing is asked again after GitHub did not answer; somebody with permission is not to wait long. */
const UNKNOWN_FOR_MS = MINUTE_MS / 2;
/** How long nobody is told the same again: longer than a comment is looked for, so that each is told of once. */
const TOLD_FOR_MS = 120 * MINUTE_MS;
/** How many people are remembered. */
const MOST = 10_000;
/** Refusals that one person is told in an hour, on all pull requests together; each costs two writes at most. */
const TOLD_PER_PERSON = 5;
/** Refusals in one repository in an hour, whoever they are for: GitHub takes 500 writes in an hour. */
const TOLD_PER_REPOSITORY = 30;
/** Look-ups in an hour, in one repository, of people of whom it isn't known that they may command. */
const LOOK_UPS = 500;

/** What {@link Refusals} is told. */
export interface RefusalsOptions {
  /** Milliseconds. Default: the clock of this machine, by which no time is told but distances. */
  readonly now?: () => number;
  /** How many people are remembered, those that came last. Default: 10,000. */
  readonly most?: number;
  /** Told why a permission could not be asked. */
  readonly onError?: (error: unknown) => void;
}

interface PermissionEntry {
  readonly permission: Promise<Permission | 'unknown'>;
  until: number;
}

/**
 * Remembers who has no permission, and who was told so, for a flood of comments to cost few look-ups and answers. What it
 * remembers is bounded. That somebody may command is asked each time; it's remembered only to ask in a flood of others.
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

  /** How many people it remembers. */
  get size(): number {
    return Math.max(this.#answers.size, this.#told.size, this.#toldPerson.size, this.#mayCommand.size);
  }

  /**
   * What somebody may do. Asks once for those who ask at the same time, and not again for a while for those who may not
   * command. Never fails: what cannot be asked is `unknown`, and `unknown` may nothing.
   *
   * @returns `later` where so many others were asked for that this one must wait
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
    if (!this.#mayCommand.has(key))
      this.#window(this.#lookUps, String(repository.id), LOOK_UPS).add(this.#now());
    const answer: PermissionEntry = { permission: this.#ask(ask), until: Infinity };
    this.#answers.set(key, answer);
    void answer.permission.then((permission) => {
      if (permission === 'unknown') answer.until = this.#now() + UNKNOWN_FOR_MS;
      else if (permission === 'none' || permission === 'read' || permission === 'triage')
        answer.until = this.#now() + REFUSED_FOR_MS;
      else {
        this.#mayCommand.set(key, true);
        this.#answers.delete(key);
      }
    });
    return answer.permission;
  }

  /** Whether somebody would be refused or put off: found a moment ago, or too many others were asked for. */
  isRefused(repository: Repository, { id }: Account): boolean {
    const key = `${repository.id}/${id}`;
    const until = this.#answers.peek(key)?.until ?? 0;
    return (until !== Infinity && until > this.#now()) || !this.#mayAsk(key, repository);
  }

  /**
   * @returns whether somebody is to be told of a refusal on this pull request: true once, then false for a while; and
   *   false where that person, or everybody together, was told much already
   */
  shouldTell({ repository, number }: PullRequestRef, { id }: Account): boolean {
    const key = `${repository.id}/${number}/${id}`;
    const now = this.#now();
    if ((this.#told.peek(key) ?? -Infinity) > now) return false;
    const person = this.#window(this.#toldPerson, String(id), TOLD_PER_PERSON);
    const all = this.#window(this.#toldInRepository, String(repository.id), TOLD_PER_REPOSITORY);
    if (person.freeAt(now, 1) > now || all.freeAt(now, 1) > now) return false;
    person.add(now);
    all.add(now);
    this.#told.set(key, now + TOLD_FOR_MS);
    return true;
  }

  #mayAsk(key: string, repository: Repository): boolean {
    if (this.#mayCommand.has(key)) return true;
    const now = this.#now();
    return this.#window(this.#lookUps, String(repository.id), LOOK_UPS).freeAt(now, 1) <= now;
  }

  #window(windows: LRUCache<string, Window>, key: string, limit: number): Window {
    const window = windows.peek(key) ?? new Window(limit, HOUR_MS);
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

import { Fifo } from '../../common/fifo.js';

/** Whose turn a piece of work is. */
export interface QueueKey {
  /** GitHub's number of the repository. */
  readonly repository: number;
  /** The pull request's number, or what is pushed: the work of each is done in its order. */
  readonly of: number | string;
}

/** Options of {@link Queue}. */
export interface QueueOptions<T> {
  /**
   * Does pieces of work of one pull request: one, or several that directly follow each other and are `alike`. The signal
   * is aborted when the server cannot wait for it any longer.
   */
  readonly work: (pieces: readonly [T, ...T[]], signal: AbortSignal) => Promise<void>;
  /** Pieces of work of one pull request with the same text may be done together; undefined: alone. Default: alone. */
  readonly groupKey?: (piece: T) => string | undefined;
  /** Pull requests of one repository that are worked on at once. */
  readonly perRepository: number;
  /** Pull requests that are worked on at once in all. */
  readonly total: number;
  /** Pieces of work that may wait. */
  readonly length: number;
  /** Called with what `work` throws; the queue continues. */
  readonly onError: (error: unknown, pieces: readonly [T, ...T[]]) => void;
  /** Called when the number of waiting or running pieces changes. */
  readonly onChange?: (sizes: QueueSizes) => void;
}

/** How full a queue is. */
export interface QueueSizes {
  readonly waiting: number;
  readonly running: number;
  /** Pull requests with work that waits or runs. */
  readonly pullRequests: number;
  /** Repositories with the same. */
  readonly repositories: number;
}

/** Pieces of work that are done together, at most: what is done at once can still be waited for at the end. */
const MOST_TOGETHER = 100;

interface Lane<T> {
  readonly key: QueueKey;
  readonly work: Fifo<T>;
  running: boolean;
}

interface Repository<T> {
  readonly lanes: Map<QueueKey['of'], Lane<T>>;
  /** Pull requests with work of which none runs. */
  readonly ready: Fifo<Lane<T>>;
  running: number;
  /** It waits for its turn. */
  inLine: boolean;
}

/**
 * Work on pull requests, that of one after the other in the order in which it came. Repositories take turns, so that
 * one with much to do keeps nobody waiting longer than its turn. Every step takes the same time, however much waits.
 */
export class Queue<T> {
  readonly #options: QueueOptions<T>;
  readonly #repositories = new Map<number, Repository<T>>();
  readonly #turns = new Fifo<Repository<T>>();
  readonly #abort = new AbortController();
  #waiting = 0;
  #running = 0;
  #pullRequests = 0;
  #draining = false;
  #whenIdle: (() => void)[] = [];

  constructor(options: QueueOptions<T>) {
    this.#options = options;
  }

  /** How full it is. */
  get sizes(): QueueSizes {
    return {
      waiting: this.#waiting,
      running: this.#running,
      pullRequests: this.#pullRequests,
      repositories: this.#repositories.size,
    };
  }

  /** @returns false when the work was not taken: the queue is full, or ends. */
  add(key: QueueKey, piece: T): boolean {
    if (this.#draining || this.#waiting >= this.#options.length) return false;
    const repository = this.#repository(key.repository);
    let lane = repository.lanes.get(key.of);
    if (!lane) {
      lane = { key, work: new Fifo(), running: false };
      repository.lanes.set(key.of, lane);
      this.#pullRequests++;
    }
    lane.work.push(piece);
    this.#waiting++;
    this.#tellChange();
    if (lane.work.size === 1 && !lane.running) this.#makeReady(repository, lane);
    this.#startMore();
    return true;
  }

  /** Ends when nothing waits and nothing runs. */
  async idle(): Promise<void> {
    if (this.#waiting === 0 && this.#running === 0) return;
    await new Promise<void>((resolve) => this.#whenIdle.push(resolve));
  }

  /**
   * Ends the queue: it accepts and starts nothing from now on, and waits for what runs. What waits is dropped, as GitHub
   * still has the comments.
   *
   * @param signal - when the work that still runs is aborted; it is waited for nevertheless
   * @returns how many pieces of work were dropped
   */
  async drain(signal?: AbortSignal): Promise<number> {
    this.#draining = true;
    const dropped = this.#waiting;
    this.#waiting = 0;
    for (const [id, repository] of this.#repositories) {
      for (const lane of repository.lanes.values()) {
        lane.work.clear();
        if (!lane.running) this.#forget(id, repository, lane);
      }
    }
    this.#turns.clear();
    const abort = (): void => {
      this.#abort.abort(signal?.reason);
    };
    if (signal?.aborted) abort();
    signal?.addEventListener('abort', abort, { once: true });
    this.#tellIdle();
    await this.idle();
    signal?.removeEventListener('abort', abort);
    return dropped;
  }

  #repository(id: number): Repository<T> {
    let repository = this.#repositories.get(id);
    if (!repository) {
      repository = { lanes: new Map(), ready: new Fifo(), running: 0, inLine: false };
      this.#repositories.set(id, repository);
    }
    return repository;
  }

  #makeReady(repository: Repository<T>, lane: Lane<T>): void {
    repository.ready.push(lane);
    this.#takeTurn(repository);
  }

  #takeTurn(repository: Repository<T>): void {
    if (repository.inLine || repository.ready.size === 0) return;
    if (repository.running >= this.#options.perRepository) return;
    repository.inLine = true;
    this.#turns.push(repository);
  }

  #startMore(): void {
    while (this.#running < this.#options.total) {
      const repository = this.#turns.shift();
      if (!repository) return;
      repository.inLine = false;
      const lane = repository.ready.shift();
      const pieces = lane && this.#gather(lane.work);
      if (!lane || !pieces) continue;
      lane.running = true;
      repository.running++;
      this.#running++;
      this.#waiting -= pieces.length;
      this.#tellChange();
      this.#takeTurn(repository);
      void this.#run(repository, lane, pieces);
    }
  }

  /** Takes the first, and what directly follows and is like it. */
  #gather(waiting: Fifo<T>): [T, ...T[]] | undefined {
    const { groupKey = () => undefined } = this.#options;
    const first = waiting.shift();
    if (first === undefined) return undefined;
    const pieces: [T, ...T[]] = [first];
    const like = groupKey(first);
    if (like === undefined) return pieces;
    for (
      let next = waiting.first;
      next !== undefined && pieces.length < MOST_TOGETHER;
      next = waiting.first
    ) {
      if (groupKey(next) !== like) break;
      pieces.push(next);
      waiting.shift();
    }
    return pieces;
  }

  async #run(repository: Repository<T>, lane: Lane<T>, pieces: readonly [T, ...T[]]): Promise<void> {
    try {
      // Not within `add`: who adds work is answered first.
      await Promise.resolve();
      await this.#options.work(pieces, this.#abort.signal);
    } catch (error) {
      this.#options.onError(error, pieces);
    } finally {
      lane.running = false;
      repository.running--;
      this.#running--;
      if (lane.work.size > 0) this.#makeReady(repository, lane);
      else this.#forget(lane.key.repository, repository, lane);
      this.#takeTurn(repository);
      this.#startMore();
      this.#tellChange();
      this.#tellIdle();
    }
  }

  #forget(id: number, repository: Repository<T>, lane: Lane<T>): void {
    repository.lanes.delete(lane.key.of);
    this.#pullRequests--;
    if (repository.lanes.size === 0) this.#repositories.delete(id);
  }

  #tellChange(): void {
    this.#options.onChange?.(this.sizes);
  }

  #tellIdle(): void {
    if (this.#waiting > 0 || this.#running > 0) return;
    for (const tell of this.#whenIdle.splice(0)) tell();
  }
}

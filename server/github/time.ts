import type { Clock } from '../../common/clock.js';
import type { Fetch } from './transport.js';

/**
 * The time as GitHub tells it in its answers. What it dates (comments, above all) is compared with this: the clock of
 * this machine may be an hour off.
 */
export class GitHubTime {
  #heard: { readonly time: number; readonly at: number } | undefined;

  constructor(private readonly clock: Clock) {}

  /** The same `fetch`, whose answers tell the time. */
  heardBy(fetch: Fetch): Fetch {
    return async (url, options) => {
      const response = await fetch(url, options);
      const time = Date.parse(response.headers.get('date') ?? '');
      if (Number.isFinite(time)) this.#heard = { time, at: this.clock.now() };
      return response;
    };
  }

  /** Before the first answer: by this machine's clock. */
  now(): Date {
    if (!this.#heard) return new Date();
    return new Date(this.#heard.time + this.clock.now() - this.#heard.at);
  }
}

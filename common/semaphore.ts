import { Fifo } from './fifo.js';

/** Lets so many do something at the same time, and the others wait in the order in which they came. */
export class Semaphore {
  readonly #waiting = new Fifo<() => void>();
  #free: number;

  constructor(places: number) {
    this.#free = places;
  }

  async pass<T>(through: () => Promise<T>): Promise<T> {
    if (this.#free > 0) this.#free--;
    else
      await new Promise<void>((resolve) => {
        this.#waiting.push(resolve);
      });
    try {
      return await through();
    } finally {
      const next = this.#waiting.shift();
      if (next) next();
      else this.#free++;
    }
  }
}

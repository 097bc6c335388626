/** First in, first out; every operation takes the same time, however long it is. */
export class Fifo<T> {
  #in: T[] = [];
  /** Turned round, so that the first is at the end. */
  #out: T[] = [];

  get size(): number {
    return this.#in.length + this.#out.length;
  }

  push(item: T): void {
    this.#in.push(item);
  }

  /** The one that {@link shift} would give. */
  get first(): T | undefined {
    this.#turn();
    return this.#out.at(-1);
  }

  /** @returns the first, or undefined where there is none. */
  shift(): T | undefined {
    this.#turn();
    return this.#out.pop();
  }

  clear(): void {
    this.#in = [];
    this.#out = [];
  }

  #turn(): void {
    if (this.#out.length > 0) return;
    this.#out = this.#in.reverse();
    this.#in = [];
  }
}

/** How many writes went out within a span of time, and when the next one may. */
export class Window {
  #starts: number[] = [];
  #first = 0;

  /** @param span - in milliseconds */
  constructor(private readonly span: number) {}

  add(now: number): void {
    this.#starts.push(now);
  }

  /**
   * When a write may go out.
   *
   * @param allowed - writes in any `span` milliseconds, at least 1
   */
  freeAt(now: number, allowed: number): number {
    this.#forget(now);
    const used = this.#starts.length - this.#first;
    if (used < allowed) return now;
    return (this.#starts[this.#first + used - allowed] ?? now) + this.span;
  }

  #forget(now: number): void {
    while (this.#first < this.#starts.length && (this.#starts[this.#first] ?? now) + this.span <= now)
      this.#first++;
    if (this.#first < 1000) return;
    this.#starts = this.#starts.slice(this.#first);
    this.#first = 0;
  }
}

/** Reads a text character by character. */
export class Scanner {
  readonly #characters: readonly string[];
  #at = 0;

  constructor(readonly text: string) {
    this.#characters = Array.from(text);
  }

  /** @returns the next character, without going on; undefined: the text is over. */
  peek(): string | undefined {
    return this.#characters[this.#at];
  }

  /** @returns the next character. */
  next(): string | undefined {
    return this.#characters[this.#at++];
  }

  /** @returns whether the next character is this one, which is then read. */
  takes(character: string): boolean {
    if (this.peek() !== character) return false;
    this.#at++;
    return true;
  }

  /** @returns the next characters that `pattern`, made for one character, matches. */
  takeWhile(pattern: RegExp): string {
    let taken = '';
    for (let character = this.peek(); character !== undefined; character = this.peek()) {
      if (!pattern.test(character)) break;
      taken += character;
      this.#at++;
    }
    return taken;
  }
}

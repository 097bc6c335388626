import type { Word } from './dockerfile.js';

/** An instruction's text with its continued lines joined, which knows where each character was written. */
export class LogicalLine {
  readonly #parts: { readonly at: number; readonly offset: number; readonly text: string }[] = [];
  #length = 0;
  #text: string | undefined;

  /** @param offset - where the text was written in the file */
  append(text: string, offset: number): void {
    this.#parts.push({ at: this.#length, offset, text });
    this.#length += text.length;
    this.#text = undefined;
  }

  get text(): string {
    return (this.#text ??= this.#parts.map(({ text }) => text).join(''));
  }

  /** @returns the offset in the file of the character at `at`. */
  offset(at: number): number {
    let low = 0;
    let high = this.#parts.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if ((this.#parts[middle]?.at ?? 0) <= at) low = middle;
      else high = middle - 1;
    }
    const part = this.#parts[low];
    return part ? part.offset + at - part.at : 0;
  }

  /** @returns the word between two indices. */
  word(from: number, to: number): Word {
    return { text: this.text.slice(from, to), ...this.span(from, to) };
  }

  /** @returns where the characters from `from` to `to` were written. */
  span(from: number, to: number): { readonly start: number; readonly end: number } {
    const start = this.offset(from);
    // Behind the last character, not before the next one: a continuation can be in between.
    return { start, end: to > from ? this.offset(to - 1) + 1 : start };
  }
}

import type { Diagnostic } from './diagnostic.js';

/** A text that a person wrote, with the name by which they know it. */
export class Source {
  #lineStarts: number[] | undefined;

  constructor(
    /** Path in the repository, or an argument such as `--set a.b=c`. */
    readonly file: string,
    readonly text: string,
  ) {}

  /** Where the characters from `start` to `end` (offsets in the text) stand, for a {@link Diagnostic}. */
  locate(
    start: number,
    end = start + 1,
  ): Pick<Diagnostic, 'file' | 'line' | 'column' | 'length' | 'excerpt'> {
    const starts = (this.#lineStarts ??= lineStarts(this.text));
    const offset = Math.min(Math.max(start, 0), this.text.length);
    let low = 0;
    let high = starts.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if ((starts[middle] ?? 0) <= offset) low = middle;
      else high = middle - 1;
    }
    const lineStart = starts[low] ?? 0;
    const excerpt = this.text.slice(lineStart, starts[low + 1] ?? this.text.length).replace(/\r?\n$|\r$/, '');
    const column = Math.min(offset - lineStart, excerpt.length);
    const length = Math.max(1, Math.min(end - offset, excerpt.length - column));
    return { file: this.file, line: low + 1, column: column + 1, length, excerpt };
  }
}

function lineStarts(text: string): number[] {
  const starts = [0];
  for (let i = text.indexOf('\n'); i >= 0; i = text.indexOf('\n', i + 1)) starts.push(i + 1);
  return starts;
}

/** Where a document begins or ends, inside quotes too. */
export const DOCUMENT_MARK = /\n(?:---|\.\.\.)(?!\S)/;

const DOUBLE_QUOTED = /"(?:[^"\\]|\\[^])*"/y;
const SINGLE_QUOTED = /'(?:[^']|'')*'(?!')/y;

/** @returns the offset of the quote that ends the text whose opening quote is at `start`; undefined where none does. */
export function quoteEnd(text: string, start: number): number | undefined {
  const pattern = text[start] === '"' ? DOUBLE_QUOTED : SINGLE_QUOTED;
  pattern.lastIndex = start;
  const quoted = pattern.exec(text)?.[0];
  return quoted === undefined || DOCUMENT_MARK.test(quoted) ? undefined : start + quoted.length - 1;
}

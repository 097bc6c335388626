import { trimEndOf } from '../../../schema/trim-end.js';

/** Characters that take no room: zero-width ones, soft hyphens, word joiners, marks of the byte order. */
export const NO_WIDTH = /[\u00ad\u200b-\u200f\u2060\ufeff]/g;
/** White space that keyboards and copied text bring along. */
const SPACES = /\s+/g;

/** @returns the line as a person sees it: one plain space between words, nothing invisible. */
export function cleaned(line: string): string {
  return line.replace(NO_WIDTH, '').replace(SPACES, ' ').trim();
}

/** @returns what somebody wrote, as code that can do nothing in Markdown and calls nobody. */
export function harmless(text: string): string {
  const cut = text.length > 60 ? `${text.slice(0, 60)}...` : text;
  return `\`${cut.replace(/[^A-Za-z0-9_.=/-]/g, '?')}\``;
}

/** @returns a word without what ends a sentence or a clause. */
export function withoutPunctuation(word: string): string {
  return trimEndOf(word, '.,;:!?');
}

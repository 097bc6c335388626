import { withoutPunctuation } from './words.js';

/** Shorter words have too many neighbours: `/ran` is nobody's `/run`. */
const SHORTEST = 4;

/**
 * @returns the verb of these that somebody plainly meant: the same but for `-`, `_` and punctuation at its end, or one
 *   slip away. Words of other bots are further off.
 */
export function nearVerb(word: string, verbs: readonly { readonly name: string }[]): string | undefined {
  const bare = withoutPunctuation(word);
  if (!/^[a-z][a-z_-]{2,20}$/.test(bare)) return undefined;
  const plain = bare.replace(/[_-]/g, '');
  return verbs
    .map(({ name }) => name)
    .find((name) => {
      const known = name.replace(/[_-]/g, '');
      if (known === plain) return true;
      if (known.length < SHORTEST) return false;
      return known.length === SHORTEST ? isSwap(known, plain) : isOneSlip(known, plain);
    });
}

/** @returns whether one letter is missing, too much, another, or has changed places with its neighbour. */
export function isOneSlip(a: string, b: string): boolean {
  if (Math.abs(a.length - b.length) > 1 || a === b) return false;
  let start = 0;
  while (start < a.length && a[start] === b[start]) start++;
  let end = 0;
  const room = Math.min(a.length, b.length) - start;
  while (end < room && a[a.length - 1 - end] === b[b.length - 1 - end]) end++;
  return Math.max(a.length, b.length) - start - end === 1 || isSwap(a, b);
}

function isSwap(a: string, b: string): boolean {
  if (a.length !== b.length || a === b) return false;
  let i = 0;
  while (a[i] === b[i]) i++;
  return a[i] === b[i + 1] && a[i + 1] === b[i] && a.slice(i + 2) === b.slice(i + 2);
}

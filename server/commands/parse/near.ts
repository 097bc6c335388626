import { isOneSlip, isSwap } from '../../../common/suggest.js';
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

import { isOneSlip, isSwap } from '../../../common/suggest.js';
import { VERBS, type Verb } from './grammar.js';
import { withoutPunctuation } from './words.js';

/** Shorter words have too many neighbours: `/ran` is nobody's `/run`. */
const SHORTEST = 4;

/**
 * @returns the verb that somebody plainly meant: the same but for `-`, `_` and punctuation at its end, or one slip away. Words of other bots
 *   are further off.
 */
export function nearVerb(word: string): Verb | undefined {
  const bare = withoutPunctuation(word);
  if (!/^[a-z][a-z_-]{2,20}$/.test(bare)) return undefined;
  const plain = bare.replace(/[_-]/g, '');
  return VERBS.map(({ verb }) => verb).find((verb) => {
    const known = verb.replace(/[_-]/g, '');
    if (known === plain) return true;
    if (known.length < SHORTEST) return false;
    return known.length === SHORTEST ? isSwap(known, plain) : isOneSlip(known, plain);
  });
}

import { BudgetError, type StepBudget } from './glob.js';

/** Longer words are not compared: nobody mistypes them by a letter or two and waits for a hint. */
const LONGEST = 200;

/**
 * What somebody probably meant: the candidate with the fewest edits, if they are few for the word's length.
 *
 * @param candidates the first of those equally near wins
 * @param budget once it is used up, nothing is guessed
 */
export function nearest(word: string, candidates: Iterable<string>, budget: StepBudget): string | undefined {
  try {
    return nearestOf(word, candidates, budget);
  } catch (error) {
    if (error instanceof BudgetError) return undefined;
    throw error;
  }
}

function nearestOf(word: string, candidates: Iterable<string>, budget: StepBudget): string | undefined {
  if (word.length > LONGEST) return undefined;
  let best: string | undefined;
  let least = Math.floor(word.length / 3) + 1;
  for (const candidate of candidates) {
    budget.spend(1);
    if (Math.abs(candidate.length - word.length) >= least) continue;
    budget.spend(word.length * candidate.length);
    const edits = distance(word.toLowerCase(), candidate.toLowerCase());
    if (edits < least) [best, least] = [candidate, edits];
  }
  return best;
}

/** Levenshtein's distance. */
function distance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, i) => i);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const change = (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      next.push(Math.min(change, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1));
    }
    row = next;
  }
  return row[b.length] ?? 0;
}

/** Longer words are not compared: nobody mistypes them by a letter or two and waits for a hint. */
const LONGEST = 200;

/**
 * For names, where only letters and digits matter: `dockerfileFolder-path` and `dockerfile_folder_path` are the same
 * word, and a part of a name is near to it.
 *
 * @returns the candidate that is most like `word`, or undefined where none is near.
 */
export function suggest(word: string, candidates: readonly string[]): string | undefined {
  const wanted = simplify(word);
  let best: { candidate: string; distance: number } | undefined;
  for (const candidate of candidates) {
    const known = simplify(candidate);
    const part = wanted.length >= 4 && (known.includes(wanted) || wanted.includes(known));
    const distance = Math.min(editDistance(wanted, known), part ? 2 : Infinity);
    const limit = Math.max(1, Math.floor(Math.max(wanted.length, known.length) / 3));
    if (distance <= Math.max(limit, part ? 2 : 0) && (!best || distance < best.distance))
      best = { candidate, distance };
  }
  return best?.candidate;
}

/**
 * For paths and codes, where every character counts: the candidate with the fewest edits, if they are few for the
 * word's length. The first of those equally near wins.
 *
 * @param spend - called before each comparison with its number of steps; an error that it throws ends the search
 */
export function nearest(
  word: string,
  candidates: Iterable<string>,
  spend: (steps: number) => void = () => undefined,
): string | undefined {
  if (word.length > LONGEST) return undefined;
  let best: string | undefined;
  let least = Math.floor(word.length / 3) + 1;
  for (const candidate of candidates) {
    spend(1);
    if (Math.abs(candidate.length - word.length) >= least) continue;
    spend(word.length * candidate.length);
    const edits = editDistance(word.toLowerCase(), candidate.toLowerCase());
    if (edits < least) [best, least] = [candidate, edits];
  }
  return best;
}

/** @returns whether one letter is missing, added or replaced, or has changed places with its neighbour. */
export function isOneSlip(a: string, b: string): boolean {
  return Math.abs(a.length - b.length) <= 1 && editDistance(a, b) === 1;
}

/** @returns whether two neighbouring letters have changed places, and nothing else. */
export function isSwap(a: string, b: string): boolean {
  if (a.length !== b.length || a === b) return false;
  let i = 0;
  while (a[i] === b[i]) i++;
  return a[i] === b[i + 1] && a[i + 1] === b[i] && a.slice(i + 2) === b.slice(i + 2);
}

/** A key can be a book: cut it. */
function simplify(word: string): string {
  return word
    .slice(0, 80)
    .toLowerCase()
    .replace(/[^a-z0-9]/g, '');
}

/** Levenshtein distance, where two neighbours that changed places count as one slip. */
function editDistance(a: string, b: string): number {
  let before: number[] = [];
  let row = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const replaced = (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      const swapped =
        a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1] ? (before[j - 2] ?? Infinity) + 1 : Infinity;
      next.push(Math.min(replaced, swapped, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1));
    }
    before = row;
    row = next;
  }
  return row[b.length] ?? 0;
}

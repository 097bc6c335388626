/** @returns the candidate that is most like `word`, or undefined where none is near. */
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

/** `dockerfileFolder-path` and `dockerfile_folder_path` are one word to a person. A key can be a book: cut it. */
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

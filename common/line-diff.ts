import type { LineChange } from './hunks.js';

/** Added and removed lines up to which the shortest difference is looked for: memory grows with their square. */
const MOST_EDITS = 1_000;

/**
 * The shortest difference of two texts, by lines (Myers, “An O(ND) Difference Algorithm”, 1986). Of texts with more than
 * 1,000 added and removed lines, all between their common start and end counts as replaced.
 *
 * @returns the changes that make `after` of `before`
 */
export function lineChanges(
  before: readonly string[],
  after: readonly string[],
  mostEdits = MOST_EDITS,
): LineChange[] {
  let start = 0;
  while (start < before.length && start < after.length && before[start] === after[start]) start++;
  let end = 0;
  const most = Math.min(before.length, after.length) - start;
  while (end < most && before[before.length - 1 - end] === after[after.length - 1 - end]) end++;
  const [a, b] = [before.slice(start, before.length - end), after.slice(start, after.length - end)];
  if (a.length === 0 && b.length === 0) return [];
  const kept = commonLines(a, b, mostEdits) ?? [];
  const changes: LineChange[] = [];
  let [i, j] = [0, 0];
  for (const [x, y] of [...kept, [a.length, b.length] as const]) {
    if (x > i || y > j) changes.push({ from: start + i, to: start + x, added: b.slice(j, y) });
    [i, j] = [x + 1, y + 1];
  }
  return changes;
}

/** Places of the lines that both have, in order; undefined where they differ in too many. */
function commonLines(
  a: readonly string[],
  b: readonly string[],
  mostEdits: number,
): (readonly [number, number])[] | undefined {
  const limit = Math.min(mostEdits, a.length + b.length);
  // For each number of edits, how far each diagonal got before them.
  const trace: Int32Array[] = [];
  const reached = new Int32Array(2 * limit + 3);
  const at = (k: number): number => k + limit + 1;
  for (let edits = 0; edits <= limit; edits++) {
    trace.push(reached.slice(at(-edits) - 1, at(edits) + 2));
    for (let k = -edits; k <= edits; k += 2) {
      const [below, above] = [reached[at(k - 1)] ?? 0, reached[at(k + 1)] ?? 0];
      let x = k === -edits || (k !== edits && below < above) ? above : below + 1;
      let y = x - k;
      while (x < a.length && y < b.length && a[x] === b[y]) [x, y] = [x + 1, y + 1];
      reached[at(k)] = x;
      if (x >= a.length && y >= b.length) return walkBack(trace, a.length, b.length);
    }
  }
  return undefined;
}

function walkBack(
  trace: readonly Int32Array[],
  width: number,
  height: number,
): (readonly [number, number])[] {
  const kept: (readonly [number, number])[] = [];
  let [x, y] = [width, height];
  for (let edits = trace.length - 1; edits >= 0; edits--) {
    const reached = trace[edits];
    const got = (k: number): number => reached?.[k + edits + 1] ?? 0;
    const k = x - y;
    const before = k === -edits || (k !== edits && got(k - 1) < got(k + 1)) ? k + 1 : k - 1;
    const [fromX, fromY] = edits === 0 ? [0, 0] : [got(before), got(before) - before];
    while (x > fromX && y > fromY) {
      [x, y] = [x - 1, y - 1];
      kept.push([x, y]);
    }
    [x, y] = [fromX, fromY];
  }
  return kept.reverse();
}

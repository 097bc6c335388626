/** From the first character to the one after the last. */
type Span = readonly [start: number, end: number];

/**
 * Finds which lines of a paragraph stand, in whole or in part, in a code span or an HTML comment that goes over several
 * lines. Linear: each mark is looked at once.
 *
 * @returns the positions of these lines
 */
export function hiddenLines(lines: readonly string[]): ReadonlySet<number> {
  const hidden = new Set<number>();
  if (lines.length < 2) return hidden;
  let line = 0;
  let end = lines[0]?.length ?? 0;
  for (const [from, to] of spans(lines.join('\n'))) {
    // Spans come in order, and so the lines are walked through once.
    while (end < from) end += 1 + (lines[++line]?.length ?? 0);
    if (end >= to) continue;
    hidden.add(line);
    while (end < to) {
      end += 1 + (lines[++line]?.length ?? 0);
      hidden.add(line);
    }
  }
  return hidden;
}

/** Code spans and comments of a paragraph, in order. What is opened and never closed is text. */
function* spans(text: string): Generator<Span> {
  const closingRun = runsByLength(text);
  let comments = true;
  // A backslash takes the meaning from the mark behind it; not in a code span, where the search does not come.
  const mark = /\\[!-/:-@[-`{-~]|`+|<!--/g;
  for (let found = mark.exec(text); found; found = mark.exec(text)) {
    const [token] = found;
    let end: number | undefined;
    if (token.startsWith('`')) {
      end = closingRun(token.length, mark.lastIndex);
    } else if (token === '<!--' && comments) {
      end = endOfComment(text, found.index);
      comments = end !== undefined;
    }
    if (end === undefined) continue;
    yield [found.index, end];
    mark.lastIndex = end;
  }
}

/** @returns where the comment ends that begins at `start`; `<!-->` and `<!--->` are whole comments. */
function endOfComment(text: string, start: number): number | undefined {
  const close = text.indexOf('-->', start + 2);
  return close < 0 ? undefined : close + 3;
}

/** @returns a function that tells where the next run of this many backticks ends, asked with growing positions. */
function runsByLength(text: string): (length: number, from: number) => number | undefined {
  const starts = new Map<number, number[]>();
  for (const { 0: run, index } of text.matchAll(/`+/g)) {
    const same = starts.get(run.length);
    if (same) same.push(index);
    else starts.set(run.length, [index]);
  }
  for (const same of starts.values()) same.reverse();
  return (length, from) => {
    const same = starts.get(length) ?? [];
    while ((same.at(-1) ?? from) < from) same.pop();
    const start = same.at(-1);
    return start === undefined ? undefined : start + length;
  };
}

import { matchesOne, parsePattern, type Token } from './glob-syntax.js';

/** Ends work on what was made to be slow before it keeps the process busy. */
export class StepBudget {
  /** @param left - how many steps are allowed in all: of patterns, comparisons of a character with a pattern's part */
  constructor(private left: number) {}

  /** @throws BudgetError */
  spend(steps: number): void {
    this.left -= steps;
    if (this.left < 0) throw new BudgetError(this);
  }
}

/** A {@link StepBudget} is used up. */
export class BudgetError extends Error {
  override readonly name = 'BudgetError';

  constructor(readonly budget: StepBudget) {
    super('a budget is used up');
  }
}

/** Whether a path, from the context's root, matches. */
export type Glob = (path: string) => boolean;

const SLASH = 47;

/**
 * A pattern of a .dockerignore as a function. The meaning is that of moby/patternmatcher: Go's `filepath.Match` and
 * `**`, case-sensitive, the whole path. It runs all alternatives side by side, so its time is at most pattern × path:
 * no pattern makes it explode as a regular expression would.
 *
 * @param pattern - cleaned, without `!`
 * @throws PatternError
 */
export function compileGlob(pattern: string, budget: StepBudget): Glob {
  const shortcut = compilePlain(pattern, budget);
  if (shortcut) return shortcut;
  const tokens = parsePattern(pattern);
  const firstWild = tokens.findIndex((token) => token.kind !== 'character');
  const lastWild = tokens.findLastIndex((token) => token.kind !== 'character');
  const head = literal(tokens.slice(0, firstWild < 0 ? undefined : firstWild));
  const tail = literal(tokens.slice(lastWild + 1));
  const part = longestLiteral(tokens);
  const simulate = simulator(tokens, budget);
  return (path) => {
    // Searching long texts for long parts costs too, if far less than a step for each character.
    budget.spend(1 + ((part.length * path.length) >>> 12));
    return path.startsWith(head) && path.endsWith(tail) && path.includes(part) && simulate(path);
  };
}

/** moby compares patterns without anything special but `**` at one end as texts: `**file` matches `profile`, too. */
function compilePlain(pattern: string, budget: StepBudget): Glob | undefined {
  if (/^[^*?[\]\\]*$/.test(pattern)) return (path) => (budget.spend(1), path === pattern);
  const [, suffix] = /^\*\*([^*?[\]\\]*)$/.exec(pattern) ?? [];
  if (suffix !== undefined) {
    return (path) => (
      budget.spend(1),
      path.endsWith(suffix) || (suffix.startsWith('/') && path === suffix.slice(1))
    );
  }
  const [, prefix] = /^([^*?[\]\\]+)\*\*$/.exec(pattern) ?? [];
  return prefix === undefined ? undefined : (path) => (budget.spend(1), path.startsWith(prefix));
}

/** The longest plain text in a pattern: without it there is no match, and most paths are without it. */
function longestLiteral(tokens: readonly Token[]): string {
  let longest = '';
  let current = '';
  for (const token of tokens) {
    current = token.kind === 'character' ? current + String.fromCodePoint(token.code) : '';
    if (current.length > longest.length) longest = current;
  }
  return longest;
}

function literal(tokens: readonly Token[]): string {
  return tokens.map((token) => (token.kind === 'character' ? String.fromCodePoint(token.code) : '')).join('');
}

/** Runs through a path with the set of all places in the pattern where a match can be. */
function simulator(tokens: readonly Token[], budget: StepBudget): Glob {
  const end = tokens.length;
  /** The step at which a place was last reached, with and without what may follow it at once. */
  const reached = new Uint32Array(end + 1);
  const entered = new Uint32Array(end + 1);
  const weight = tokens.reduce(
    (most, token) => (token.kind === 'class' ? Math.max(most, token.ranges.length) : most),
    1,
  );
  let now = 0;
  let places: number[] = [];
  let next: number[] = [];
  const stay = (place: number): void => {
    if (reached[place] === now) return;
    reached[place] = now;
    next.push(place);
  };
  const enter = (from: number): void => {
    for (let place = from; entered[place] !== now; place++) {
      entered[place] = now;
      stay(place);
      const kind = tokens[place]?.kind;
      if (kind !== 'star' && kind !== 'rest' && kind !== 'folders') return;
    }
  };
  return (path) => {
    next = [];
    now++;
    enter(0);
    for (let at = 0; at < path.length; at++) {
      const code = path.codePointAt(at) ?? 0;
      if (code > 0xffff) at++;
      [places, next] = [next, places];
      next.length = 0;
      now++;
      budget.spend(places.length * weight);
      for (const place of places) step(tokens[place], code, place, stay, enter);
      if (next.length === 0) return false;
    }
    return next.includes(end);
  };
}

function step(
  token: Token | undefined,
  code: number,
  place: number,
  stay: (place: number) => void,
  enter: (place: number) => void,
): void {
  switch (token?.kind) {
    case undefined:
      return;
    case 'star':
      if (code !== SLASH) enter(place);
      return;
    case 'rest':
      enter(place);
      return;
    case 'folders':
      stay(place);
      if (code === SLASH) enter(place + 1);
      return;
    case 'character':
    case 'any':
    case 'class':
      if (matchesOne(token, code)) enter(place + 1);
  }
}

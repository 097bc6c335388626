/** A pattern that Docker calls malformed. */
export class PatternError extends Error {
  override readonly name = 'PatternError';
}

/** A part of a pattern. */
export type Token =
  | { readonly kind: 'character'; readonly code: number }
  /** `?`: one character but `/`. */
  | { readonly kind: 'any' }
  /** `*`: any number of characters but `/`. */
  | { readonly kind: 'star' }
  /** `**` at the end: all the rest. */
  | { readonly kind: 'rest' }
  /** `**` or `**` with a slash: nothing, or anything that ends with `/`. */
  | { readonly kind: 'folders' }
  | CharacterClass;

interface CharacterClass {
  readonly kind: 'class';
  readonly negated: boolean;
  readonly ranges: readonly (readonly [number, number])[];
}

/**
 * The parts of a pattern, as moby/patternmatcher has them: it asks Go's `filepath.Match` whether the pattern is well
 * formed, then makes a regular expression of it, which takes more (`[a-]`, `[]a]`).
 *
 * @param pattern - cleaned, without `!`
 * @throws PatternError
 */
export function parsePattern(pattern: string): Token[] {
  const characters = Array.from(pattern);
  checkAsGo(characters);
  const tokens: Token[] = [];
  for (let i = 0; i < characters.length; i++) {
    const c = characters[i] ?? '';
    if (c === '*' && characters[i + 1] === '*') {
      i += characters[i + 2] === '/' ? 2 : 1;
      tokens.push({ kind: i === characters.length - 1 ? 'rest' : 'folders' });
    } else if (c === '*') {
      tokens.push({ kind: 'star' });
    } else {
      const { token, end } = parseOne(characters, i, false);
      tokens.push(token);
      i = end;
    }
  }
  return tokens;
}

/**
 * Throws where Go's `filepath.Match(pattern, '.')` says that the pattern is malformed. It looks at the parts between
 * stars one by one, and at none behind the first that fails, so `*[-]` is malformed and `a*[-]` is not. A part that is
 * longer than one character cannot match a dot.
 */
function checkAsGo(characters: readonly string[]): void {
  let name = '.';
  for (let at = 0; at < characters.length;) {
    while (characters[at] === '*') at++;
    const end = partEnd(characters, at);
    const part = characters.slice(at, end);
    const tokens: Token[] = [];
    for (let i = 0; i < part.length; i++) {
      const { token, end: last } = parseOne(part, i, true);
      tokens.push(token);
      i = last;
    }
    const [only] = tokens;
    if (tokens.length !== 1 || only === undefined || name === '' || !matchesOne(only, DOT)) return;
    name = '';
    at = end;
  }
}

/** Where the part that begins here ends: at a `*` that is in no class. */
function partEnd(characters: readonly string[], start: number): number {
  let inClass = false;
  for (let i = start; i < characters.length; i++) {
    const c = characters[i];
    if (c === '\\') i++;
    else if (c === '[') inClass = true;
    else if (c === ']') inClass = false;
    else if (c === '*' && !inClass) return i;
  }
  return characters.length;
}

const DOT = 46;
const SLASH = 47;

/** Whether a part that matches one character matches this one. */
export function matchesOne(token: Token, code: number): boolean {
  if (token.kind === 'character') return token.code === code;
  if (token.kind === 'any') return code !== SLASH;
  return (
    token.kind === 'class' &&
    token.ranges.some(([low, high]) => low <= code && code <= high) !== token.negated
  );
}

/** One part that is no star. */
function parseOne(
  characters: readonly string[],
  start: number,
  strict: boolean,
): { readonly token: Token; readonly end: number } {
  const c = characters[start] ?? '';
  if (c === '?') return { token: { kind: 'any' }, end: start };
  if (c === '[') return parseClass(characters, start, strict);
  const end = c === '\\' ? start + 1 : start;
  const code = characters[end]?.codePointAt(0);
  if (code === undefined) throw new PatternError('it ends with a `\\`');
  return { token: { kind: 'character', code }, end };
}

/**
 * `[` [`^`] ranges `]`; a `\` before a character means just it.
 *
 * @param strict - Go's `filepath.Match`: `-` and `]` match themselves only behind a `\`. Else, as in a regular
 * expression, `]` does where it is the first, and `-` where it is no range.
 */
function parseClass(
  characters: readonly string[],
  start: number,
  strict: boolean,
): { readonly token: CharacterClass; readonly end: number } {
  let i = start + 1;
  const negated = characters[i] === '^';
  if (negated) i++;
  const readCharacter = (): number => {
    const c = characters[i];
    if (strict && (c === '-' || c === ']'))
      throw new PatternError('its `[` is not followed by a valid range');
    const taken = c === '\\' ? characters[++i] : c;
    if (taken === undefined) throw new PatternError('its `[` has no `]`');
    i++;
    return taken.codePointAt(0) ?? 0;
  };
  const ranges: [number, number][] = [];
  while (characters[i] !== ']' || ranges.length === 0) {
    const low = readCharacter();
    let high = low;
    if (characters[i] === '-' && (strict || characters[i + 1] !== ']')) {
      i++;
      high = readCharacter();
    }
    // Go does not look at the order; a regular expression does.
    if (high < low && !strict) throw new PatternError('a range of its `[` ends before it begins');
    ranges.push([low, high]);
  }
  return { token: { kind: 'class', negated, ranges }, end: i };
}

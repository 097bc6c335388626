/** A pattern that BuildKit refuses, or that takes too long to match. */
export class PatternError extends Error {
  override readonly name = 'PatternError';
}

/** How many comparisons a pattern can take: enough for any image's name, and done in a moment. */
const MOST_STEPS = 2 ** 16;

/** What a pattern is made of: `?`, `*`, or a character. */
type Token = { readonly any: 'one' | 'many' } | { readonly character: string };

/**
 * `${name#pattern}` and `${name%pattern}`: the value without what the pattern matches at its start or end.
 *
 * @param isGreedy - the longest match instead of the shortest
 * @throws PatternError
 * @see https://github.com/moby/buildkit/blob/v0.22.0/frontend/dockerfile/shell/lex.go
 */
export function trimPattern(
  value: string,
  pattern: string,
  side: 'start' | 'end',
  isGreedy: boolean,
): string {
  const characters = Array.from(value);
  if (side === 'end') {
    const reversed = trimStart(characters.reverse(), parsePattern(reversePattern(pattern)), isGreedy);
    return reversed.reverse().join('');
  }
  return trimStart(characters, parsePattern(pattern), isGreedy).join('');
}

/**
 * `${name/pattern/replacement}` and, with `isAll`, `${name//pattern/replacement}`, whose replacement is a template of
 * Go's regular expressions, as in BuildKit.
 *
 * @throws PatternError
 */
export function replacePattern(value: string, pattern: string, replacement: string, isAll: boolean): string {
  const characters = Array.from(value);
  const tokens = parsePattern(pattern);
  checkSteps(characters.length ** 2 * (tokens.length + 1));
  let result = '';
  let copied = 0;
  for (let at = 0; at <= characters.length;) {
    const match = firstMatch(characters, tokens, at);
    if (!match) break;
    const [start, end] = match;
    result += characters.slice(copied, start).join('');
    // Go ignores an empty match next to the match before it.
    if (end > copied || start === 0) {
      result += isAll ? fromTemplate(replacement, characters.slice(start, end).join('')) : replacement;
    }
    copied = end;
    if (!isAll) break;
    at = Math.max(at + 1, end);
  }
  return result + characters.slice(copied).join('');
}

function trimStart(value: readonly string[], tokens: readonly Token[], isGreedy: boolean): string[] {
  checkSteps(value.length * (tokens.length + 1));
  return value.slice(matchEnd(value, tokens, 0, isGreedy) ?? 0);
}

function firstMatch(
  value: readonly string[],
  tokens: readonly Token[],
  from: number,
): readonly [start: number, end: number] | undefined {
  for (let start = from; start <= value.length; start++) {
    const end = matchEnd(value, tokens, start, true);
    if (end !== undefined) return [start, end];
  }
  return undefined;
}

/** Where the longest or the shortest match from `start` ends: all places in the pattern are followed at once. */
function matchEnd(
  value: readonly string[],
  tokens: readonly Token[],
  start: number,
  isGreedy: boolean,
): number | undefined {
  let reached = withStars(tokens, new Set([0]));
  let found: number | undefined;
  for (let at = start; reached.size > 0; at++) {
    if (reached.has(tokens.length)) {
      found = at;
      if (!isGreedy) return found;
    }
    const character = value[at];
    if (character === undefined) break;
    const next = new Set<number>();
    for (const place of reached) {
      const token = tokens[place];
      if (token === undefined) continue;
      if ('character' in token) {
        if (token.character === character) next.add(place + 1);
      } else if (character !== '\n') next.add(token.any === 'one' ? place + 1 : place);
    }
    reached = withStars(tokens, next);
  }
  return found;
}

/** Adds the places behind each `*`, which can match nothing. */
function withStars(tokens: readonly Token[], places: Set<number>): Set<number> {
  for (const place of places) {
    const token = tokens[place];
    if (token && 'any' in token && token.any === 'many') places.add(place + 1);
  }
  return places;
}

function parsePattern(pattern: string): readonly Token[] {
  const characters = Array.from(pattern);
  const tokens: Token[] = [];
  for (let at = 0; at < characters.length; at++) {
    const character = characters[at] ?? '';
    const next = characters[at + 1];
    if (character === '*') tokens.push({ any: 'many' });
    else if (character === '?') tokens.push({ any: 'one' });
    else if (character !== '\\') tokens.push({ character });
    else if (next !== '}' && next !== '/') {
      if (next !== '*' && next !== '?' && next !== '\\') {
        throw new PatternError(`the pattern \`${pattern}\` has an invalid escape`);
      }
      tokens.push({ character: next });
      at++;
    }
  }
  return tokens;
}

/** Reverses a pattern, but not the order of a `\` and what it escapes. */
function reversePattern(pattern: string): string {
  return Array.from(pattern.matchAll(/\\[^]|[^]/gu), ([part]) => part)
    .reverse()
    .join('');
}

function fromTemplate(template: string, match: string): string {
  return template.replace(
    /\$(?:(\$)|\{(\w+)\}|(\w+))/g,
    (_, dollar: string | undefined, braced: string | undefined, bare: string | undefined) =>
      dollar ?? (Number(braced ?? bare) === 0 ? match : ''),
  );
}

function checkSteps(steps: number): void {
  if (steps > MOST_STEPS) throw new PatternError('a pattern is compared with a text that is too long');
}

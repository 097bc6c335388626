/** What may follow a token, at the end of a rule. Before a comma or a bracket it is a token, too. */
const ENDS: readonly (readonly [re2: string, js: string])[] = [
  ['(?:[\\x60\'"\\s;]|\\\\[nr]|$)', '(?!\\w)'],
  ['(?:[\\x60\'"\\s;]|\\\\[nr]|$|\\b)', '(?!\\w)'],
  ['(?:[^\\w-]|\\z)', '(?![\\w-])'],
  ['(?:[^a-zA-Z0-9+/]|\\z)', '(?![a-zA-Z0-9+/])'],
];

/** One element of an expression: an escape, a class, the start of a group, or a character. */
const ELEMENT =
  /\\x[0-9a-fA-F]{2}|\\[\s\S]|\[(?:\[:\w+:\]|\\[\s\S]|[^\]\\])*\]|\(\?-?[a-z]*[:)]|[()]|\{[\d,]*\}|[\s\S]/g;

/**
 * Translates an expression of RE2 to JavaScript, without the flags that stand inside of it, and without groups that
 * capture.
 *
 * @throws when it has what this doesn't know
 */
export function translate(re2: string): { source: string; flags: string } {
  const end = ENDS.find(([suffix]) => re2.endsWith(suffix));
  const body = end ? re2.slice(0, -end[0].length) : re2;
  const all = body.startsWith('(?i)') && !body.includes('(?-i');
  const source = all ? elements(body.slice('(?i)'.length), true) : elements(body, false);
  return { source: source + (end?.[1] ?? ''), flags: all ? 'gi' : 'g' };
}

/** @param flagged - the expression's own flag has no difference of case */
function elements(body: string, flagged: boolean): string {
  const outer: boolean[] = [];
  let ignoreCase = false;
  return (body.match(ELEMENT) ?? [])
    .map((element) => {
      const group = /^\(\?(-?)(i?)([:)])$/.exec(element);
      if (group || element === '(') {
        const [, minus, i, closing = ':'] = group ?? [];
        if (closing === ':') outer.push(ignoreCase);
        if (i) ignoreCase = !minus;
        return closing === ':' ? '(?:' : '';
      }
      if (element === ')') {
        ignoreCase = outer.pop() ?? false;
        return ')';
      }
      if (element.startsWith('(?') || element === '\\z') throw new Error(`${element} in ${body}`);
      if (element === '/') return '\\/';
      const known = element.replace('[:alnum:]', 'A-Za-z0-9');
      if (!ignoreCase || flagged) return known;
      if (/^[a-z]$/i.test(known)) return `[${known.toLowerCase()}${known.toUpperCase()}]`;
      return known.startsWith('[') ? bothCases(known) : known;
    })
    .join('');
}

/** Adds the other case to a class of characters. */
function bothCases(set: string): string {
  const escapes = /\\[\s\S]|[a-z](?:-[a-z])?/gi;
  return set.replace(escapes, (part) => {
    if (part.startsWith('\\')) return part;
    const [lower, upper] = [part.toLowerCase(), part.toUpperCase()];
    return `${lower}${upper}`;
  });
}

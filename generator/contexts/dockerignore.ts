import { PatternError } from './glob-syntax.js';
import { compileGlob, type Glob, type StepBudget } from './glob.js';

/** Go reads lines of up to this many bytes; Docker refuses a file with a longer one, a comment, too. */
const LONGEST_LINE_BYTES = 65535;
/** More patterns than anybody writes. */
const MOST_PATTERNS = 10_000;
/** Wrong lines that are told. */
const MOST_PROBLEMS = 20;
/** A pattern that is only looked at costs this part of a step. */
const LOOK_SHIFT = 3;

interface Pattern {
  /** With `!`: what it matches is delivered after all. */
  readonly exception: boolean;
  readonly matches: Glob;
  /** From 1. */
  readonly line: number;
}

/** A line of a .dockerignore that Docker would refuse. */
export interface IgnoreProblem {
  readonly line: number;
  readonly pattern: string;
  readonly reason: string;
}

/** What a .dockerignore says. */
export interface IgnoreFile {
  readonly patterns: readonly Pattern[];
  /** What the patterns spend on paths. */
  readonly budget: StepBudget;
  /** The first of them, where there are many. */
  readonly problems: readonly IgnoreProblem[];
}

/**
 * Reads a .dockerignore as moby's `ignorefile` and `patternmatcher` packages do: a byte order mark is dropped, lines
 * with `#` in the first column are comments, white space round a pattern is dropped, `a/./b/../c/` is `a/c`, a
 * leading `/` means nothing.
 *
 * A matcher of our own, since the package `@balena/dockerignore` differs from moby: by its code it ignores case, takes
 * `+ ( ) | { }` for regular expressions, accepts malformed patterns, and has patterns whose time is exponential. Where
 * moby's own translation departs from the rules it documents (`[*]`, `\d`), the rules hold: docs/contexts.md.
 *
 * @param budget - what its patterns may spend, together with those of other files
 */
export function parseDockerignore(text: string, budget: StepBudget): IgnoreFile {
  const patterns: Pattern[] = [];
  const problems: IgnoreProblem[] = [];
  const lines = (text.startsWith('\ufeff') ? text.slice(1) : text).split('\n');
  for (const [index, line] of lines.entries()) {
    if (problems.length >= MOST_PROBLEMS) break;
    const report = (reason: string): void => {
      problems.push({ line: index + 1, pattern: line.slice(0, 100).replace(/\r$/, ''), reason });
    };
    if (Buffer.byteLength(line) > LONGEST_LINE_BYTES) {
      report('it is longer than 64 KiB');
      continue;
    }
    const read = readLine(line);
    if (read === undefined) continue;
    if (patterns.length >= MOST_PATTERNS) {
      report(`more than ${MOST_PATTERNS.toLocaleString('en')} patterns are before it`);
      break;
    }
    if (read.pattern === '') {
      report('nothing follows its `!`');
      continue;
    }
    try {
      patterns.push({
        exception: read.exception,
        matches: compileGlob(read.pattern, budget),
        line: index + 1,
      });
    } catch (error) {
      if (!(error instanceof PatternError)) throw error;
      report(error.message);
    }
  }
  return { patterns, budget, problems };
}

/**
 * The pattern of a line. moby cleans it twice: `ignorefile` reads the line, `patternmatcher` what came of it, so that
 * `./!a` is an exception. Docker refuses `!/`, which lifts nothing; here it is taken.
 */
function readLine(line: string): { readonly exception: boolean; readonly pattern: string } | undefined {
  if (line.startsWith('#')) return undefined;
  let text = trimSpace(line);
  const mark = text.startsWith('!') ? '!' : '';
  if (mark !== '') text = trimSpace(text.slice(1));
  if (text !== '') text = cleanPath(text);
  if (text.length > 1 && text.startsWith('/')) text = text.slice(1);
  if (mark !== '' && text === '/') return { exception: true, pattern: text };
  const again = trimSpace(mark + text);
  if (again === '') return undefined;
  const pattern = cleanPath(again);
  const exception = pattern.startsWith('!');
  return { exception, pattern: exception ? pattern.slice(1) : pattern };
}

/**
 * Which paths the patterns leave out, by the rules of moby's `MatchesUsingParentResults`: the last pattern that matches
 * decides; a pattern matches a file also by matching a folder above it, unless it had no say on that folder.
 *
 * @returns a function to call with the context's paths in byte order, which keeps what it knows of the folders above
 * the last one; it throws a BudgetError when patterns made to be slow have used up their time
 */
export function ignoreFilter(file: IgnoreFile): (path: string) => boolean {
  const { patterns, budget } = file;
  const lookAhead = 1 + (patterns.length >>> LOOK_SHIFT);
  if (patterns.length === 0) return () => false;
  const final = !patterns.some(({ exception }) => exception);
  const above: { readonly prefix: string; readonly verdict: Verdict }[] = [];
  const judged = (path: string, parent: Verdict | undefined): Verdict => {
    // A pattern that is not asked costs a look, too: `!` lines before any other.
    budget.spend(lookAhead);
    return judge(patterns, path, parent);
  };
  return (path) => {
    while (above.length > 0 && !path.startsWith(above.at(-1)?.prefix ?? '')) above.pop();
    let end = path.indexOf('/', above.at(-1)?.prefix.length ?? 0);
    for (; end !== -1; end = path.indexOf('/', end + 1)) {
      const parent = above.at(-1)?.verdict;
      if (final && parent?.ignored) return true;
      above.push({ prefix: path.slice(0, end + 1), verdict: judged(path.slice(0, end), parent) });
    }
    const parent = above.at(-1)?.verdict;
    return (final && parent?.ignored) === true || judged(path, parent).ignored;
  };
}

/**
 * The line that leaves out a folder with all that is in it, where one does.
 *
 * @param folder - its path in the context
 * @throws BudgetError
 */
export function lineLeavingOut({ patterns, budget }: IgnoreFile, folder: string): number | undefined {
  budget.spend(patterns.length);
  const last = patterns.findLast(({ matches }) => matches(folder));
  return last && !last.exception ? last.line : undefined;
}

/** What the patterns say of one path. */
interface Verdict {
  readonly ignored: boolean;
  /** For each pattern, 1 where it matched this path or a folder above. */
  readonly matched: Uint8Array;
}

function judge(patterns: readonly Pattern[], path: string, parent: Verdict | undefined): Verdict {
  const matched = new Uint8Array(patterns.length);
  let ignored = false;
  for (let i = 0; i < patterns.length; i++) {
    const pattern = patterns[i];
    if (pattern === undefined) break;
    // A pattern that could change nothing is not asked, and then does not count for what is below either.
    if (parent?.matched[i] !== 1 && (pattern.exception !== ignored || !pattern.matches(path))) continue;
    matched[i] = 1;
    ignored = !pattern.exception;
  }
  return { ignored, matched };
}

/** Go's `filepath.Clean`. */
function cleanPath(path: string): string {
  const root = path.startsWith('/') ? '/' : '';
  const parts: string[] = [];
  for (const part of path.split('/')) {
    if (part === '' || part === '.') continue;
    if (part !== '..') parts.push(part);
    else if (parts.length > 0 && parts.at(-1) !== '..') parts.pop();
    else if (root === '') parts.push('..');
  }
  return root + parts.join('/') || '.';
}

/** Go's `unicode.IsSpace`; JavaScript's own differs in two characters. */
const SPACE = new Set('\t\n\v\f\r \u0085\u00a0\u1680\u2028\u2029\u202f\u205f\u3000');

function isSpace(c: string | undefined): boolean {
  return c !== undefined && (SPACE.has(c) || (c >= '\u2000' && c <= '\u200a'));
}

function trimSpace(text: string): string {
  let start = 0;
  let end = text.length;
  while (isSpace(text[start])) start++;
  while (end > start && isSpace(text[end - 1])) end--;
  return text.slice(start, end);
}

import type { ContextSource } from '../ports.js';
import type { ContextProblem } from './context.js';
import { ignoreFilter, parseDockerignore } from './dockerignore.js';
import { BudgetError } from './glob.js';
import { LONGEST_TARGET } from './links.js';
import { entryAt, joinPath, parentPath } from './paths.js';
import type { PlacedEntry } from './places.js';
import { readTargets } from './targets.js';

/** A chain of links to a Dockerfile that is longer is a circle. */
const MOST_LINKS = 40;

/** What {@link leaveOutIgnored} left. */
export interface Remaining {
  readonly entries: readonly PlacedEntry[];
  readonly problems: readonly ContextProblem[];
}

/**
 * Applies the ignore file of a context: `<Dockerfile>.dockerignore` where there is one, else `.dockerignore`. The
 * Dockerfile and the ignore file itself always stay, as Docker has it.
 *
 * @param entries sorted by path in byte order
 */
export async function leaveOutIgnored(
  source: ContextSource,
  entries: readonly PlacedEntry[],
  dockerfile: string,
): Promise<Remaining> {
  const ignoreFile = entryAt(entries, `${dockerfile}.dockerignore`) ?? entryAt(entries, '.dockerignore');
  if (!ignoreFile) return { entries, problems: [] };
  const ignoreChain = await chain(source, entries, ignoreFile.path);
  const last = ignoreChain.at(-1);
  const text = last?.source.mode.startsWith('100') ? await source.text(last.source.path) : undefined;
  if (text === undefined) return { entries, problems: [] };
  const parsed = parseDockerignore(text);
  if (parsed.problems.length > 0) {
    const problems = parsed.problems.map(({ line, pattern, reason }) =>
      problemOf(
        ignoreFile,
        `line ${line} of \`${ignoreFile.source.path}\`, ${JSON.stringify(pattern)}: ${reason}`,
      ),
    );
    return { entries, problems };
  }
  const stay = new Set(
    [...ignoreChain, ...(await chain(source, entries, dockerfile))].map(({ path }) => path),
  );
  const ignored = ignoreFilter(parsed);
  try {
    return { entries: entries.filter(({ path }) => !ignored(path) || stay.has(path)), problems: [] };
  } catch (error) {
    if (!(error instanceof BudgetError)) throw error;
    return {
      entries,
      problems: [problemOf(ignoreFile, `the patterns of \`${ignoreFile.source.path}\` take too long`)],
    };
  }
}

function problemOf({ field }: PlacedEntry, message: string): ContextProblem {
  const hint =
    'patterns are those of Go’s filepath.Match, with `**`; put a `\\` before a character to mean just it';
  return { code: 'IGNORE_PATTERN', message, hint, field };
}

/** An entry and, where it is a symbolic link, the entries that it leads to: a Dockerfile may be one. */
async function chain(
  source: ContextSource,
  entries: readonly PlacedEntry[],
  start: string,
): Promise<readonly PlacedEntry[]> {
  const found: PlacedEntry[] = [];
  let entry = entryAt(entries, start);
  while (entry && found.length < MOST_LINKS) {
    found.push(entry);
    if (entry.source.mode !== '120000' || entry.source.size > LONGEST_TARGET) break;
    const target =
      (await readTargets(source, await source.identify([entry.source]))).get(entry.source.path) ?? '';
    const parts = joinPath(parentPath(entry.path), target).split('/');
    const at: string[] = [];
    for (const part of parts) {
      if (part === '..') at.pop();
      else if (part !== '' && part !== '.') at.push(part);
    }
    entry = entryAt(entries, at.join('/'));
  }
  return found;
}

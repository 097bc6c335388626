import type { ContextSource } from '../ports.js';
import type { ContextBudget } from './budget.js';
import type { ContextProblem } from './context.js';
import { ignoreFilter, lineLeavingOut, parseDockerignore } from './dockerignore.js';
import { LONGEST_TARGET_BYTES } from './links.js';
import { entryAt, linkTarget } from './paths.js';
import type { PlacedEntry } from './places.js';
import { readTargets } from './targets.js';

/** A chain of links to a Dockerfile that is longer is a circle. */
const MOST_LINKS = 40;

/** What {@link IgnoreFiles} left of a context. */
export interface Remaining {
  readonly entries: readonly PlacedEntry[];
  readonly problems: readonly ContextProblem[];
  /** Where the ignore file, or a line of it, leaves out a folder of the context. Absent without an ignore file. */
  readonly lineFor?: (folder: string) => string;
}

/** What an ignore file leaves out of some entries. */
interface Applied extends Remaining {
  /** Paths that it leaves out. */
  readonly ignored: ReadonlySet<string>;
}

/** Applies ignore files, each once to the same entries however many images share them. */
export class IgnoreFiles {
  readonly #applied = new Map<readonly PlacedEntry[], Map<string, Promise<Applied>>>();

  constructor(
    private readonly source: ContextSource,
    private readonly budget: ContextBudget,
  ) {}

  /**
   * Applies the ignore file of a context: `<Dockerfile>.dockerignore` where there is one, else `.dockerignore`. The
   * Dockerfile and the ignore file itself always stay, as Docker has it.
   *
   * @param entries - sorted by path in byte order
   * @throws BudgetError
   */
  async leaveOut(entries: readonly PlacedEntry[], dockerfile: string): Promise<Remaining> {
    const ignoreFile = entryAt(entries, `${dockerfile}.dockerignore`) ?? entryAt(entries, '.dockerignore');
    if (!ignoreFile) return { entries, problems: [] };
    const { source, budget } = this;
    const ignoreChain = await chain(source, entries, ignoreFile.path, budget);
    const applied = await this.#apply(entries, ignoreFile, ignoreChain.at(-1));
    if (applied.problems.length > 0) return applied;
    const stay = [...ignoreChain, ...(await chain(source, entries, dockerfile, budget))];
    const back = new Set(stay.map(({ path }) => path).filter((path) => applied.ignored.has(path)));
    if (back.size === 0) return applied;
    budget.files.spend(applied.entries.length);
    const kept = entries.filter(({ path }) => !applied.ignored.has(path) || back.has(path));
    return { ...applied, entries: kept };
  }

  #apply(
    entries: readonly PlacedEntry[],
    ignoreFile: PlacedEntry,
    last: PlacedEntry | undefined,
  ): Promise<Applied> {
    const files = this.#applied.get(entries) ?? new Map<string, Promise<Applied>>();
    this.#applied.set(entries, files);
    const before = files.get(ignoreFile.path);
    if (before) return before;
    const applied = this.#applyOnce(entries, ignoreFile, last);
    files.set(ignoreFile.path, applied);
    return applied;
  }

  async #applyOnce(
    entries: readonly PlacedEntry[],
    ignoreFile: PlacedEntry,
    last: PlacedEntry | undefined,
  ): Promise<Applied> {
    const text = last?.source.mode.startsWith('100') ? await this.source.text(last.source.path) : undefined;
    if (text === undefined) return { entries, problems: [], ignored: new Set() };
    const parsed = parseDockerignore(text, this.budget.patterns);
    const problems = parsed.problems.map(({ line, pattern, reason }) =>
      problemOf(
        ignoreFile,
        `line ${line} of \`${ignoreFile.source.path}\`, ${JSON.stringify(pattern)}: ${reason}`,
      ),
    );
    if (problems.length > 0) return { entries, problems, ignored: new Set() };
    const isIgnored = ignoreFilter(parsed);
    const ignored = new Set<string>();
    const kept = entries.filter(({ path }) => {
      const out = isIgnored(path);
      if (out) ignored.add(path);
      return !out;
    });
    const lineFor = (folder: string): string => {
      const line = lineLeavingOut(parsed, folder);
      return `${line === undefined ? '' : `line ${line} of `}\`${ignoreFile.source.path}\``;
    };
    return { entries: kept, problems: [], ignored, lineFor };
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
  budget: ContextBudget,
): Promise<readonly PlacedEntry[]> {
  const found: PlacedEntry[] = [];
  let entry = entryAt(entries, start);
  while (entry && found.length < MOST_LINKS) {
    found.push(entry);
    if (entry.source.mode !== '120000' || entry.source.size > LONGEST_TARGET_BYTES) break;
    budget.followed.spend(1);
    const target =
      (await readTargets(source, await source.identify([entry.source]))).get(entry.source.path) ?? '';
    entry = entryAt(entries, linkTarget(entry.path, target));
  }
  return found;
}

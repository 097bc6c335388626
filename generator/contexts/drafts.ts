import type { ContextSource, SourceEntry } from '../ports.js';
import type { ContextBudget } from './budget.js';
import type { ContextLimits, ContextProblem } from './context.js';
import { BudgetError } from './glob.js';
import { IgnoreFiles } from './ignore.js';
import { exceededLimits, exceededBudget } from './limits.js';
import { LONGEST_TARGET_BYTES } from './links.js';
import { missingDockerfile, submodule } from './missing.js';
import { entryAt } from './paths.js';
import {
  foldersOf,
  keptInRoot,
  placeEntries,
  type ParsedRequest,
  type PlacedEntry,
  type Placement,
} from './places.js';
import { groupProblems } from './problems.js';
import { ignoredFolders, largeContext } from './warnings.js';

/** A request on its way. Those of images with the same files are one. */
export interface Draft {
  readonly entries: readonly PlacedEntry[];
  readonly problems: readonly ContextProblem[];
  readonly warnings: readonly ContextProblem[];
}

/** Makes drafts, of which each step is done once for all images that share it. */
export class Drafts {
  readonly #ignoreFiles: IgnoreFiles;
  readonly #placements = new Map<string, Placement>();

  constructor(
    source: ContextSource,
    private readonly listed: readonly SourceEntry[],
    private readonly limits: ContextLimits,
    private readonly budget: ContextBudget,
  ) {
    this.#ignoreFiles = new IgnoreFiles(source, budget);
  }

  /** @param missing - for each request, what is wrong with its folders */
  all(requests: readonly ParsedRequest[], missing: readonly ContextProblem[][]): Promise<readonly Draft[]> {
    const shared = new Map<string, Promise<Draft>>();
    return Promise.all(
      requests.map((request, i) => {
        const key = JSON.stringify(request);
        const made = shared.get(key) ?? this.#draft(request, missing[i] ?? []);
        shared.set(key, made);
        return made;
      }),
    );
  }

  async #draft(request: ParsedRequest, missing: readonly ContextProblem[]): Promise<Draft> {
    const placed = this.#place(request);
    const problems = [...request.problems, ...missing, ...placed.problems];
    const { dockerfile, dockerfileFolder } = request;
    // Without its folder or its name nothing can be said of the Dockerfile, and so of the ignore file.
    if (
      dockerfile === undefined ||
      !dockerfileFolder ||
      missing.some(({ field }) => field[0] === 'dockerfile_folder_path') ||
      placed.problems.some(({ code }) => code === 'CONTEXT_LIMIT')
    ) {
      return { entries: [], problems, warnings: [] };
    }
    if (!entryAt(placed.entries, dockerfile)) {
      const { hints } = this.budget;
      problems.push(missingDockerfile(dockerfile, dockerfileFolder.folder, placed.entries, hints));
    }
    try {
      const remaining = await this.#ignoreFiles.leaveOut(placed.entries, dockerfile);
      const { entries, problems: ignored } = remaining;
      return {
        entries,
        problems: [...problems, ...ignored, ...this.#check(entries)],
        warnings: [...ignoredFolders(request, placed.entries, remaining), ...largeContext(entries)],
      };
    } catch (error) {
      if (!(error instanceof BudgetError)) throw error;
      const exceeded = exceededBudget(error, this.budget, this.limits);
      return { entries: [], problems: [...problems, exceeded], warnings: [] };
    }
  }

  #place(request: ParsedRequest): Placement {
    const inRoot = request.dockerfileFolder?.folder === '' ? keptInRoot(request) : [];
    const key = JSON.stringify([foldersOf(request), inRoot]);
    const before = this.#placements.get(key);
    if (before) return before;
    let placement: Placement;
    try {
      placement = placeEntries(request, this.listed, this.budget.files);
    } catch (error) {
      if (!(error instanceof BudgetError)) throw error;
      placement = { entries: [], problems: [exceededBudget(error, this.budget, this.limits)] };
    }
    this.#placements.set(key, placement);
    return placement;
  }

  readonly #checked = new Map<readonly PlacedEntry[], readonly ContextProblem[]>();

  #check(entries: readonly PlacedEntry[]): readonly ContextProblem[] {
    const problems = this.#checked.get(entries) ?? [
      ...unusable(entries),
      ...exceededLimits(entries, this.limits),
    ];
    this.#checked.set(entries, problems);
    return problems;
  }
}

/** What a source says cannot be in a context. */
function unusable(entries: readonly PlacedEntry[]): ContextProblem[] {
  const fields = new Map(entries.map(({ source, field }) => [source.path, field]));
  const found = groupProblems(entries.map(({ source }) => source)).map(
    ({ path, ...problem }): ContextProblem => ({ ...problem, field: fields.get(path) ?? [] }),
  );
  const others = entries.flatMap(({ source, field }): ContextProblem[] => {
    if (source.problem) return [];
    if (source.mode === '160000') return [{ ...submodule(source.path), field }];
    if (source.mode !== '120000' || source.size <= LONGEST_TARGET_BYTES) return [];
    const message = `the target of the symbolic link \`${source.path}\` is longer than ${LONGEST_TARGET_BYTES} bytes`;
    return [{ code: 'LINK_OUTSIDE', message, hint: 'remove the link', field }];
  });
  return [...found, ...others];
}

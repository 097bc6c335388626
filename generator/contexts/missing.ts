import { nearest } from '../../common/suggest.js';
import type { SourceEntry, SourceProblem } from '../ports.js';
import type { ContextProblem } from './context.js';
import { BudgetError, type StepBudget } from './glob.js';
import { ancestors, below, entryAt } from './paths.js';
import type { PlacedEntry, RequestedFolder } from './places.js';

/** The folders of a list. */
export function foldersIn(all: readonly SourceEntry[]): ReadonlySet<string> {
  const folders = new Set<string>();
  for (const { path } of all) {
    for (const folder of ancestors(path)) {
      // Those above it are there already.
      if (folders.has(folder)) break;
      folders.add(folder);
    }
  }
  return folders;
}

/**
 * Why nothing was found below a folder.
 *
 * @param all - every file of the source, sorted by path in byte order
 * @param folders - of these files
 * @param hints - what guessing may cost
 */
export function missingFolder(
  { folder, field }: RequestedFolder,
  all: readonly SourceEntry[],
  folders: ReadonlySet<string>,
  hints: StepBudget,
): ContextProblem {
  for (const path of [folder, ...ancestors(folder)]) {
    const entry = entryAt(all, path);
    if (entry?.mode === '160000') return { ...(entry.problem ?? submodule(path)), field };
    if (entry?.mode === '120000') {
      const hint = 'name the folder that the link leads to: links are not followed';
      return { code: 'FOLDER_MISSING', message: `\`${path}\` is a symbolic link`, hint, field };
    }
    if (entry) {
      return {
        code: 'FOLDER_MISSING',
        message: `\`${path}\` is a file`,
        hint: 'name the folder it is in',
        field,
      };
    }
  }
  const meant = guess(folder, folders, hints);
  const hint = meant
    ? `did you mean \`${meant}\`?`
    : 'a folder is there when a file is in it that git does not ignore; paths begin at the root of the repository';
  const message = folder === '' ? 'the repository has no files' : `there is no folder \`${folder}\``;
  return { code: 'FOLDER_MISSING', message, hint, field };
}

/** Why the Dockerfile is not there, which a request names. */
export function missingDockerfile(
  dockerfile: string,
  folder: string,
  entries: readonly PlacedEntry[],
  hints: StepBudget,
): ContextProblem {
  const where = folder === '' ? 'the root of the repository' : `\`${folder}\``;
  if (below(entries, dockerfile).length > 0) {
    const hint = 'name the file in it';
    return {
      code: 'DOCKERFILE_MISSING',
      message: `\`${dockerfile}\` is a folder`,
      hint,
      field: ['dockerfile'],
    };
  }
  const meant = guess(
    dockerfile,
    entries.map(({ path }) => path),
    hints,
  );
  return {
    code: 'DOCKERFILE_MISSING',
    message: `there is no \`${dockerfile}\` in ${where}`,
    hint: meant
      ? `did you mean \`${meant}\`? set \`dockerfile\` to it`
      : 'add one, or set `dockerfile` to its path from there',
    field: meant === undefined && dockerfile === 'Dockerfile' ? ['dockerfile_folder_path'] : ['dockerfile'],
  };
}

/** A source that doesn't read submodules has one as an entry of its own. */
export function submodule(path: string): SourceProblem {
  return {
    code: 'SUBMODULE',
    message: `\`${path}\` is a git submodule: its files are not part of this repository`,
    hint: 'copy its files into the repository, or exclude it in `.dockerignore`',
  };
}

/** @returns what somebody probably meant; nothing once the budget is used up. */
function guess(word: string, candidates: Iterable<string>, budget: StepBudget): string | undefined {
  try {
    return nearest(word, candidates, (steps) => {
      budget.spend(steps);
    });
  } catch (error) {
    if (error instanceof BudgetError) return undefined;
    throw error;
  }
}

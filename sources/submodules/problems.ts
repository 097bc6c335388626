import type { SourceProblem } from '../../generator/ports.js';
import { shellQuote } from '../../schema/shell.js';
import type { Gitlink } from './types.js';

function problemOf(message: string, hint: string): SourceProblem {
  return { code: 'SUBMODULE', message, hint };
}

function update(path: string): string {
  return `git submodule update --init --recursive ${path.startsWith('-') ? '-- ' : ''}${shellQuote(path)}`;
}

/** The submodule's folder is empty, or not there. */
export function notInitialised(path: string): SourceProblem {
  return problemOf(`the submodule \`${path}\` is not checked out`, `run \`${update(path)}\``);
}

/**
 * What is in the submodule's folder isn't a clone that git made for this repository. Git never writes this, so that
 * somebody else did; reading on could deliver files from anywhere.
 */
export function foreignRepository(path: string, reason: string): SourceProblem {
  return problemOf(
    `the submodule \`${path}\` can't be read: ${reason}`,
    `remove the folder, then run \`${update(path)}\``,
  );
}

/** The clone of the submodule lacks the commit. */
export function commitMissing({ path, commit }: Gitlink): SourceProblem {
  return problemOf(
    `the clone of the submodule \`${path}\` doesn't have commit ${commit.slice(0, 12)}`,
    `run \`${update(path)}\`; if another commit of this repository is checked out, run \`git -C ${shellQuote(path)} fetch origin ${commit}\``,
  );
}

/** A repository that git doesn't track, in the folder of another. */
export function otherRepository(path: string): SourceProblem {
  return problemOf(
    `\`${path}\` is a git repository of its own: its files are not part of this one`,
    `add it with \`git submodule add\`, copy its files, or exclude it in \`.dockerignore\``,
  );
}

/** A server reads commits from GitHub, and only those of one repository. */
export function notFetched(path: string): SourceProblem {
  return problemOf(
    `\`${path}\` is a git submodule, and the server doesn't fetch submodules`,
    'copy the files that the image needs into this repository, exclude the folder in `.dockerignore`, or build with the `kfops` command from a clone with submodules',
  );
}

/** What a submodule says of one of its files, for a reader who knows the path from the outer repository. */
export function fromOutside(problem: SourceProblem, at: string, path: string): SourceProblem {
  const message = problem.message
    .replace(`\`${path}\``, () => `\`${at}/${path}\``)
    .replace(JSON.stringify(path), () => JSON.stringify(`${at}/${path}`));
  return { ...problem, message, hint: `in the submodule \`${at}\`: ${problem.hint}` };
}

import type { Diagnostic } from '../../schema/index.js';
import { withPlace } from '../../schema/located.js';
import { Source } from '../../schema/source.js';
import { BudgetError, compileGlob, StepBudget } from '../contexts/glob.js';
import { PatternError } from '../contexts/glob-syntax.js';
import type { Context } from '../contexts/context.js';
import { ancestors, entryAt } from '../contexts/paths.js';
import { checkDockerfile } from '../dockerfile/check.js';
import type { HasPath } from '../dockerfile/check-sources.js';
import type { ImageLinks } from './link-images.js';
import type { PlannedImage } from './plan-types.js';

/** Problems of one Dockerfile that are reported: nobody reads more. */
const MOST_PROBLEMS = 50;
/** What comparing patterns with paths can cost for one image. */
const PATTERN_STEPS = 10_000_000;

/** What is wrong in the images' Dockerfiles, each at its place in the repository's file. */
export function checkDockerfiles(
  images: readonly Pick<PlannedImage, 'context' | 'buildArgs' | 'target' | 'platform'>[],
  links: readonly Pick<ImageLinks, 'file'>[],
): Diagnostic[] {
  const found = new Map<string, Diagnostic>();
  for (const [index, { context, buildArgs, target, platform }] of images.entries()) {
    const file = links[index]?.file;
    const entry = file && entryAt(context.entries, file.path);
    if (file === undefined || entry === undefined) continue;
    const written = new Source(entry.source.path, file.text);
    const problems = checkDockerfile(file.parsed, {
      buildArgs,
      ...(target !== undefined && { target }),
      ...(platform !== undefined && { platform }),
      has: pathsOf(context),
    });
    for (const { start, end, line, column, ...problem } of problems.slice(0, MOST_PROBLEMS)) {
      // Images can share a Dockerfile, and what is a warning for one can be an error for another.
      const key = JSON.stringify([entry.source.path, line, column, problem.message]);
      if (found.get(key)?.severity === 'error') continue;
      found.set(key, withPlace(problem, written.locate(start, end)));
    }
  }
  return [...found.values()];
}

/** Looks up paths in a build context, in which folders are only paths of files. */
function pathsOf({ entries }: Context): HasPath {
  const paths = new Set<string>();
  const links = new Set<string>();
  for (const { path, mode } of entries) {
    paths.add(path);
    for (const folder of ancestors(path)) paths.add(folder);
    if (mode === '120000') links.add(path);
  }
  const budget = new StepBudget(PATTERN_STEPS);
  return (pattern) => {
    if (paths.has(pattern)) return true;
    // What is behind a symbolic link is not looked up.
    if ([...ancestors(pattern)].some((folder) => links.has(folder))) return undefined;
    if (!/[*?[\\]/.test(pattern)) return false;
    try {
      // Kaniko compares with Go's `filepath.Match`, which has no `**`, so such patterns are skipped.
      if (pattern.includes('**') || (links.size > 0 && pattern.includes('/'))) return undefined;
      return [...paths].some(compileGlob(pattern, budget));
    } catch (error) {
      if (error instanceof PatternError || error instanceof BudgetError) return undefined;
      throw error;
    }
  };
}

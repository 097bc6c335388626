import { checkBuiltStages } from './built-stages.js';
import { checkSources, type HasPath } from './check-sources.js';
import { checkCopies, checkStages } from './check-stages.js';
import { checkSyntax } from './check-syntax.js';
import type { Dockerfile } from './dockerfile.js';
import { PlaceFinder } from './places.js';
import type { DockerfileProblem } from './problem.js';
import type { BuildOptions } from './references.js';

/** How a Dockerfile is built, and what its build context has. */
export interface CheckOptions extends BuildOptions {
  readonly has: HasPath;
}

/** A problem with its line and column, both from 1. */
export interface PlacedProblem extends DockerfileProblem {
  readonly line: number;
  readonly column: number;
}

/**
 * What is wrong in a Dockerfile. Errors are only what Kaniko refuses for sure. Where it can't read the file, nothing
 * else is checked.
 *
 * @returns in the order of the file
 */
export function checkDockerfile(dockerfile: Dockerfile, options: CheckOptions): readonly PlacedProblem[] {
  const syntax = checkSyntax(dockerfile);
  const isReadable = !syntax.some(({ severity }) => severity === 'error');
  const others = isReadable
    ? [
        ...checkStages(dockerfile, options),
        ...checkBuiltStages(dockerfile, options, (stage) => [
          ...checkCopies(stage),
          ...checkSources(stage, options.has),
        ]),
      ]
    : [];
  const places = new PlaceFinder(dockerfile.text);
  return [...syntax, ...others]
    .sort((a, b) => a.start - b.start)
    .map((problem) => ({ ...problem, ...places.place(problem.start) }));
}

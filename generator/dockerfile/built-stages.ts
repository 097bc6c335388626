import type { Dockerfile, Stage } from './dockerfile.js';
import { ExpansionError } from './expansion-error.js';
import { copyFrom } from './flags.js';
import { globalVariables, type Variables } from './global-arguments.js';
import type { DockerfileProblem } from './problem.js';
import { isNumber, targetStage, type BuildOptions } from './references.js';

/**
 * What a check finds in the stages up to the target. Kaniko 1.24 builds all of them. Newer versions skip those that the
 * target doesn't use, so problems there are only warnings.
 *
 * @param check - finds the problems of one stage
 */
export function checkBuiltStages(
  dockerfile: Dockerfile,
  options: BuildOptions,
  check: (stage: Stage) => readonly DockerfileProblem[],
): readonly DockerfileProblem[] {
  const target = targetStage(dockerfile.stages, options.target);
  if (target === undefined) return [];
  const stages = dockerfile.stages.slice(0, target + 1);
  const used = usedStages(stages, globalVariables(dockerfile, options.buildArgs));
  return stages.flatMap((stage) => (used.has(stage.index) ? check(stage) : check(stage).map(asUnused)));
}

function asUnused(problem: DockerfileProblem): DockerfileProblem {
  const hint = `${problem.hint}. The target doesn't use this stage: Kaniko 1.24 builds it, newer versions skip it`;
  return { ...problem, severity: 'warning', hint };
}

/**
 * The last stage, and the stages that it begins with or copies from, however far. `RUN --mount` uses no stage: Kaniko
 * mounts none.
 *
 * @returns their indexes
 * @see https://github.com/osscontainertools/kaniko/blob/01adcbabc7c2509c5ecb90bddfbfe7e1ba45acde/pkg/dockerfile/dockerfile.go
 */
function usedStages(stages: readonly Stage[], variables: Variables): ReadonlySet<number> {
  const backwards = [...stages].reverse();
  // Of several stages with one name, FROM takes the first, COPY the last.
  const first = new Map(backwards.map(({ name, index }) => [name, index]));
  const last = new Map(stages.map(({ name, index }) => [name, index]));
  const used = new Set([stages.length - 1]);
  for (const stage of backwards) {
    if (!used.has(stage.index)) continue;
    const copied = copiedFrom(stage).map((name) =>
      isNumber(name) ? Number(name) : last.get(name.toLowerCase()),
    );
    for (const index of [first.get(baseName(stage, variables)), ...copied]) {
      if (index !== undefined && index >= 0 && index < stage.index) used.add(index);
    }
  }
  return used;
}

function baseName({ base }: Stage, variables: Variables): string {
  try {
    return variables.expandBase(base.text).stage.toLowerCase();
  } catch (error) {
    if (error instanceof ExpansionError) return '';
    throw error;
  }
}

function copiedFrom({ instructions }: Stage): readonly string[] {
  return instructions.flatMap((instruction) => copyFrom(instruction)?.value ?? []);
}

import { nearest, suggest } from '../../common/suggest.js';
import type { Dockerfile, Flag, Stage } from './dockerfile.js';
import { copyFrom } from './flags.js';
import { globalVariables } from './global-arguments.js';
import type { DockerfileProblem } from './problem.js';
import { findImages, isNumber, numberedStage, targetStage, type BuildOptions } from './references.js';

/** What is wrong with the target, and with variables in names of images. */
export function checkStages(dockerfile: Dockerfile, options: BuildOptions): readonly DockerfileProblem[] {
  const { stages } = dockerfile;
  if (targetStage(stages, options.target) === undefined) {
    return stages.length === 0 ? [] : [targetMissing(stages, options.target ?? '')];
  }
  return [
    ...globalVariables(dockerfile, options.buildArgs).problems.map(
      ({ message, start, end }): DockerfileProblem => ({
        severity: 'warning',
        code: 'DOCKERFILE_VARIABLE',
        message: `Kaniko can't read the argument: ${message}`,
        hint: 'Correct its value',
        start,
        end,
      }),
    ),
    ...unresolved(dockerfile, options),
  ];
}

function targetMissing(stages: readonly Stage[], target: string): DockerfileProblem {
  const names = stages.flatMap(({ name }) => name ?? []);
  const near = nearest(target, names) ?? suggest(target, names);
  const { start, end } = stages.at(-1)?.from.place ?? { start: 0, end: 0 };
  const isIndex = numberedStage(stages, target) !== undefined;
  const known = names.length > 0 ? `Use one of ${names.map((name) => `\`${name}\``).join(', ')}` : undefined;
  return {
    // Other builders take a number; a newer Kaniko might.
    severity: isIndex ? 'warning' : 'error',
    code: 'TARGET_MISSING',
    message: `no stage is named \`${target}\`, which is the image's \`target\``,
    hint:
      near === undefined
        ? (known ?? `Name a stage: \`FROM IMAGE AS ${isNumber(target) ? 'NAME' : target}\``)
        : `Did you mean \`${near}\`?`,
    start,
    end,
  };
}

/** Variables without a value: Kaniko puts nothing in their place. */
function unresolved(dockerfile: Dockerfile, options: BuildOptions): readonly DockerfileProblem[] {
  return findImages(dockerfile, options).uses.flatMap(
    ({ kind, written, unresolved: variable, isNeeded, start, end }): DockerfileProblem[] => {
      if (variable === undefined || !isNeeded) return [];
      const isBase = kind === 'base';
      const isName = /^\w+$/.test(variable);
      return [
        {
          severity: 'warning',
          code: 'DOCKERFILE_VARIABLE',
          message: isBase
            ? isName
              ? `the variable \`${variable}\` in \`${written}\` has no value`
              : `Kaniko can't expand \`${written}\``
            : `Kaniko expands no variables in \`${kind === 'copy' ? '--from' : '--mount'}\``,
          hint: isBase
            ? isName
              ? `Give it a value before the first \`FROM\` (\`ARG ${variable}=…\`), or in the image's \`build_args\``
              : 'Write the name of an image'
            : 'Name a stage with `FROM … AS NAME`, and copy from that',
          start,
          end,
        },
      ];
    },
  );
}

/** Numbers in `COPY --from` that no stage before this one has. */
export function checkCopies({ index, instructions }: Stage): readonly DockerfileProblem[] {
  return instructions.flatMap((instruction) => {
    const flag = copyFrom(instruction);
    const from = flag?.value ?? '';
    if (!flag || !isNumber(from)) return [];
    return Number(from) >= 0 && Number(from) < index ? [] : [stageMissing(flag, from, index)];
  });
}

function stageMissing(flag: Flag, from: string, index: number): DockerfileProblem {
  const last = index - 1;
  return {
    severity: 'error',
    code: 'STAGE_MISSING',
    message: `no stage before this one has the number ${from.slice(0, 20)}`,
    hint:
      index === 0
        ? 'Copy from an image, or put a stage before this one'
        : `Use ${last === 0 ? '0' : `a number from 0 to ${last}`}, or name the stage: \`FROM … AS NAME\``,
    ...flag.span(0, from.length),
  };
}

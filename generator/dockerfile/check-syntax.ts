import { suggest } from '../../common/suggest.js';
import type { Dockerfile, Instruction } from './dockerfile.js';
import type { DockerfileProblem } from './problem.js';

/** The instructions of BuildKit 0.22, each with its flags; absent: it has none, or does not look at them. */
const INSTRUCTIONS: Readonly<Record<string, readonly string[] | undefined>> = {
  ADD: ['chown', 'chmod', 'link', 'keep-git-dir', 'checksum'],
  ARG: undefined,
  CMD: [],
  COPY: ['chown', 'from', 'chmod', 'link'],
  ENTRYPOINT: [],
  ENV: [],
  EXPOSE: [],
  FROM: ['platform'],
  HEALTHCHECK: undefined,
  LABEL: [],
  MAINTAINER: [],
  ONBUILD: undefined,
  RUN: ['mount', 'network', 'device'],
  SHELL: [],
  STOPSIGNAL: undefined,
  USER: [],
  VOLUME: [],
  WORKDIR: [],
};

/** Flags that Kaniko 1.24 refuses, and that a build of Kaniko with a newer BuildKit may take. */
const NEWER_FLAGS = new Set(['exclude', 'parents', 'unpack', 'security']);

/** What is looked for: nobody reads more. */
const MOST_PROBLEMS = 50;

const STAGE_NAME = /^[a-z][a-z0-9\-_.]*$/;

/**
 * What BuildKit refuses in a Dockerfile, without looking at its images and files.
 *
 * @see https://github.com/moby/buildkit/blob/v0.22.0/frontend/dockerfile/instructions/parse.go
 */
export function checkSyntax({ instructions, stages, problems }: Dockerfile): readonly DockerfileProblem[] {
  const found = problems.map((problem) => syntaxProblem(problem, problem.message, problem.hint));
  if (stages.length === 0) {
    const at = instructions.at(-1)?.place ?? { start: 0, end: 0 };
    found.push(syntaxProblem(at, 'there is no `FROM`', 'Begin with `FROM` and the base image'));
  }
  const first = stages[0]?.from;
  for (const instruction of instructions) {
    if (found.length >= MOST_PROBLEMS) break;
    const isTooEarly = first !== undefined && instruction.place.start < first.place.start;
    const problem = checkInstruction(instruction, isTooEarly);
    if (problem) found.push(problem);
  }
  return found;
}

function checkInstruction(instruction: Instruction, isTooEarly: boolean): DockerfileProblem | undefined {
  const { keyword, place, words } = instruction;
  if (!Object.hasOwn(INSTRUCTIONS, keyword)) return unknownInstruction(instruction);
  if (isTooEarly && keyword !== 'ARG') {
    return syntaxProblem(place, `\`${keyword}\` is before the first \`FROM\``, 'Move it behind `FROM`');
  }
  if (keyword === 'FROM') return checkFrom(instruction) ?? checkFlags(instruction);
  if ((keyword === 'COPY' || keyword === 'ADD') && words.length < 2) {
    return syntaxProblem(
      place,
      `\`${keyword}\` needs a source and a destination`,
      `Write \`${keyword} FROM TO\``,
    );
  }
  return checkFlags(instruction);
}

function unknownInstruction({ keyword, place }: Instruction): DockerfileProblem {
  const near = suggest(keyword, Object.keys(INSTRUCTIONS));
  const hint =
    near === undefined
      ? 'If it belongs to the line above, end that line with the escape character'
      : `Write \`${near}\``;
  return syntaxProblem(place, `unknown instruction \`${place.text.slice(0, 80)}\``, hint);
}

function checkFrom({ words, place }: Instruction): DockerfileProblem | undefined {
  const [, as, name] = words;
  if (words.length === 1) return undefined;
  if (words.length !== 3 || as?.text.toUpperCase() !== 'AS' || name === undefined) {
    return syntaxProblem(
      words[1] ?? place,
      '`FROM` has an image, or an image and a name',
      'Write `FROM IMAGE` or `FROM IMAGE AS NAME`',
    );
  }
  if (STAGE_NAME.test(name.text.toLowerCase())) return undefined;
  return syntaxProblem(
    name,
    `\`${name.text.slice(0, 80)}\` isn't a name for a stage`,
    'Use letters, digits, `-`, `_` and `.`, with a letter first',
  );
}

function checkFlags({ keyword, flags }: Instruction): DockerfileProblem | undefined {
  const known = INSTRUCTIONS[keyword];
  const flag = known && flags.find(({ name }) => !known.includes(name));
  if (!known || !flag) return undefined;
  const written = `\`--${flag.name.slice(0, 80)}\``;
  if (NEWER_FLAGS.has(flag.name)) {
    return {
      ...syntaxProblem(
        flag,
        `Kaniko 1.24 refuses ${written}`,
        `Do without ${written}, or use a newer Kaniko`,
      ),
      severity: 'warning',
    };
  }
  const near = suggest(flag.name, known);
  const hint = near === undefined ? `Delete ${written}` : `Write \`--${near}\``;
  return syntaxProblem(flag, `\`${keyword}\` has no flag ${written}`, hint);
}

function syntaxProblem(
  { start, end }: { readonly start: number; readonly end: number },
  message: string,
  hint: string,
): DockerfileProblem {
  return { severity: 'error', code: 'DOCKERFILE_SYNTAX', message, hint, start, end };
}

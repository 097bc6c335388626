import { instructionLine } from '../../generator/results/instruction-line.js';
import type { Repository } from '../ports.js';
import { buildWorkflow, runWorkflow } from './build.js';
import { diffWithBase } from './diff.js';
import { explainFailures } from './explain.js';
import { withCommit } from './files.js';
import { readNotify } from './notify.js';
import { planAsAnswer } from './plan.js';
import { readTriggers } from './triggers.js';
import type { TaskContext } from './task-context.js';

/** A failed instruction of a Dockerfile, of which Kaniko does not tell the line. */
interface Instruction {
  readonly file: string;
  readonly text: string;
}

/** Finds the lines of failed instructions. @returns for each its line, where it is found */
async function instructionLines(
  input: {
    readonly repository: Repository;
    readonly commit: string;
    readonly instructions: readonly Instruction[];
  },
  { ports, signal }: TaskContext,
): Promise<readonly (number | undefined)[]> {
  const { repository, commit, instructions } = input;
  return withCommit(ports, repository, commit, signal, async (source) => {
    const texts = new Map<string, string | undefined>();
    for (const { file } of instructions) {
      if (!texts.has(file)) texts.set(file, await source.text(file));
    }
    return instructions.map(({ file, text }) => instructionLine(texts.get(file) ?? '', text));
  });
}

/**
 * All that reads a repository or a log for the server: each takes and gives plain data, as it may be done in another process.
 */
export const TASKS = {
  build: buildWorkflow,
  run: runWorkflow,
  plan: planAsAnswer,
  diff: diffWithBase,
  lines: instructionLines,
  explain: explainFailures,
  notify: readNotify,
  triggers: readTriggers,
} as const;

/** Name of a task. */
export type TaskName = keyof typeof TASKS;
/** What a task is given. */
export type TaskInput<N extends TaskName> = Parameters<(typeof TASKS)[N]>[0];
/** What a task gives. */
export type TaskOutput<N extends TaskName> = Awaited<ReturnType<(typeof TASKS)[N]>>;

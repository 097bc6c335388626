import { ANNOTATIONS } from '../../generator/workflow/names.js';
import {
  parseCheckedOutput,
  parsePlainOutput,
  type StepOutput,
} from '../../generator/workflow/step-output.js';
import { isDigest } from '../../schema/digest.js';
import type { ObservedTask, ObservedWorkflow } from './observed.js';
import { reusedImages } from './reused.js';

/** An image as its workflow knows it. */
export interface WorkflowImage {
  readonly name: string;
  /** `registry.example/team/trainer` */
  readonly repository: string;
  /** The task that builds it; absent: it was not to be built, and `digest` is known. */
  readonly task?: string;
  readonly digest?: string;
  /** It is in the registry already, made from the same inputs; absent: a build of this workflow, or of an earlier one. */
  readonly reused?: { /** Full id of the commit that it was built from. */ readonly revision?: string };
  /** The output that has the digest, as the compile step is given it; absent where the digest is known. */
  readonly output?: StepOutput;
}

/**
 * The images of a workflow, in the plan's order, read from what its compile step is given. So a workflow that is found
 * after a restart tells as much as the plan that it was made of.
 */
export function imagesOf(workflow: ObservedWorkflow): readonly WorkflowImage[] {
  const tasks = (workflow.spec.templates ?? []).flatMap((template) => template.dag?.tasks ?? []);
  for (const task of tasks) {
    const json = imagesArgument(task);
    if (json !== undefined) return parseImages(json, workflow);
  }
  return [];
}

function imagesArgument({ arguments: given }: ObservedTask): string | undefined {
  const parameter = given?.parameters?.find(({ name }) => name === 'images')?.value;
  if (typeof parameter === 'string') return parameter;
  return given?.artifacts?.find(({ name }) => name === 'images')?.raw?.data;
}

function parseImages(json: string, workflow: ObservedWorkflow): readonly WorkflowImage[] {
  let value: unknown;
  try {
    value = JSON.parse(json);
  } catch {
    return [];
  }
  const reused = reusedImages(workflow);
  return Object.entries(value as Record<string, unknown>).flatMap(
    ([name, reference]): readonly WorkflowImage[] => {
      if (typeof reference !== 'string') return [];
      const at = reference.indexOf('@');
      const [repository, digest] = [reference.slice(0, at), reference.slice(at + 1)];
      if (isDigest(digest)) {
        const found = reused(name, digest);
        return [{ name, repository, digest, ...(found && { reused: found }) }];
      }
      const output = parseCheckedOutput(digest);
      const task = output && taskOf(output, workflow);
      return output === undefined || task === undefined ? [] : [{ name, repository, task, output }];
    },
  );
}

/** The task that builds an image: the one whose output it is, or, of a nested DAG, the one whose digest that reports. */
function taskOf(output: StepOutput, { spec }: ObservedWorkflow): string | undefined {
  if (output.parameter === 'digest') return output.task;
  const dag = (spec.templates ?? []).find(({ name }) => name === output.task);
  const nested = dag?.outputs?.parameters?.find(({ name }) => name === output.parameter);
  return parsePlainOutput(nested?.valueFrom?.parameter ?? '')?.task;
}

/** The path of each image's Dockerfile in the repository, by the image's name; of large workflows nothing is known. */
export function dockerfilesOf({ metadata }: ObservedWorkflow): ReadonlyMap<string, string> {
  let value: unknown;
  try {
    value = JSON.parse(metadata.annotations?.[ANNOTATIONS.dockerfiles] ?? '{}');
  } catch {
    return new Map();
  }
  const entries = Object.entries((value ?? {}) as Record<string, unknown>);
  return new Map(entries.filter((entry): entry is [string, string] => typeof entry[1] === 'string'));
}

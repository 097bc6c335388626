import { ANNOTATIONS } from '../generator/workflow/names.js';
import type { ObservedTask, ObservedWorkflow } from './observed.js';

/** An image as its workflow knows it. */
export interface WorkflowImage {
  readonly name: string;
  /** `registry.example/team/trainer` */
  readonly repository: string;
  /** The task that builds it; absent: it was not to be built, and `digest` is known. */
  readonly task?: string;
  readonly digest?: string;
  /** Argo's expression for the digest, as the compile step is given it; absent where the digest is known. */
  readonly expression?: string;
}

/** `sha256:` and 64 hex digits: all that a digest may be. A RUN step could write anything else into Kaniko's file. */
export const DIGEST = /^sha256:[0-9a-f]{64}$/;

const REFERENCE = /^\{\{tasks\.([\w-]+)\.outputs\.parameters\.([\w-]+)\}\}$/;

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
  return Object.entries(value as Record<string, unknown>).flatMap(
    ([name, reference]): readonly WorkflowImage[] => {
      if (typeof reference !== 'string') return [];
      const at = reference.indexOf('@');
      const [repository, digest] = [reference.slice(0, at), reference.slice(at + 1)];
      if (DIGEST.test(digest)) return [{ name, repository, digest }];
      const task = taskOf(digest, workflow);
      return task === undefined ? [] : [{ name, repository, task, expression: digest }];
    },
  );
}

/** The task whose digest an expression gives: the one that it names, or, of a nested DAG, the one that that names. */
function taskOf(expression: string, { spec }: ObservedWorkflow): string | undefined {
  const [, task, parameter] = REFERENCE.exec(expression) ?? [];
  if (task === undefined || parameter === 'digest') return task;
  const dag = (spec.templates ?? []).find(({ name }) => name === task);
  const output = dag?.outputs?.parameters?.find(({ name }) => name === parameter);
  return REFERENCE.exec(output?.valueFrom?.parameter ?? '')?.[1];
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

import type { ObservedTask, ObservedWorkflow } from './observed.js';

/** An image as its workflow knows it. */
export interface WorkflowImage {
  readonly name: string;
  /** `registry.example/team/trainer` */
  readonly repository: string;
  /** The task that builds it; absent: it was not to be built, and `digest` is known. */
  readonly task?: string;
  readonly digest?: string;
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
    if (json !== undefined) return parseImages(json);
  }
  return [];
}

function imagesArgument({ arguments: given }: ObservedTask): string | undefined {
  const parameter = given?.parameters?.find(({ name }) => name === 'images')?.value;
  if (typeof parameter === 'string') return parameter;
  return given?.artifacts?.find(({ name }) => name === 'images')?.raw?.data;
}

function parseImages(json: string): readonly WorkflowImage[] {
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
      const [, outer, parameter] = REFERENCE.exec(digest) ?? [];
      if (outer === undefined || parameter === undefined) return [];
      // In a nested DAG, the output has the name of the task inside.
      return [{ name, repository, task: parameter === 'digest' ? outer : parameter }];
    },
  );
}

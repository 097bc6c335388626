import type { DockerImage } from '../../generator/docker-build.js';
import { isCommitTag } from '../../generator/plan/tag.js';
import { commitOf } from '../../generator/workflow/names.js';
import type { ObservedParameter, ObservedWorkflow } from './observed.js';

/** How a task of a workflow builds its image. */
export interface BuildOptions {
  readonly docker: Omit<DockerImage, 'name'>;
  /** The commit whose files the build context has; absent where it has others, or where that is not known. */
  readonly commit?: string;
}

const BUILD_ARG = /^build-arg-\d+$/;

/** Reads each build task's options, by the task's name, from the parameters that `kanikoCall` wrote. */
export function buildOptionsOf(workflow: ObservedWorkflow): (task: string) => BuildOptions | undefined {
  const templates = workflow.spec.templates ?? [];
  const tasks = new Map(
    templates.flatMap(({ dag }) => dag?.tasks ?? []).map((task) => [task.name, task] as const),
  );
  const commit = commitOf(workflow.metadata);
  return (name) => {
    const task = tasks.get(name);
    if (task === undefined) return undefined;
    const defaults = templates.find((template) => template.name === task.template)?.inputs?.parameters ?? [];
    const given = new Map([...textsOf(defaults), ...textsOf(task.arguments?.parameters ?? [])]);
    const [target, platform] = [given.get('target'), given.get('platform')];
    return {
      docker: {
        dockerfile: given.get('dockerfile') ?? 'Dockerfile',
        buildArgs: [...given].filter(([key]) => BUILD_ARG.test(key)).map(([, value]) => nameAndValue(value)),
        ...(target !== undefined && { target }),
        ...(platform !== undefined && { platform }),
      },
      ...(commit !== undefined && isCommitTag(given.get('tag') ?? '', commit) && { commit }),
    };
  };
}

function textsOf(parameters: readonly ObservedParameter[]): (readonly [name: string, value: string])[] {
  return parameters.flatMap(({ name, value }) => (typeof value === 'string' ? [[name, value] as const] : []));
}

function nameAndValue(text: string): readonly [name: string, value: string] {
  const at = text.indexOf('=');
  return [text.slice(0, at), text.slice(at + 1)];
}

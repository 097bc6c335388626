import type { Plan, PlannedImage } from '../plan-types.js';
import { NAMES } from './names.js';
import type { Container, ContainerTemplate, DagTask, Parameter } from './types.js';

/** Above this many bytes the images travel as an artifact: Linux takes 128 KiB in one argument. */
const LONGEST_PARAMETER = 100_000;
/** Length of `sha256:` and 64 hex digits. */
const DIGEST_LENGTH = 71;
const IMAGES_PATH = '/kfops/images.json';

/** A step and the task that calls it. */
export interface Step {
  readonly template: ContainerTemplate;
  readonly task: DagTask;
}

/**
 * The step that compiles the pipeline. It is given the built images as JSON, `{"<name>":"<repository>@sha256:…"}`,
 * and prints it.
 */
export function compileStep(plan: Plan, digestOf: (image: PlannedImage) => string): Step {
  const images = JSON.stringify(
    Object.fromEntries(plan.images.map((image) => [image.name, `${image.repository}@${digestOf(image)}`])),
  );
  const asArtifact = resolvedLength(plan.images) > LONGEST_PARAMETER;
  const pipeline: Required<Parameter>[] = [{ name: 'pipeline-path', value: plan.pipeline.path }];
  if (plan.pipeline.function !== undefined)
    pipeline.push({ name: 'pipeline-function', value: plan.pipeline.function });
  return {
    task: {
      name: NAMES.compile,
      template: NAMES.compile,
      arguments: asArtifact
        ? { parameters: pipeline, artifacts: [{ name: 'images', raw: { data: images } }] }
        : { parameters: [...pipeline, { name: 'images', value: images }] },
    },
    template: {
      name: NAMES.compile,
      inputs: {
        parameters: [...pipeline.map(({ name }) => ({ name })), ...(asArtifact ? [] : [{ name: 'images' }])],
        ...(asArtifact && { artifacts: [{ name: 'images', path: IMAGES_PATH }] }),
      },
      container: asArtifact
        ? container(plan, 'cat', [IMAGES_PATH])
        : container(plan, 'echo', ['{{inputs.parameters.images}}']),
    },
  };
}

/** The step that runs the compiled pipeline. It is given the experiment and the arguments, and prints them. */
export function runStep(plan: Plan): Step {
  const { name, namespace, experiment } = plan.pipeline;
  const parameters = [
    { name: 'pipeline', value: name },
    { name: 'namespace', value: namespace },
    { name: 'experiment', value: experiment },
    { name: 'arguments', value: JSON.stringify(plan.pipeline.arguments) },
  ];
  return {
    task: { name: NAMES.run, template: NAMES.run, arguments: { parameters } },
    template: {
      name: NAMES.run,
      inputs: { parameters: parameters.map((parameter) => ({ name: parameter.name })) },
      container: container(
        plan,
        'echo',
        parameters.map((parameter) => `${parameter.name}={{inputs.parameters.${parameter.name}}}`),
      ),
    },
  };
}

function resolvedLength(images: readonly PlannedImage[]): number {
  return images.reduce(
    (sum, { name, repository }) => sum + name.length + repository.length + DIGEST_LENGTH + 7,
    2,
  );
}

/** Locked down: this step runs what a pull request brings. */
function container(plan: Plan, command: string, args: readonly string[]): Container {
  return {
    image: plan.pipeline.compilerImage,
    command: [command],
    args,
    securityContext: {
      runAsUser: 65532,
      runAsNonRoot: true,
      readOnlyRootFilesystem: true,
      allowPrivilegeEscalation: false,
      capabilities: { drop: ['ALL'] },
      seccompProfile: { type: 'RuntimeDefault' },
    },
  };
}

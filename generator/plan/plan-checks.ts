import { isTag } from '../../schema/image-reference.js';
import type { Diagnostic } from '../../schema/index.js';
import { isBelow } from '../contexts/paths.js';
import type { Project } from '../project/project.js';
import { registryBase } from '../project/registries.js';

/** What can be said about the images without reading a file: how many, where they may go, under which tag. */
export function checkImages({ config, settings }: Project, tag: string | undefined): Diagnostic[] {
  const problems: Diagnostic[] = [];
  const builder = config.value.image_builder;
  if (tag !== undefined && !isTag(tag)) {
    problems.push({
      code: 'IMAGE_REFERENCE',
      severity: 'error',
      message: `\`${tag}\` is not a tag.`,
      file: `--tag ${tag}`,
      hint: 'A tag has at most 128 letters, digits, `_`, `.` and `-`, and does not begin with `.` or `-`.',
    });
  }
  if (!builder) return problems;
  const { images: limit } = settings.limits;
  if (builder.images.length > limit) {
    problems.push(
      config.diagnostic(['image_builder', 'images'], {
        code: 'IMAGE_LIMIT',
        message: `${builder.images.length} images, and the limit is ${limit}.`,
        hint: 'Split the repository, or raise `limits.images` in the settings.',
      }),
    );
  }
  const repository = registryBase(builder.container_registry_uri);
  const allowed = settings.registries.map(registryBase);
  if (allowed.length > 0 && !allowed.some((prefix) => isBelow(repository, prefix))) {
    problems.push(
      config.diagnostic(['image_builder', 'container_registry_uri'], {
        code: 'REGISTRY_NOT_ALLOWED',
        message: `The settings do not allow images in \`${repository}\`.`,
        hint: `Use one of ${allowed.join(', ')}, or add it to \`registries\` in the settings.`,
      }),
    );
  }
  return problems;
}

/** What can be said about the run before a file is read: who asks for one needs somewhere to run it. */
export function checkRun({ settings }: Pick<Project, 'settings'>, run: boolean): Diagnostic[] {
  return run && !settings.kfp ? [kfpMissing()] : [];
}

/** A run is asked for, and there is nowhere to run it. */
export function kfpMissing(): Diagnostic {
  return {
    code: 'KFP_MISSING',
    severity: 'error',
    message: 'The pipeline cannot run: the settings have no `kfp`.',
    file: 'settings',
    hint: 'Build without the run; or write `kfp: {endpoint: http://ml-pipeline.kubeflow.svc.cluster.local:8888}` into the settings, with the address of your Kubeflow Pipelines.',
  };
}

/** What the configuration points at in addition to the images: the pipeline must be there, the rest should. */
export async function checkFiles({ source, config }: Project): Promise<Diagnostic[]> {
  const { pipeline, deployment } = config.value;
  const places = [
    { path: ['pipeline', 'pipeline_path'], file: pipeline.pipeline_path, needed: true },
    {
      path: ['deployment', 'inference_service_function_path'],
      file: deployment?.inference_service_function_path,
      needed: false,
    },
    {
      path: ['deployment', 'pre_deployment_test_sample_input_path'],
      file: deployment?.pre_deployment_test_sample_input_path,
      needed: false,
    },
  ];
  const named = places.flatMap(({ file, ...place }) => (file === undefined ? [] : [{ ...place, file }]));
  const entries = await source.list(named.map(({ file }) => file));
  const there = new Set(entries.map(({ path }) => path));
  return named
    .filter(({ file }) => !there.has(file))
    .map(({ path, file, needed }) =>
      config.diagnostic(path, {
        code: needed ? 'PIPELINE_MISSING' : 'FILE_MISSING',
        severity: needed ? 'error' : 'warning',
        message: `There is no file \`${file}\` in ${source.revision.description}.`,
        hint: needed
          ? "Create it, or correct the path, which starts at the repository's root. If it exists, check that git doesn't ignore it."
          : 'Nothing needs it yet; deployments will.',
      }),
    );
}

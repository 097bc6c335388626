import { durationSeconds } from '../../schema/index.js';
import type { Plan, PlannedImage } from '../plan/plan-types.js';
import { contextArtifact, outputArtifact } from './artifacts.js';
import { NAMES } from './names.js';
import { retryStrategy } from './retry.js';
import type { WorkflowSettings } from './settings.js';
import { checkedImage, digestText, type ImageDigest } from './step-output.js';
import { LOCKED_DOWN, OUT, READABLE, stepAccount, stepMetadata, WRITABLE, type Step } from './step.js';
import type { ArtifactArgument, Parameter } from './types.js';

/** In addition to the script's own time, in seconds: the image is pulled meanwhile, too. */
const START_TIMEOUT_SECONDS = 600;
/** What the watching process and the file cache take, in MiB. */
const MEMORY_BESIDE = 512;
const SOURCE = '/kfops/source.tar.gz';
const IMAGES = '/kfops/images.json';

/** Where the compile step leaves the pipeline. */
export const COMPILED_OUTPUT = `${OUT}/compiled.yaml`;

/** An image's digest, as a task of the main DAG may use it. */
export type DigestOf = (image: PlannedImage) => ImageDigest;

/** The images as JSON, `{"<name>":"<repository>@sha256:…"}`, for the last steps; a file, as there may be many. */
export function imagesArgument(plan: Plan, digestOf: DigestOf): ArtifactArgument {
  const references = plan.images.map((image) => [
    image.name,
    `${image.repository}@${digestText(digestOf(image))}`,
  ]);
  return { name: 'images', raw: { data: JSON.stringify(Object.fromEntries(references)) } };
}

/** What {@link imagesArgument} may name. */
export function expectedImages(plan: Plan): readonly string[] {
  return plan.images.map(({ name, repository }) => `--expect=${name}=${repository}`);
}

/**
 * The step that compiles the pipeline. It runs the repository's code, and so has no token, no Secret and no rights;
 * what it puts out is checked by those who read it.
 */
export function compileStep(plan: Plan, settings: WorkflowSettings, digestOf: DigestOf): Step {
  const { pipeline, objectStore } = plan;
  const timeout = durationSeconds(settings.compiler.timeout);
  const { memory } = settings.compiler;
  const parameters: Required<Parameter>[] = [{ name: 'source', value: pipeline.source.key }];
  const own = plan.images.find(({ name }) => name === pipeline.compilerImage);
  // Without a digest it starts in the image of the settings, where it ends with an error that says so.
  if (own)
    parameters.push({
      name: 'compiler',
      value: checkedImage(own.repository, digestOf(own), settings.compiler.image),
    });
  return {
    task: {
      name: NAMES.compile,
      template: NAMES.compile,
      arguments: { parameters, artifacts: [imagesArgument(plan, digestOf)] },
    },
    template: {
      name: NAMES.compile,
      metadata: stepMetadata('compile'),
      inputs: {
        parameters: parameters.map(({ name }) => ({ name })),
        artifacts: [
          { ...contextArtifact(objectStore, 'source', SOURCE), mode: READABLE },
          { name: 'images', path: IMAGES, mode: READABLE },
        ],
      },
      outputs: {
        // For the report: the node says why it failed, though its pod may be gone.
        parameters: [{ name: 'error', valueFrom: { path: `${OUT}/error.json`, default: '{}' } }],
        artifacts: [
          outputArtifact(objectStore, 'pipeline', COMPILED_OUTPUT),
          outputArtifact(objectStore, 'error', `${OUT}/error.json`),
        ],
      },
      ...stepAccount(settings),
      activeDeadlineSeconds: String(timeout + START_TIMEOUT_SECONDS),
      retryStrategy: retryStrategy(settings.build.retries),
      volumes: WRITABLE.volumes,
      container: {
        image: own ? '{{inputs.parameters.compiler}}' : pipeline.compilerImage,
        command: ['python', '/opt/kfops/compile_pipeline.py'],
        args: [
          `--archive=${SOURCE}`,
          `--file=${pipeline.path}`,
          ...(pipeline.function === undefined ? [] : [`--function=${pipeline.function}`]),
          `--images=${IMAGES}`,
          ...expectedImages(plan),
          `--output=${COMPILED_OUTPUT}`,
          `--error=${OUT}/error.json`,
          `--timeout=${timeout}`,
          `--memory=${memory}`,
        ],
        volumeMounts: WRITABLE.volumeMounts,
        resources: {
          requests: { cpu: '250m', memory: '512Mi' },
          limits: { memory: `${memory + MEMORY_BESIDE}Mi` },
        },
        securityContext: LOCKED_DOWN,
      },
    },
  };
}

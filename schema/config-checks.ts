import type { Diagnostic } from './diagnostic.js';
import { checkAges, checkDurations } from './duration.js';
import { normaliseEndpoint } from './endpoint.js';
import { destinationOf, parseImageReference } from './image-reference.js';
import { diagnosticAt, type Finding } from './located.js';
import { normalisePath } from './paths.js';
import { checkSchedules } from './schedule-checks.js';
import { formatPath, itemsAt, textAt, type ConfigPath, type Tree } from './tree.js';

const IMAGES: ConfigPath = ['image_builder', 'images'];
const REGISTRY: ConfigPath = ['image_builder', 'container_registry_uri'];
const CREDENTIALS: ConfigPath = ['image_builder', 'minio', 'credentials'];

/** What a schema cannot say and needs no file of the repository. Works on what is there, valid or not. */
export function checkConfig(tree: Tree): Diagnostic[] {
  return [
    ...checkNames(tree),
    ...checkDestinations(tree),
    ...filePaths(tree).flatMap((path) => checkPath(tree, path)),
    ...checkReferences(tree, [
      ['image_builder', 'cache_repository'],
      ['pipeline', 'compiler_image'],
    ]),
    ...checkDurations(tree, [...ofImages(tree, 'timeout'), ...ofImages(tree, 'rebuild_after')]),
    ...checkAges(tree, ofImages(tree, 'rebuild_after')),
    ...checkSchedules(tree),
    ...checkCredentials(tree),
    ...checkDeprecated(tree),
  ];
}

function ofImages(tree: Tree, key: string): ConfigPath[] {
  return itemsAt(tree, IMAGES).map((_, index) => [...IMAGES, index, key]);
}

/** @returns the name of the task that builds an image: what Argo does not take in a name becomes `-`. */
export function taskName(imageName: string): string {
  return `build-${imageName.replace(/[^A-Za-z0-9-]/g, '-')}`;
}

function checkNames(tree: Tree): Diagnostic[] {
  const names = new Map<string, string>();
  return itemsAt(tree, IMAGES).flatMap((_, index) => {
    const path = [...IMAGES, index, 'name'];
    const name = textAt(tree, path);
    if (name === undefined) return [];
    const task = taskName(name).toLowerCase();
    const other = names.get(task);
    names.set(task, other ?? name);
    if (other === undefined) return [];
    const finding: Finding =
      other === name
        ? {
            code: 'DUPLICATE_NAME',
            message: `Two images have the name \`${name}\`.`,
            hint: 'Give one of them another name.',
          }
        : {
            code: 'NAME_CLASH',
            message: `The images \`${other}\` and \`${name}\` would both be built by the task \`${task}\`.`,
            hint: 'Task names have only letters, digits and `-`. Give one of them another name.',
          };
    return [diagnosticAt(tree, path, finding)];
  });
}

function checkDestinations(tree: Tree): Diagnostic[] {
  const uri = textAt(tree, REGISTRY);
  if (!uri) return [];
  // With a name that is fine, what is wrong lies in the registry's address: say it once.
  const own = destinationOf(uri, 'kfops-cache');
  if ('problem' in own) {
    const message = `The registry \`${uri}\` ${own.problem}.`;
    return [diagnosticAt(tree, REGISTRY, { code: 'IMAGE_REFERENCE', message, hint: own.hint })];
  }
  const hasTag = parseImageReference(uri);
  if ('tag' in hasTag && uri.includes('/')) {
    const message = `The registry \`${uri}\` has a tag.`;
    return [
      diagnosticAt(tree, REGISTRY, {
        code: 'IMAGE_REFERENCE',
        message,
        hint: 'Leave it out: Kfops gives each build its own tag.',
      }),
    ];
  }
  return itemsAt(tree, IMAGES).flatMap((_, index) => {
    const path = [...IMAGES, index, 'name'];
    const name = textAt(tree, path);
    const destination = name ? destinationOf(uri, name) : undefined;
    if (!destination || !('problem' in destination)) return [];
    const message = `The destination \`${uri}/${name}\` ${destination.problem}.`;
    return [diagnosticAt(tree, path, { code: 'IMAGE_REFERENCE', message, hint: destination.hint })];
  });
}

/** @returns the paths of all texts that name a file or folder of the repository. */
export function filePaths(tree: Tree): ConfigPath[] {
  const images = itemsAt(tree, IMAGES).flatMap((_, index) => [
    [...IMAGES, index, 'dockerfile_folder_path'],
    [...IMAGES, index, 'dockerfile'],
    ...itemsAt(tree, [...IMAGES, index, 'other_folders_path']).map((_, n) => [
      ...IMAGES,
      index,
      'other_folders_path',
      n,
    ]),
  ]);
  return [
    ...images,
    ['pipeline', 'pipeline_path'],
    ['deployment', 'inference_service_function_path'],
    ['deployment', 'pre_deployment_test_sample_input_path'],
  ];
}

function checkPath(tree: Tree, path: ConfigPath): Diagnostic[] {
  const text = textAt(tree, path);
  if (!text) return [];
  const normal = normalisePath(text);
  if (normal === undefined) {
    const hint =
      path.at(-1) === 'dockerfile'
        ? 'Write it from dockerfile_folder_path.'
        : 'Write it from the root of the repository, with `/`.';
    const message = `\`${formatPath(path)}\` must be a path inside the repository.`;
    return [diagnosticAt(tree, path, { code: 'PATH_OUTSIDE', message, hint })];
  }
  // Only the content of an image's own folder can be the whole repository; all else needs a name.
  if (normal !== '' || path.at(-1) === 'dockerfile_folder_path') return [];
  const message = `\`${formatPath(path)}\` is the root of the repository.`;
  const hint = path.includes('other_folders_path')
    ? 'Use `dockerfile_folder_path: .` to build with the whole repository.'
    : 'Name a file.';
  return [diagnosticAt(tree, path, { code: 'WRONG_VALUE', message, hint })];
}

/** Texts that must be image references by themselves. */
export function checkReferences(tree: Tree, paths: readonly ConfigPath[]): Diagnostic[] {
  return paths.flatMap((path) => {
    const text = textAt(tree, path);
    if (!text) return [];
    const reference = parseImageReference(text);
    if (!('problem' in reference)) {
      if (
        path.at(-1) !== 'cache_repository' ||
        (reference.tag === undefined && reference.digest === undefined)
      )
        return [];
      const message = 'A cache repository has no tag or digest.';
      return [
        diagnosticAt(tree, path, {
          code: 'IMAGE_REFERENCE',
          message,
          hint: 'Leave out what follows the name.',
        }),
      ];
    }
    const message = `\`${text}\` ${reference.problem}.`;
    return [diagnosticAt(tree, path, { code: 'IMAGE_REFERENCE', message, hint: reference.hint })];
  });
}

/** An endpoint of MinIO that is not host or host:port. */
export function checkEndpoint(tree: Tree, path: ConfigPath): Diagnostic[] {
  const text = textAt(tree, path);
  if (!text || normaliseEndpoint(text) !== undefined) return [];
  const message = `\`${formatPath(path)}\` must be host or host:port.`;
  const host = /^[a-z]+:\/\/([^/?#]+)/i.exec(text)?.[1];
  return [
    diagnosticAt(tree, path, {
      code: 'WRONG_VALUE',
      message,
      hint: host ? `Write \`${host}\`, without a scheme and path.` : 'For example: `localhost:9000`.',
    }),
  ];
}

function checkCredentials(tree: Tree): Diagnostic[] {
  const keys = ['access_key', 'secret_key'].map((key) => [...CREDENTIALS, key]);
  const [written, other] = [
    keys.filter((path) => textAt(tree, path)),
    keys.find((path) => !textAt(tree, path)),
  ];
  const first = written[0];
  if (!first) return checkEndpoint(tree, [...CREDENTIALS, 'endpoint']);
  const warning = diagnosticAt(tree, first, {
    code: 'INLINE_CREDENTIALS',
    severity: 'warning',
    at: 'key',
    message: 'config.yaml contains MinIO keys, and everyone who can read the repository can read them.',
    hint: 'Remove them here, replace them in MinIO, and use environment variables: see docs/configuration.md.',
  });
  const missing = other && {
    ...diagnosticAt(tree, first, {
      code: 'REQUIRED_KEY',
      at: 'key',
      message: `\`${formatPath(first)}\` needs \`${String(other.at(-1))}\`, too.`,
      hint: 'Write both or none.',
    }),
  };
  return [...checkEndpoint(tree, [...CREDENTIALS, 'endpoint']), ...(missing ? [missing] : []), warning];
}

function checkDeprecated(tree: Tree): Diagnostic[] {
  const path = ['pipeline', 'pipeline_execution_mode'];
  const mode = textAt(tree, path);
  if (!mode) return [];
  if (mode === 'V1_LEGACY')
    return [
      diagnosticAt(tree, path, {
        code: 'PIPELINE_KFP1',
        message: 'Kfops compiles for Kubeflow Pipelines 2, not for `V1_LEGACY`.',
        hint: 'https://www.kubeflow.org/docs/components/pipelines/user-guides/migration/ says what to change.',
      }),
    ];
  return [
    diagnosticAt(tree, path, {
      code: 'DEPRECATED',
      severity: 'warning',
      at: 'key',
      message: '`pipeline_execution_mode` belongs to Kubeflow Pipelines 1; version 2 has one mode.',
      hint: 'Leave it out where the pipeline is written for kfp 2.',
    }),
  ];
}

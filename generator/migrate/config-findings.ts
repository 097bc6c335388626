import { cacheRepository, destinationOf } from '../../schema/image-reference.js';
import { normalisePath } from '../../schema/paths.js';
import { at, itemsAt, textAt, type ConfigPath, type Tree } from '../../schema/tree.js';
import type { KeyFinding } from './finding.js';

const BUILDER: ConfigPath = ['image_builder'];
const IMAGES: ConfigPath = [...BUILDER, 'images'];
const MINIO: ConfigPath = [...BUILDER, 'minio'];
const CREDENTIALS: ConfigPath = [...MINIO, 'credentials'];
const KEYS = ['access_key', 'secret_key'];

/** Where the file has keys of the object store, which must not be shown. */
export const SECRET_PATHS: readonly ConfigPath[] = KEYS.map((key) => [...CREDENTIALS, key]);

/**
 * What of config.yaml differs from the Kfops of 2022 (https://github.com/bartgras/kfops, package/kfops). Works on what is
 * there, valid or not.
 */
export function configFindings(tree: Tree): KeyFinding[] {
  return [
    ...executionMode(tree),
    ...deployment(tree),
    ...layerCache(tree),
    ...images(tree),
    ...itemsAt(tree, IMAGES).flatMap((_, index) =>
      itemsAt(tree, [...IMAGES, index, 'other_folders_path']).flatMap((_, n) =>
        trailingSlash(tree, [...IMAGES, index, 'other_folders_path', n]),
      ),
    ),
    ...credentials(tree),
  ];
}

/** config.py, `set_pipeline`: whatever valid mode the file had, the pipeline was compiled with V2_COMPATIBLE. */
function executionMode(tree: Tree): KeyFinding[] {
  const path = ['pipeline', 'pipeline_execution_mode'];
  if (!at(tree, path)) return [];
  return [
    {
      topic: 'execution-mode',
      path,
      before: 'Kfops checked the value and compiled with V2_COMPATIBLE, whatever it was.',
      now: 'Kubeflow Pipelines 2 has one mode.',
      next: 'Remove the key.',
      changes: [{ kind: 'remove', path }],
    },
  ];
}

function deployment(tree: Tree): KeyFinding[] {
  const path = ['deployment'];
  if (at(tree, path)?.kind !== 'map') return [];
  return [
    {
      topic: 'deployment',
      path,
      before: '`/deploy` and `/staging_deploy` created an inference service from this section.',
      now: 'Kfops checks this section and deploys nothing. Both commands answer that they aren’t supported.',
      next: 'You can keep the section. Deploy models in another way for now.',
    },
  ];
}

/** image_builder.py, `configure_main_container`: always `--cache=true`; Kaniko's own default is `<destination>/cache`. */
function layerCache(tree: Tree): KeyFinding[] {
  const path = [...BUILDER, 'container_registry_uri'];
  const uri = textAt(tree, path);
  const hasOwn = textAt(tree, [...BUILDER, 'cache_repository']) !== undefined;
  if (!uri || hasOwn || itemsAt(tree, IMAGES).length === 0) return [];
  if ('problem' in destinationOf(uri, 'kfops-cache')) return [];
  return [
    {
      topic: 'layer-cache',
      path,
      before: 'The layers of each image were cached in a repository below it: NAME/cache.',
      now: `The layers of all images are cached in \`${cacheRepository(uri)}\`. The first build finds none there.`,
      next: 'If your registry doesn’t create repositories by itself, create this one. You can delete the old ones.',
    },
  ];
}

/** pipeline_manager.py, `build`, and s3.py, `tgz_upload_folders`. */
function images(tree: Tree): KeyFinding[] {
  if (itemsAt(tree, IMAGES).length === 0) return [];
  return [
    {
      topic: 'tags',
      path: IMAGES,
      before: 'The tag of each image was the id of the pipeline’s version.',
      now: 'The tag is the commit’s first 12 digits, or a key of the files if they aren’t committed. The pipeline gets each image by digest; `versioned_image` and a parameter `version_id` still work.',
      next: 'Only other places that name these tags need a change.',
    },
    {
      topic: 'contexts',
      path: IMAGES,
      before: 'Builds got all files of the folders, except `__pycache__`.',
      now: 'Builds don’t get files that git ignores, nor what `.dockerignore` excludes.',
      next: '`--include-ignored` includes files that git ignores, from a folder on your machine.',
    },
  ];
}

/** s3.py: a folder was added under `os.path.basename` of its path, which is empty after a slash. */
function trailingSlash(tree: Tree, path: ConfigPath): KeyFinding[] {
  const text = textAt(tree, path);
  const end = text === undefined ? '' : slashesAfter(text);
  const name = text === undefined ? undefined : normalisePath(text)?.split('/').at(-1);
  if (text === undefined || end === '' || !name) return [];
  return [
    {
      topic: 'trailing-slash',
      path,
      before: `The content of \`${text}\` was put into the root of the build context.`,
      now: `It is in the folder \`${name}/\` of the build context, as without the slash.`,
      next: `Remove \`${end}\` at the end. In the Dockerfile, copy from \`${name}/\`.`,
      changes: [{ kind: 'cut-end', path, end }],
    },
  ];
}

/** The `/` and `/.` at the end of a path. */
function slashesAfter(path: string): string {
  let end = path.length;
  for (;;) {
    if (path.endsWith('/', end)) end -= 1;
    else if (path.endsWith('/.', end)) end -= 2;
    else return path.slice(end);
  }
}

/** s3.py, `get_minio_creds`, and image_builder.py, `inject_init_container`. */
function credentials(tree: Tree): KeyFinding[] {
  const written = KEYS.filter((key) => at(tree, [...CREDENTIALS, key]));
  const [first] = written;
  if (first === undefined) return [];
  return [
    {
      topic: 'credentials',
      path: [...CREDENTIALS, first],
      before: 'Kfops used these keys for uploads, and wrote them as plain text into every build pod.',
      now: 'They are only for uploads from your machine. The cluster reads a Secret in the namespace of the builds. Everyone who can read the repository can read the keys.',
      next: 'Remove the keys here. For uploads, set `KFOPS_MINIO_ACCESS_KEY` and `KFOPS_MINIO_SECRET_KEY`.',
      afterwards: 'Replace the keys in the object store: they stay in the history of the repository.',
      changes: withoutEmpty(tree, written).map((path) => ({ kind: 'remove', path })),
    },
  ];
}

/** The keys; in place of all that a section holds, the section. */
function withoutEmpty(tree: Tree, keys: readonly string[]): ConfigPath[] {
  if (sizeAt(tree, CREDENTIALS) > keys.length) return keys.map((key) => [...CREDENTIALS, key]);
  return sizeAt(tree, MINIO) > 1 ? [CREDENTIALS] : [MINIO];
}

function sizeAt(tree: Tree, path: ConfigPath): number {
  const map = at(tree, path);
  return map?.kind === 'map' ? map.entries.size : 0;
}

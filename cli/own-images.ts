import { resolve } from 'node:path';

import { VERSION } from '../schema/generated/version.js';
import { ConfigError, type KanikoManifest, ownImages, type Settings } from '../schema/index.js';
import { registryProblem } from './bootstrap/value-problems.js';
import { ExitCode } from './exit.js';
import { loadPlan } from './load-plan.js';
import type { ClusterFlags } from './options.js';
import { packageFile } from './package-file.js';
import { say, type Session } from './session.js';
import { submitBuild, type SubmitFlags } from './submit.js';

/** Options of `kfops images`. */
export interface OwnImagesFlags extends ClusterFlags {
  readonly registry: string;
  readonly secret?: string;
  readonly insecure?: true;
  readonly tag?: string;
  readonly set?: readonly string[];
  readonly settings?: string;
  readonly namespace?: string;
  readonly name?: string;
  readonly wait?: true;
  /** What the caller has in place of some of the settings. */
  readonly withSettings?: (settings: Settings) => Settings;
}

/** From the root of this package. */
const CONFIG = 'examples/self/config_files/config.yaml';

/**
 * Builds Kfops' own two images of the sources that are in its package, and pushes them. The workflow's own last steps
 * run in them.
 *
 * @throws ConfigError when the registry's name is wrong
 * @throws ServiceError when the store or the cluster does not answer
 */
export async function buildOwnImages(session: Session, flags: OwnImagesFlags): Promise<void> {
  const { registry, tag = VERSION } = flags;
  const clause = registryProblem(registry);
  if (clause !== undefined)
    throw new ConfigError([
      { code: 'WRONG_VALUE', severity: 'error', message: `\`${registry}\` ${clause}`, file: '--registry' },
    ]);
  const { root, build } = buildOf(flags);
  await withHintForSet(submitBuild(session, root, { ...build, reuse: true }));
  if (session.exitCode === ExitCode.Done)
    say(session, `In the settings: images: {registry: ${registry}, version: ${tag}}`);
}

/**
 * Plans the build of {@link buildOwnImages}; asks no registry and no cluster.
 *
 * @throws ConfigError when a value of `set` is wrong
 */
export async function checkOwnImages(session: Session, flags: OwnImagesFlags): Promise<void> {
  const { root, build } = buildOf(flags);
  await withHintForSet(loadPlan(session, root, build));
}

const SET_HINT =
  'override values of `image_builder`, such as image_builder.images.0.build_args.BASE=mirror.example.com/node:22-slim';

/** A key without a section is one of `pipeline`, whose keys are of no use for these images: an unknown one gets another hint. */
async function withHintForSet<T>(work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    throw new ConfigError(
      error.diagnostics.map((each) =>
        each.code === 'UNKNOWN_KEY' && /^--set [^.=]+=/.test(each.file ?? '')
          ? { ...each, hint: SET_HINT }
          : each,
      ),
    );
  }
}

/** The folder, and what `kfops build` gets there. */
function buildOf(flags: OwnImagesFlags): { readonly root: string; readonly build: SubmitFlags } {
  const { registry, secret, insecure, tag = VERSION, set = [], withSettings = same, ...rest } = flags;
  const config = packageFile(CONFIG);
  const images = ownImages({ registry, version: tag });
  const build: SubmitFlags = {
    ...rest,
    config,
    tag,
    set: [
      `image_builder.container_registry_uri=${registry}`,
      ...(insecure ? ['image_builder.insecure=true'] : []),
      ...set,
    ],
    withSettings: (read) => {
      const settings = withSettings(read);
      return {
        ...settings,
        compiler: { ...settings.compiler, image: images.compiler },
        kfops: { ...settings.kfops, image: images.kfops },
        kaniko: { ...settings.kaniko, ...(secret !== undefined && { manifest: pushingWith(secret) }) },
      };
    },
  };
  return { root: resolve(config, '../../../..'), build };
}

function same(settings: Settings): Settings {
  return settings;
}

/** The manifest of a build that pushes and pulls with this Secret of the type kubernetes.io/dockerconfigjson. */
export function pushingWith(secretName: string): KanikoManifest {
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    spec: {
      containers: [
        { name: 'kaniko', volumeMounts: [{ name: 'login', mountPath: '/kaniko/.docker', readOnly: true }] },
      ],
      // Kubernetes pulls the images of the steps with the same login.
      imagePullSecrets: [{ name: secretName }],
      volumes: [
        {
          name: 'login',
          secret: { secretName, items: [{ key: '.dockerconfigjson', path: 'config.json' }] },
        },
      ],
    },
  };
}

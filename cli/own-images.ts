import { resolve } from 'node:path';

import { VERSION } from '../schema/generated/version.js';
import { type KanikoManifest, ownImages, type Settings } from '../schema/index.js';
import { ExitCode } from './exit.js';
import type { ClusterFlags } from './options.js';
import { packageFile } from './package-file.js';
import { say, type Session } from './session.js';
import { submitBuild } from './submit.js';

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
  const { registry, secret, insecure, tag = VERSION, set = [], withSettings = same, ...rest } = flags;
  const config = packageFile(CONFIG);
  const root = resolve(config, '../../../..');
  const images = ownImages({ registry, version: tag });
  await submitBuild(session, root, {
    ...rest,
    config,
    tag,
    reuse: true,
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
  });
  if (session.exitCode === ExitCode.Done)
    say(session, `In the settings: images: {registry: ${registry}, version: ${tag}}`);
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

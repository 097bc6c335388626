import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { VERSION } from '../schema/generated/version.js';
import { type KanikoManifest, ownImages } from '../schema/index.js';
import { ExitCode } from './exit.js';
import type { ClusterFlags } from './options.js';
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
  const { registry, secret, insecure, tag = VERSION, set = [], ...rest } = flags;
  const root = packageRoot();
  const images = ownImages({ registry, version: tag });
  await submitBuild(session, root, {
    ...rest,
    config: join(root, CONFIG),
    tag,
    reuse: true,
    set: [
      `image_builder.container_registry_uri=${registry}`,
      ...(insecure ? ['image_builder.insecure=true'] : []),
      ...set,
    ],
    withSettings: (settings) => ({
      ...settings,
      compiler: { ...settings.compiler, image: images.compiler },
      kfops: { ...settings.kfops, image: images.kfops },
      kaniko: { ...settings.kaniko, ...(secret !== undefined && { manifest: pushingWith(secret) }) },
    }),
  });
  if (session.exitCode === ExitCode.Done)
    say(session, `In the settings: images: {registry: ${registry}, version: ${tag}}`);
}

/** The manifest of a build that pushes with this Secret. */
function pushingWith(secretName: string): KanikoManifest {
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    spec: {
      containers: [
        { name: 'kaniko', volumeMounts: [{ name: 'login', mountPath: '/kaniko/.docker', readOnly: true }] },
      ],
      volumes: [
        {
          name: 'login',
          secret: { secretName, items: [{ key: '.dockerconfigjson', path: 'config.json' }] },
        },
      ],
    },
  };
}

/** The folder with the sources: of the checkout, or of the installed package. */
function packageRoot(): string {
  let folder = dirname(fileURLToPath(import.meta.url));
  while (!existsSync(join(folder, CONFIG))) {
    const above = dirname(folder);
    if (above === folder) throw new Error(`${CONFIG} is not in this package`);
    folder = above;
  }
  return folder;
}

import type { KanikoPod } from '../../schema/index.js';
import { trimEndOf } from '../../schema/trim-end.js';
import type { Opaque } from './types.js';

/** Where Kaniko's image looks for Docker's config.json. */
const KANIKO_CONFIG = '/kaniko/.docker';
/** What holds a login. A claim would be changed by the group that the step's pod has. */
const KINDS = ['secret', 'configMap'];

/** The registry logins that the kaniko manifest gives to builds. */
export interface RegistryLogin {
  /** The folder of config.json: the value of `DOCKER_CONFIG`. */
  readonly folder: string;
  readonly volumes: readonly Opaque[];
  readonly volumeMounts: readonly Opaque[];
}

/**
 * The part of a kaniko manifest that another step needs to log in to the same registries: what is mounted at the folder of
 * Docker's config.json, from a Secret or ConfigMap, and nothing else. The volumes get names of their own, since the
 * manifest's may be those of the step.
 */
export function registryLogin({ pod, container }: KanikoPod): RegistryLogin {
  const folder = configFolder(container.env ?? []);
  const volumes: Opaque[] = [];
  const volumeMounts: Opaque[] = [];
  for (const mount of container.volumeMounts ?? []) {
    const path = typeof mount.mountPath === 'string' ? trimEndOf(mount.mountPath, '/') : '';
    const volume = (pod.volumes ?? []).find((each) => each.name === mount.name);
    if (path !== folder && path !== `${folder}/config.json`) continue;
    if (volume === undefined || !KINDS.some((kind) => kind in volume)) continue;
    const name = `docker-config${volumes.length === 0 ? '' : `-${volumes.length + 1}`}`;
    volumes.push({ ...volume, name });
    volumeMounts.push({ ...mount, name, readOnly: true });
  }
  return { folder, volumes, volumeMounts };
}

function configFolder(env: readonly Opaque[]): string {
  const value = env.find(({ name }) => name === 'DOCKER_CONFIG')?.value;
  return typeof value === 'string' && value.startsWith('/') ? trimEndOf(value, '/') : KANIKO_CONFIG;
}

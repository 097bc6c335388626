import type { ClusterClient } from '../../argo/client/client.js';
import { readObject } from '../../argo/objects/apply.js';
import { recordOf } from '../../common/json.js';
import { askForImage } from '../../generator/plan/require-step-images.js';
import { ConfigError, type Diagnostic, ownImages, type Settings, WorkError } from '../../schema/index.js';
import { ExitCode } from '../exit.js';
import { buildOwnImages, checkOwnImages } from '../own-images.js';
import { openRegistries } from '../registries.js';
import { say, type Session } from '../session.js';
import { waitingNotice } from '../waiting.js';
import type { Choices } from './choices.js';
import type { BootstrapFlags } from './flags.js';
import { hostsOf } from './logins.js';
import { IMAGES_LOGIN_SECRET, LOGIN_SECRET } from './settings.js';

/** What of Kfops' own images must be built: nothing, or why it must. */
export type ImagesState = 'there' | 'absent' | 'unknown';

/** Whether Kfops' own images are in their registry, as this machine or the running server shows. */
export async function findOwnImages(
  session: Session,
  client: ClusterClient | undefined,
  choices: Choices,
  settings: Settings,
): Promise<ImagesState> {
  const { imagesRegistry } = choices;
  const login = choices.imagesLogin ?? choices.login;
  const own = ownImages({ registry: imagesRegistry });
  const registries = await openRegistries(session.io, {
    ...settings,
    registry: { ...settings.registry, ...(login && { credentials_file: login.file }) },
  });
  const insecure = new Set(choices.insecure ? hostsOf([imagesRegistry]) : []);
  const [host = ''] = hostsOf([imagesRegistry]);
  const answers = await waitingNotice(session, `the registry at ${host}`).during(
    Promise.all(
      Object.values(own).map((reference: string) =>
        askForImage({ place: 'images.registry', reference }, registries, insecure),
      ),
    ),
  );
  if (answers.every(({ state }) => state === 'found')) return 'there';
  if (answers.some(({ state }) => state === 'absent')) return 'absent';
  return client && (await runsAlready(client, choices, own.kfops)) ? 'there' : 'unknown';
}

/** A registry that only the cluster reaches: a server that runs shows that its image is there. */
async function runsAlready(client: ClusterClient, { server }: Choices, image: string): Promise<boolean> {
  const metadata = { name: 'kfops-server', namespace: server };
  const found = await readObject(client, { apiVersion: 'apps/v1', kind: 'Deployment', metadata });
  const { containers = [] } = recordOf(recordOf(recordOf(found?.spec).template).spec) as {
    containers?: readonly { image?: string }[];
  };
  const available = Number(recordOf(found?.status).availableReplicas ?? 0);
  return available > 0 && containers.some((container) => container.image === image);
}

/** Any registry: where the images go changes nothing about the values of `--set`. */
const SOME_REGISTRY = 'registry.example.com/kfops';

/** What is wrong with the values of `--set`: found before anything is asked for or made. */
export async function wrongBuildValues(
  session: Session,
  { set }: BootstrapFlags,
): Promise<readonly Diagnostic[]> {
  if (set === undefined) return [];
  try {
    await checkOwnImages(session, { registry: SOME_REGISTRY, set });
    return [];
  } catch (error) {
    if (error instanceof ConfigError) return error.diagnostics;
    throw error;
  }
}

/**
 * Builds Kfops' own images in the cluster, and waits until they are pushed.
 *
 * @throws WorkError when the build fails
 * @throws ServiceError when the cluster or the store does not answer
 */
export async function pushOwnImages(
  session: Session,
  choices: Choices,
  settings: Settings,
  flags: BootstrapFlags,
): Promise<void> {
  const { imagesRegistry, imagesLogin, insecure, builds } = choices;
  const login = imagesLogin ?? choices.login;
  const { kubeconfig, context, timeout, set } = flags;
  const { ...unpublished } = settings;
  delete unpublished.kfp;
  say(session, `\nBuilding Kfops’ own images for ${imagesRegistry}; the first time takes some minutes`);
  await buildOwnImages(session, {
    ...(kubeconfig !== undefined && { kubeconfig }),
    ...(context !== undefined && { context }),
    ...(timeout !== undefined && { timeout }),
    ...(set && { set }),
    registry: imagesRegistry,
    ...(login && { secret: imagesLogin ? IMAGES_LOGIN_SECRET : LOGIN_SECRET }),
    ...(insecure && { insecure: true }),
    namespace: builds,
    withSettings: () => ({
      ...unpublished,
      // The file of the settings is in the server's pod.
      registry: { ...settings.registry, ...(login && { credentials_file: login.file }) },
      // Limits where teams push.
      registries: [],
    }),
    wait: true,
  });
  if (session.exitCode !== ExitCode.Done)
    throw new WorkError(
      'Kfops’ own images were not built',
      'Correct what the build says, then run the same command again: it continues here. With a base image from a mirror: --set image_builder.images.0.build_args.BASE=…',
    );
}

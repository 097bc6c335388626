import type { Check } from '../argo/doctor/doctor.js';
import type { ImageRegistries } from '../generator/ports.js';
import type { DiagnosisTarget } from './diagnosis-target.js';
import { problem } from './diagnosis-problem.js';
import { openRegistries } from './registries.js';
import type { Session } from './session.js';
import { waitingNotice } from './waiting.js';

/** A tag that no build makes: a registry says that it is absent, to each login that can read there. */
const ABSENT_TAG = 'kfops-doctor';

interface RegistryOfImages {
  readonly host: string;
  readonly insecure: boolean;
  /** Of an image of the configuration. */
  readonly repository?: string;
}

/**
 * Whether the registries of the images answer, and whether images there can be looked up from here: without that, none is
 * reused.
 */
export async function* checkRegistries(session: Session, target: DiagnosisTarget): AsyncGenerator<Check> {
  const { checkRegistry } = await import('../stores/registry-check.js');
  const images = await openRegistries(session.io, target.settings);
  const registries = [...registriesOf(target)];
  yield* checkLogins(session, target, registries);
  for (const registry of registries) {
    const { host, insecure } = registry;
    const name = `Registry ${host}`;
    try {
      const url = await waitingNotice(session, `the registry at ${host}`).during(
        checkRegistry({ host, insecure }),
      );
      yield { name, state: 'ok', found: `answers at ${url}` };
    } catch (error) {
      yield problem(name, error);
      continue;
    }
    if (target.settings.build.reuse) yield* checkReading(session, images, registry);
  }
}

/** The file of the settings: a registry that needs no login would not show that it cannot be read. */
async function* checkLogins(
  { io }: Session,
  { settings }: DiagnosisTarget,
  registries: readonly RegistryOfImages[],
): AsyncGenerator<Check> {
  const { credentials_file: file } = settings.registry;
  if (file === undefined) return;
  const { dockerLogins } = await import('../stores/registry/docker-config.js');
  const { LoginError } = await import('../stores/registry/logins.js');
  const name = 'Logins for registries';
  const logins = dockerLogins(file, { env: io.env });
  try {
    const lacking: string[] = [];
    for (const { host } of registries) if ((await logins(host)) === undefined) lacking.push(host);
    const found = lacking.length === 0 ? file : `${file}, which has none for ${lacking.join(', ')}`;
    yield { name, state: 'ok', found };
  } catch (error) {
    if (!(error instanceof LoginError)) throw error;
    const nextStep = 'mount the Secret that has it, or correct registry.credentials_file in the settings';
    yield { name, state: 'problem', found: error.message, nextStep };
  }
}

/** One repository of each registry: the others of a configuration are next to it. */
function registriesOf({ loaded, settings }: DiagnosisTarget): Iterable<RegistryOfImages> {
  const found = new Map<string, RegistryOfImages>();
  const hostOf = (name: string): string => name.split('/')[0] ?? '';
  for (const { repository, insecureRegistry } of loaded?.plan.images ?? []) {
    const host = hostOf(repository);
    if (!found.has(host)) found.set(host, { host, insecure: insecureRegistry !== undefined, repository });
  }
  if (!loaded)
    for (const prefix of settings.registries)
      found.set(hostOf(prefix), {
        host: hostOf(prefix),
        insecure: settings.server.insecure_registries.includes(hostOf(prefix)),
      });
  return found.values();
}

async function* checkReading(
  session: Session,
  images: ImageRegistries,
  { host, insecure, repository }: RegistryOfImages,
): AsyncGenerator<Check> {
  if (repository === undefined) return;
  const name = `Images in ${host}`;
  const answer = await waitingNotice(session, `the registry at ${host}`).during(
    images.find({ repository, reference: ABSENT_TAG, own: true, insecure }),
  );
  yield answer.state === 'unknown'
    ? {
        name,
        state: 'problem',
        found: `cannot be looked up, so all are built each time: ${answer.why}`,
        nextStep: `run \`docker login ${host}\`, or name a config.json with its login in the settings (registry.credentials_file)`,
      }
    : { name, state: 'ok', found: 'can be looked up, so unchanged ones are reused' };
}

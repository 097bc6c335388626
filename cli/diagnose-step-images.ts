import type { Check } from '../argo/doctor/doctor.js';
import { askForImage } from '../generator/plan/require-step-images.js';
import { stepImages, type StepImage } from '../generator/plan/step-images.js';
import { isNowhere } from '../schema/index.js';
import type { DiagnosisTarget } from './diagnosis-target.js';
import { openRegistries } from './registries.js';
import type { Session } from './session.js';
import { waitingNotice } from './waiting.js';

/** Whether the images in which the steps run are in their registries. */
export async function* checkStepImages(session: Session, target: DiagnosisTarget): AsyncGenerator<Check> {
  const { loaded, settings } = target;
  const registries = await openRegistries(session.io, settings);
  const insecure = new Set([
    ...settings.server.insecure_registries,
    ...(loaded?.plan.images.flatMap(({ insecureRegistry }) => insecureRegistry ?? []) ?? []),
  ]);
  const images = loaded ? stepImages(loaded.plan, settings) : ofSettings(target);
  if (images.some(({ reference }) => isNowhere(reference))) yield NO_REGISTRY_CONFIGURED;
  for (const image of images.filter(({ reference }) => !isNowhere(reference))) {
    const { reference, place } = image;
    const name = `Image ${reference}`;
    const registry = reference.split('/')[0] ?? '';
    const answer = await waitingNotice(session, `the registry at ${registry}`).during(
      askForImage(image, registries, insecure),
    );
    if (answer.state === 'found') yield { name, state: 'ok', found: 'is in its registry' };
    else if (answer.state === 'absent')
      yield {
        name,
        state: 'problem',
        found: 'is not in its registry',
        nextStep: `push it, or correct ${place}; if the cluster has a login for this registry and you have none, log in`,
      };
    else
      yield {
        name,
        state: 'unknown',
        found: `cannot be looked up from here: ${answer.why}`,
        nextStep: 'the cluster may be able to pull it all the same',
      };
  }
}

/** One line for all of Kfops' own images: the same setting gives each a place. */
const NO_REGISTRY_CONFIGURED: Check = {
  name: 'Kfops’ own images',
  state: 'problem',
  found: 'no registry for them is configured',
  nextStep:
    'build and push them with `kfops images --registry registry.example.com/kfops`, and write `images: {registry: registry.example.com/kfops}` into the settings',
};

/** What nearly every workflow needs, without a configuration. */
function ofSettings({ settings: { kaniko, compiler, kfops } }: DiagnosisTarget): readonly StepImage[] {
  return [
    { place: 'kaniko.image in the settings', reference: kaniko.image },
    { place: 'compiler.image in the settings', reference: compiler.image },
    { place: 'kfops.image in the settings', reference: kfops.image },
  ];
}

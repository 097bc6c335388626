import {
  isNowhere,
  parseImageReference,
  throwOnErrors,
  type Diagnostic,
  type ImageReference,
} from '../../schema/index.js';
import type { ImageAnswer, ImageRegistries } from '../ports.js';
import type { Plan } from './plan-types.js';
import { checkPlaces, stepImages, type StepImage, type StepSettings } from './step-images.js';

/**
 * Refuses a plan whose steps need an image that cannot be pulled.
 *
 * @throws ConfigError (IMAGES_REGISTRY, IMAGE_NOT_FOUND) with all of them
 */
export async function requireStepImages(
  plan: Plan,
  settings: StepSettings,
  registries: ImageRegistries | undefined,
): Promise<void> {
  const images = stepImages(plan, settings);
  const insecure = new Set(plan.images.flatMap(({ insecureRegistry }) => insecureRegistry ?? []));
  requirePlaces(images);
  if (registries) throwOnErrors(await checkPresence(images, registries, insecure));
}

/**
 * Refuses images of Kfops for which the settings have no place.
 *
 * @throws ConfigError (IMAGES_REGISTRY)
 */
export function requirePlaces(images: readonly StepImage[]): void {
  throwOnErrors(checkPlaces(images).map((problem): Diagnostic => ({ ...problem, severity: 'error' })));
}

/**
 * Asks the registries for the images of the steps. A registry that does not answer, or answers others only, is no
 * problem: the cluster may pull from it all the same.
 *
 * @param insecureHosts - registries that may be asked by plain http
 * @returns a problem for each image that its registry does not have
 */
async function checkPresence(
  images: readonly StepImage[],
  registries: ImageRegistries,
  insecureHosts: ReadonlySet<string>,
): Promise<Diagnostic[]> {
  const asked = images.filter(({ reference }) => !isNowhere(reference));
  const answers = await Promise.all(
    asked.map(async (image) => ({ image, ...(await askForImage(image, registries, insecureHosts)) })),
  );
  return answers.flatMap(({ image: { place, reference }, state }) =>
    state === 'absent' ? [absent(place, reference)] : [],
  );
}

/** Asks an image's registry for it. */
export async function askForImage(
  { reference }: StepImage,
  registries: ImageRegistries,
  insecureHosts: ReadonlySet<string>,
): Promise<ImageAnswer> {
  const parsed = parseImageReference(reference);
  if ('problem' in parsed) return { state: 'unknown', why: `\`${reference}\` ${parsed.problem}` };
  const { registry, path } = parsed;
  return registries.find({
    repository: `${registry}/${path}`,
    reference: versionOf(parsed),
    insecure: insecureHosts.has(registry),
  });
}

function versionOf({ digest, tag }: ImageReference): string {
  return digest ?? tag ?? 'latest';
}

function absent(place: string, reference: string): Diagnostic {
  return {
    code: 'IMAGE_NOT_FOUND',
    severity: 'error',
    message: `The registry has no image \`${reference}\`, so the step that needs it cannot start.`,
    file: place,
    hint: 'Correct the reference, or push the image. `kfops images` builds and pushes those of Kfops itself.',
  };
}

import { isNowhere, type Diagnostic, type Settings } from '../../schema/index.js';
import type { Plan } from './plan-types.js';

/** An image in which a step of the workflow runs. */
export interface StepImage {
  /** Where its name comes from, for people: `kfops.image in the settings`. */
  readonly place: string;
  /** As the workflow names it. */
  readonly reference: string;
}

/** What the images of the steps depend on. */
export type StepSettings = Pick<Settings, 'kaniko' | 'compiler' | 'kfops'>;

/** The images that the cluster pulls for a plan, each once, without those that the workflow builds before it needs them. */
export function stepImages(
  { images, pipeline, kaniko }: Pick<Plan, 'images' | 'pipeline' | 'kaniko'>,
  settings: StepSettings,
): readonly StepImage[] {
  const own = new Set(images.flatMap(({ name, repository, tag }) => [name, `${repository}:${tag}`]));
  const found = new Map<string, string>();
  const add = (place: string, reference: string): void => {
    if (!found.has(reference) && !own.has(reference)) found.set(reference, place);
  };
  if (images.some(({ decision }) => decision.action === 'build')) {
    const { image } = kaniko.container;
    add(
      image === undefined ? 'kaniko.image in the settings' : 'kaniko-manifest.yaml',
      image ?? settings.kaniko.image,
    );
  }
  const { compilerImage } = pipeline;
  const isSettings = compilerImage === settings.compiler.image;
  add(
    isSettings ? 'compiler.image in the settings' : 'pipeline.compiler_image in config.yaml',
    compilerImage,
  );
  add('kfops.image in the settings', settings.kfops.image);
  return [...found].map(([reference, place]) => ({ place, reference }));
}

/** What is said where the settings do not name a place for Kfops' own images. */
export function checkPlaces(images: readonly StepImage[]): Diagnostic[] {
  const nowhere = images.filter(({ reference }) => isNowhere(reference));
  if (nowhere.length === 0) return [];
  const names = nowhere.map(({ reference }) => `\`${reference}\``).join(' and ');
  return [
    {
      code: 'IMAGES_REGISTRY',
      severity: 'warning',
      message: `No registry for Kfops' own images is configured, so the workflow names ${names}, which no cluster can pull.`,
      file: 'settings',
      hint: 'Build them and push them to your registry with `kfops images --registry registry.example.com/kfops`. Then add `images: {registry: registry.example.com/kfops}` to the settings (--settings FILE).',
    },
  ];
}

import type { ContextSource, ImageRegistries } from '../ports.js';
import type { Project } from '../project/project.js';
import type { BuildReason } from '../reuse/decision.js';
import {
  builtBase,
  changeOf,
  ignoringErrors,
  plannedBase,
  readEarlier,
  type BaseImage,
  type EarlierState,
} from './earlier-images.js';
import type { PlannedImage } from './plan-types.js';

/** An image, and what happened to it since an earlier state. */
export interface ComparedImage {
  readonly name: string;
  /** A reason: why the image is another one now. */
  readonly change: 'new' | 'removed' | 'unchanged' | BuildReason;
}

/** The base of an image, which is another one than before. */
export interface ComparedBase {
  readonly image: string;
  readonly before: BaseImage;
  readonly now: BaseImage;
}

/** The images of a plan, next to those of an earlier state. */
export interface ImageComparison {
  /** In the order of the plan, then those that were removed. */
  readonly images: readonly ComparedImage[];
  /** As far as the digests of both are known. */
  readonly bases: readonly ComparedBase[];
}

/**
 * Compares the images of a plan with those of an earlier state, whatever a registry has of them.
 *
 * @returns undefined where the earlier state has no configuration that can be read
 */
export async function compareImages(
  project: Project,
  images: readonly PlannedImage[],
  source: ContextSource,
  registries: ImageRegistries,
): Promise<ImageComparison | undefined> {
  const before = await ignoringErrors(() => readEarlier(project, source, images));
  if (!before) return undefined;
  const names = new Set(images.map(({ name }) => name));
  const own = await Promise.all(images.map((image) => changeSince(image, before, registries)));
  const removed = before.all.filter((name) => !names.has(name));
  return {
    images: [...withBasesOf(images, own), ...removed.map((name) => ({ name, change: 'removed' as const }))],
    bases: await changedBases(images, before, registries),
  };
}

async function changeSince(
  image: PlannedImage,
  before: EarlierState,
  registries: ImageRegistries,
): Promise<ComparedImage['change']> {
  const there = before.images.get(image.name);
  if (!there) return 'new';
  const change = await ignoringErrors(() => changeOf(image, there, before, registries));
  return change ?? 'unchanged';
}

/** What is based on a changed image is another image, too. */
function withBasesOf(
  images: readonly PlannedImage[],
  own: readonly ComparedImage['change'][],
): readonly ComparedImage[] {
  const changes = new Map(images.map(({ name }, at) => [name, own[at] ?? 'unchanged']));
  // Bases come before what is based on them, and a plan has no cycle: as many rounds as images are enough.
  for (let isMore = true, rounds = images.length; isMore && rounds > 0; rounds--) {
    isMore = false;
    for (const { name, buildsOn } of images) {
      if (changes.get(name) !== 'unchanged') continue;
      const base = buildsOn.find((each) => (changes.get(each) ?? 'unchanged') !== 'unchanged');
      if (base === undefined) continue;
      changes.set(name, { kind: 'base-built', image: base });
      isMore = true;
    }
  }
  return images.map(({ name }) => ({ name, change: changes.get(name) ?? 'unchanged' }));
}

async function changedBases(
  images: readonly PlannedImage[],
  { images: there, commit }: EarlierState,
  registries: ImageRegistries,
): Promise<readonly ComparedBase[]> {
  if (commit === undefined) return [];
  const compared = await Promise.all(
    images.map(async (image): Promise<ComparedBase | undefined> => {
      const now = plannedBase(image);
      if (!now || now.digest === '' || !there.has(image.name)) return undefined;
      const before = await ignoringErrors(() => builtBase(image, commit, registries));
      if (!before || before.digest === '' || before.digest === now.digest) return undefined;
      return { image: image.name, before, now };
    }),
  );
  return compared.flatMap((each) => each ?? []);
}

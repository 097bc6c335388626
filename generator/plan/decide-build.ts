import { WorkError } from '../../schema/index.js';
import { didYouMean } from '../../common/did-you-mean.js';
import type { ImageRegistries } from '../ports.js';
import type { Project } from '../project/project.js';
import { insideOf } from '../reuse/bases.js';
import { decideImages } from '../reuse/decide.js';
import { withBases } from '../reuse/order.js';
import { connectImages } from './connect-images.js';
import { explainBuilds, type EarlierSource } from './explain-builds.js';
import type { ImageLinks } from './link-images.js';
import type { PlannedImage } from './plan-types.js';
import { refuseMissing } from './refuse-missing.js';

/** What a caller decides about reuse. */
export interface ReuseOptions {
  /** Names of the images that are asked for; what they are built on comes with them. Default: all. */
  readonly only?: readonly string[];
  /** Build what is asked for, also where it is in its registry already. */
  readonly force?: boolean;
  /** Where images are looked up. Without them, all images are built. */
  readonly registries?: ImageRegistries;
  /** What a person does so that there are registries, for an error: `add \`--reuse\``. */
  readonly howToAsk?: string;
  /** The repository before the changes, to say what changed; asked only where an image is not in its registry. */
  readonly earlier?: EarlierSource;
  /**
   * Part of the tags that belong to this build alone: a text that no other build has. Default: the same for the same
   * inputs.
   */
  readonly buildId?: string;
  /** Milliseconds since 1970; default: the present. */
  readonly now?: number;
}

/**
 * Decides which images are built and which are taken from their registry, and connects those that are based on each
 * other.
 *
 * @throws WorkError for a name that no image has, and for images that were not asked for and can't be reused
 */
export async function decideBuild(
  project: Project,
  images: readonly PlannedImage[],
  links: readonly ImageLinks[],
  options: ReuseOptions,
): Promise<readonly PlannedImage[]> {
  const asked = askedFor(images, options.only);
  const needed = withBases([...asked], links.map(insideOf));
  const { isFork } = project;
  const decided = await decideImages(
    images.map((image, index) => ({
      ...image,
      ...linksOf(links, index),
      contextKey: image.context.key,
      isForced: options.force === true && asked.has(index),
      isLeftOut: !needed.has(index),
    })),
    {
      registries: project.settings.build.reuse ? options.registries : undefined,
      sharesImages: isFork !== true,
      insecureHosts: new Set(images.flatMap(({ insecureRegistry }) => insecureRegistry ?? [])),
      now: options.now ?? Date.now(),
    },
  );
  const leftOut = images.flatMap(({ name }, index) => {
    const { decision } = decided[index] ?? {};
    return needed.has(index) || decision?.action !== 'build' ? [] : [{ name, reason: decision.reason }];
  });
  refuseMissing(leftOut, project, options.howToAsk);
  const connected = connectImages(project, images, links, decided, options.buildId);
  const { registries, earlier } = options;
  return registries && earlier
    ? explainBuilds(project, connected, { source: earlier, registries })
    : connected;
}

function linksOf(links: readonly ImageLinks[], index: number): ImageLinks {
  return links[index] ?? { bases: [], isUnknown: true };
}

function askedFor(images: readonly PlannedImage[], only?: readonly string[]): ReadonlySet<number> {
  if (only === undefined) return new Set(images.keys());
  const names = images.map(({ name }) => name);
  const unknown = only.filter((name) => !names.includes(name));
  if (unknown.length > 0) {
    throw new WorkError(
      `No image of the configuration has the name ${unknown.map((name) => `\`${name}\``).join(', ')}.`,
      didYouMean(unknown, names, 'images'),
    );
  }
  return new Set(only.map((name) => names.indexOf(name)));
}

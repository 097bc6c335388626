import type { ContextSource, ImageRegistries } from '../ports.js';
import type { Project } from '../project/project.js';
import { changeOf, ignoringErrors, readEarlier } from './earlier-images.js';
import type { PlannedImage } from './plan-types.js';

/** Opens the repository before the changes, such as the base branch, for as long as `use` needs it; undefined if there is no earlier state. */
export type EarlierSource = <T>(use: (source: ContextSource) => Promise<T>) => Promise<T | undefined>;

/** What images are compared with. */
export interface Earlier {
  readonly source: EarlierSource;
  /** Where images of that state may be. */
  readonly registries: ImageRegistries;
}

/**
 * Says of each image that its registry does not have what changed: files of its context, else an option of its build, else
 * the digest of its base image. For people only: nothing is decided here, and where the earlier state cannot be read, the
 * reasons stay as they are.
 */
export async function explainBuilds(
  project: Project,
  images: readonly PlannedImage[],
  earlier: Earlier,
): Promise<readonly PlannedImage[]> {
  const isAbsent = ({ decision }: PlannedImage): boolean =>
    decision.action === 'build' && decision.reason.kind === 'absent';
  const wanted = images.filter(isAbsent);
  if (wanted.length === 0) return images;
  const before = await ignoringErrors(() => earlier.source((source) => readEarlier(project, source, wanted)));
  if (before === undefined) return images;
  return Promise.all(
    images.map(async (image) => {
      const there = isAbsent(image) ? before.images.get(image.name) : undefined;
      const reason = there && (await changeOf(image, there, before, earlier.registries));
      return reason ? { ...image, decision: { action: 'build', reason } } : image;
    }),
  );
}

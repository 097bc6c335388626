import { isCommit } from '../../schema/commit.js';
import type { PlannedImage } from '../plan/plan-types.js';

/** All annotations of an object together can have 256 KiB; others need room, too. */
const LONGEST = 131_072;

/**
 * The reused images as JSON, `{"<name>":{"repository":…,"digest":…,"revision":…}}`, for who reads the workflow later.
 * Without the commits where it would be too large, and undefined where that isn't enough, or there are none.
 */
export function reusedAnnotation(
  images: readonly Pick<PlannedImage, 'name' | 'repository' | 'decision'>[],
): string | undefined {
  const json = (withRevision: boolean): string =>
    JSON.stringify(
      Object.fromEntries(
        images.flatMap(({ name, repository, decision }) => {
          if (decision.action === 'build') return [];
          const { digest, revision = '' } = decision;
          // A label of the image says it: anybody who can push can write it.
          return [[name, { repository, digest, ...(withRevision && isCommit(revision) && { revision }) }]];
        }),
      ),
    );
  return [json(true), json(false)].find((text) => text !== '{}' && text.length <= LONGEST);
}

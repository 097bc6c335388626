import type { Build } from '../comment/state.js';
import type { NotifyEvent } from './channels.js';

/**
 * What a finished build is to those who want to know. `recovered`: it succeeded, and an earlier one of the same pull
 * request failed at the same, with no success in between.
 *
 * @param builds - those of the pull request, the latest first
 */
export function eventOf(builds: readonly Build[], build: Build): NotifyEvent | undefined {
  if (build.state === 'failed') return 'failed';
  if (build.state !== 'succeeded') return undefined;
  const at = builds.findIndex(({ request }) => request.commentIds.some(isIn(build)));
  const successes: Build[] = [];
  for (const earlier of at < 0 ? [] : builds.slice(at + 1)) {
    if (earlier.state === 'succeeded') successes.push(earlier);
    const isFixed = covers(build, earlier) && !successes.some((success) => covers(success, earlier));
    if (earlier.state === 'failed' && isFixed) return 'recovered';
  }
  return undefined;
}

function isIn({ request }: Build): (commentId: number) => boolean {
  return (commentId) => request.commentIds.includes(commentId);
}

/** Whether a build does all that another did. `/run` builds nothing. */
function covers(build: Build, other: Build): boolean {
  if ((build.request.verb === 'run') !== (other.request.verb === 'run')) return false;
  const { images } = build.request;
  return images === undefined || (other.request.images?.every((name) => images.includes(name)) ?? false);
}

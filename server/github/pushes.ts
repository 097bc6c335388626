import { parseRefPath } from '../../generator/workflow/git-ref.js';
import type { PushEvent, Repository } from '../ports.js';
import type { Calls } from './calls.js';
import { accountOf } from './connection.js';
import { PER_PAGE } from './pages.js';

/** Of a branch that was not there before. */
const NO_COMMIT = /^0+$/;
/** What puts commits on a branch; `branch_deletion` doesn't. */
const PUSHES: ReadonlySet<string> = new Set([
  'push',
  'force_push',
  'branch_creation',
  'pr_merge',
  'merge_queue_merge',
]);

/**
 * Pushes to branches of the last day, the latest first: at most 100, by the log that GitHub keeps of a repository. Its
 * further pages have cursors for numbers.
 */
export async function recentPushes(calls: Calls, repository: Repository): Promise<readonly PushEvent[]> {
  const { data } = await calls.read(repository, (octokit) =>
    octokit.request('GET /repos/{owner}/{repo}/activity', {
      owner: repository.owner,
      repo: repository.name,
      direction: 'desc',
      time_period: 'day',
      per_page: PER_PAGE,
    }),
  );
  return data.flatMap(({ ref: path, before, after, timestamp, activity_type: type, actor }): PushEvent[] => {
    const ref = parseRefPath(path);
    if (ref?.kind !== 'branch' || !PUSHES.has(type) || !actor) return [];
    return [
      {
        kind: 'push',
        origin: { repository, commit: after, ref },
        ...(!NO_COMMIT.test(before) && { before }),
        sender: accountOf(actor),
        at: new Date(timestamp),
      },
    ];
  });
}

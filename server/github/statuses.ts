import type { CheckReport, Checks } from '../ports.js';
import { repositoryKey } from '../repository-key.js';
import type { Calls } from './calls.js';
import { nameOf } from './check-runs.js';

/** GitHub's limit, in characters. */
const LONGEST_DESCRIPTION = 140;

const STATES = {
  queued: 'pending',
  running: 'pending',
  success: 'success',
  failure: 'failure',
  cancelled: 'error',
  neutral: 'success',
} as const satisfies Record<CheckReport['state'], string>;

/** A commit status: a state, a line and a link. A commit has one of each context; the last one written counts. */
export function commitStatuses(calls: Calls): Checks {
  return {
    async report(repository, report, urgency) {
      const { owner, name: repo } = repository;
      const key = `status ${repositoryKey(repository)} ${report.commit} ${nameOf(report)}`;
      await calls.write(repository, { urgency, key }, (octokit) =>
        octokit.request('POST /repos/{owner}/{repo}/statuses/{sha}', {
          owner,
          repo,
          sha: report.commit,
          context: nameOf(report),
          state: STATES[report.state],
          description: shortened(report.title),
          ...(report.url !== undefined && { target_url: report.url }),
        }),
      );
    },

    // A status has no external id.
    latest: () => Promise.resolve(0),
  };
}

function shortened(text: string): string {
  if (text.length <= LONGEST_DESCRIPTION) return text;
  // Not in the middle of a character that takes two units.
  return `${text.slice(0, LONGEST_DESCRIPTION - 1).replace(/[\uD800-\uDBFF]$/, '')}…`;
}

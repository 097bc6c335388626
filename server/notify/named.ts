import { backoffMs, jitter, type Backoff } from '../../common/backoff.js';
import type { Clock } from '../../common/clock.js';
import type { Semaphore } from '../../common/semaphore.js';
import { matchesName } from '../../generator/project/name-pattern.js';
import { ConfigError, WorkError } from '../../schema/index.js';
import type { ServerContext } from '../context.js';
import type { PullRequestRef } from '../ports.js';
import type { Logger } from '../telemetry/log.js';

/** How long GitHub or git is asked again. */
const PATIENCE_MS = 60 * 60_000;
const BACKOFF: Backoff = { firstMs: 5_000, longestMs: 5 * 60_000 };

/** What {@link namedChannels} uses. */
export interface NamedOptions {
  readonly github: Pick<ServerContext['github'], 'pullRequests' | 'branchTip'>;
  readonly planner: ServerContext['planner'];
  readonly log: Logger;
  readonly clock: Clock;
  /** How many are read at once. */
  readonly reading: Semaphore;
}

/**
 * The channels that a repository's config.yaml names for a pull request. The file of the default branch counts: neither
 * the author of a pull request nor a fork can send a notification elsewhere, or prevent it.
 *
 * @returns undefined if that can't be found out
 * @throws the reason of `signal` once it is aborted, and nothing else
 */
export async function namedChannels(
  options: NamedOptions,
  pullRequest: PullRequestRef,
  signal: AbortSignal,
): Promise<readonly string[] | undefined> {
  const { clock, log } = options;
  const since = clock.now();
  for (let failures = 1; ; failures++) {
    try {
      return await options.reading.pass(() => readNames(options, pullRequest, signal));
    } catch (err) {
      signal.throwIfAborted();
      const isFinal = err instanceof ConfigError || err instanceof WorkError;
      const { repository, number } = pullRequest;
      const of = `${repository.owner}/${repository.name}#${number}`;
      log.warn({ err, pullRequest: of }, 'cannot read which channels config.yaml names');
      if (isFinal || clock.now() - since >= PATIENCE_MS) return undefined;
      await clock.wait(jitter(backoffMs(BACKOFF, failures)), signal);
    }
  }
}

async function readNames(
  { github, planner, log }: NamedOptions,
  ref: PullRequestRef,
  signal: AbortSignal,
): Promise<readonly string[]> {
  const { repository } = ref;
  const pullRequest = await github.pullRequests.read(ref);
  const commit = pullRequest && (await github.branchTip(repository, pullRequest.defaultBranch));
  if (pullRequest === undefined || commit === undefined) return [];
  const { channels, branches } = await planner.do(
    'notify',
    { repository, commit },
    { repository, log, signal },
  );
  const isWanted = branches?.some((pattern) => matchesName(pattern, pullRequest.base.branch)) ?? true;
  return isWanted ? channels : [];
}

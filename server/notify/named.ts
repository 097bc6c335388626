import { backoffMs, jitter, type Backoff } from '../../common/backoff.js';
import type { Clock } from '../../common/clock.js';
import type { Semaphore } from '../../common/semaphore.js';
import { matchesName } from '../../generator/project/name-pattern.js';
import { ConfigError, WorkError } from '../../schema/index.js';
import type { ServerContext } from '../context.js';
import type { Origin } from '../ports.js';
import { originKey } from '../repository-key.js';
import type { Logger } from '../telemetry/log.js';

/** How long GitHub or git is asked again. */
const PATIENCE_MS = 60 * 60_000;
const BACKOFF: Backoff = { firstMs: 5_000, longestMs: 5 * 60_000 };

/** What {@link namedChannels} uses. */
export interface NamedOptions {
  readonly github: Pick<ServerContext['github'], 'pullRequests' | 'branchTip' | 'defaultBranch'>;
  readonly planner: ServerContext['planner'];
  readonly log: Logger;
  readonly clock: Clock;
  /** How many are read at once. */
  readonly reading: Semaphore;
}

/**
 * The channels that a repository's config.yaml names for a pull request or a push. The file of the default branch counts: neither
 * the author of a pull request nor a fork can send a notification elsewhere, or prevent it.
 *
 * @returns undefined if that can't be found out
 * @throws the reason of `signal` once it is aborted, and nothing else
 */
export async function namedChannels(
  options: NamedOptions,
  origin: Origin,
  signal: AbortSignal,
): Promise<readonly string[] | undefined> {
  const { clock, log } = options;
  const since = clock.now();
  for (let failures = 1; ; failures++) {
    try {
      return await options.reading.pass(() => readNames(options, origin, signal));
    } catch (err) {
      signal.throwIfAborted();
      const isFinal = err instanceof ConfigError || err instanceof WorkError;
      log.warn({ err, origin: originKey(origin) }, 'cannot read which channels config.yaml names');
      if (isFinal || clock.now() - since >= PATIENCE_MS) return undefined;
      await clock.wait(jitter(backoffMs(BACKOFF, failures)), signal);
    }
  }
}

async function readNames(
  { github, planner, log }: NamedOptions,
  origin: Origin,
  signal: AbortSignal,
): Promise<readonly string[]> {
  const { repository } = origin;
  const found = await branchesOf(github, origin);
  const commit = found && (await github.branchTip(repository, found.defaultBranch));
  if (commit === undefined) return [];
  const { channels, branches } = await planner.do(
    'notify',
    { repository, commit },
    { repository, log, signal },
  );
  const isWanted = branches?.some((pattern) => matchesName(pattern, found?.changed ?? '')) ?? true;
  return isWanted ? channels : [];
}

/** The default branch, and the branch or tag that changes. */
async function branchesOf(
  github: NamedOptions['github'],
  origin: Origin,
): Promise<{ readonly defaultBranch: string; readonly changed: string } | undefined> {
  if (origin.number === undefined) {
    const defaultBranch = await github.defaultBranch(origin.repository);
    return defaultBranch === undefined ? undefined : { defaultBranch, changed: origin.ref.name };
  }
  const pullRequest = await github.pullRequests.read(origin);
  return pullRequest && { defaultBranch: pullRequest.defaultBranch, changed: pullRequest.base.branch };
}

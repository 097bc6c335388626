import { setTimeout as wait } from 'node:timers/promises';

import { isHandled } from '../commands/authorise.js';
import { parseComment } from '../commands/verb-table.js';
import type { ServerContext } from '../context.js';
import type { Account, Repository } from '../ports.js';
import { mayCommand } from '../rules/permissions.js';
import { namedRepository } from '../rules/repository-settings.js';
import type { Logger } from '../telemetry/log.js';
import { COMMAND_LIFETIME_MS, reportForgotten } from './catch-up.js';
import { logOf } from './event-log.js';
import type { Inbox } from './inbox.js';
import { addMissedHeads } from './missed-heads.js';
import { addMissedPushes } from './missed-pushes.js';
import { RunningBuilds } from './running-builds.js';

/**
 * Looks at the recent comments of every repository, and takes those commands that have neither 🚀 nor 👎, and at recent
 * commits that may start something: what was missed while no server listened, and what was not finished when one stopped.
 *
 * @returns how many commands were found
 */
export async function reconcile(
  context: ServerContext,
  inbox: Inbox,
  log: Logger,
  signal: AbortSignal,
): Promise<number> {
  const { settings, metrics } = context;
  let found = 0;
  let lag = 0;
  for (const name of settings.server.repositories) {
    try {
      const repository = await served(context, name);
      if (!repository) {
        log.warn({ repository: name }, 'the server has no access to this repository');
        continue;
      }
      for (const age of await addRecent(context, inbox, repository, log, signal)) {
        found++;
        lag = Math.max(lag, age);
      }
      await addMissedHeads(context, inbox, repository, log, signal);
      await addMissedPushes(context, inbox, repository, log);
    } catch (err) {
      if (signal.aborted) break;
      log.warn({ err, repository: name }, 'recent comments or commits could not be read; tried again later');
    }
    if (signal.aborted) break;
  }
  metrics.reconcileLag(lag);
  return found;
}

/** @returns the age in seconds of each comment that was added */
async function addRecent(
  { github, refusals, settings }: ServerContext,
  inbox: Inbox,
  repository: Repository,
  log: Logger,
  signal: AbortSignal,
): Promise<readonly number[]> {
  const now = github.now().getTime();
  const strangers = new Set<number>();
  const permissions = new Map<number, ReturnType<typeof refusals.permission>>();
  const permissionOf = (author: Account): ReturnType<typeof refusals.permission> => {
    const known = permissions.get(author.id);
    const permission =
      known ??
      refusals.permission(repository, author, () => github.people.permission(repository, author.login));
    permissions.set(author.id, permission);
    return permission;
  };
  const ages: number[] = [];
  for await (const placed of github.pullRequests.recentComments(
    repository,
    new Date(now - COMMAND_LIFETIME_MS),
  )) {
    if (signal.aborted) break;
    const { comment } = placed;
    if (comment.edited || comment.author.bot || inbox.knows(placed)) continue;
    // GitHub lists by the time of the last change.
    if (now - comment.createdAt.getTime() > COMMAND_LIFETIME_MS) continue;
    const { command } = parseComment(comment.body, settings.server.command_prefix);
    if (!command) continue;
    const permission = await permissionOf(comment.author);
    if (permission === 'later') continue;
    // Of somebody without permission to command, one comment in each round.
    if (!mayCommand(permission) && strangers.has(comment.author.id)) continue;
    if (!mayCommand(permission)) strangers.add(comment.author.id);
    if (isHandled(await github.reactions.mine(repository, comment.id))) {
      inbox.remember(placed);
      continue;
    }
    const event = { kind: 'comment', placed } as const;
    const child = logOf(event, log);
    child.info('a command that nobody has handled');
    ages.push((now - comment.createdAt.getTime()) / 1000);
    inbox.add({ event, log: child, receivedAt: new Date() });
  }
  return ages;
}

/**
 * Looks for what no event told of: at once, the first time with what may have ended unseen, and then every `everyMs` until
 * `signal` ends it.
 */
export async function keepReconciling(
  context: ServerContext,
  inbox: Inbox,
  log: Logger,
  signal: AbortSignal,
  everyMs: number,
): Promise<void> {
  const running = new RunningBuilds(context);
  await reconcile(context, inbox, log, signal);
  await running.check(log, signal);
  await catchUp(context, log, signal);
  while (!signal.aborted) {
    await wait(everyMs * (0.9 + 0.2 * Math.random()), undefined, { signal }).catch(() => undefined);
    await reconcile(context, inbox, log, signal);
    await running.check(log, signal);
  }
}

/** What happened while no server listened, and no event reports. */
async function catchUp(context: ServerContext, log: Logger, signal: AbortSignal): Promise<void> {
  for (const name of context.settings.server.repositories) {
    try {
      const repository = await served(context, name);
      if (repository) await reportForgotten(context, repository, log, signal);
    } catch (err) {
      if (signal.aborted) return;
      log.warn({ err, repository: name }, 'not all builds that ended unseen could be found');
    }
  }
}

/** A repository of the settings, by its `owner/name`; undefined where the server has no access. */
function served({ github }: ServerContext, fullName: string): Promise<Repository | undefined> {
  const { owner, name } = namedRepository(fullName);
  return github.repository(owner, name);
}

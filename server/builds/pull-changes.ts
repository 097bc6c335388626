import type { PullRequestWorkflow } from '../../argo/workflows/find-workflows.js';
import { tellToStop } from '../../argo/workflows/stop.js';
import type { StopReason } from '../../generator/workflow/names.js';
import { isTriggerId } from '../comment/trigger-id.js';
import { headMoved } from '../comment/transitions.js';
import type { Work, ServerContext } from '../context.js';
import type { Permission, PullRequestRef, Repository } from '../ports.js';
import { mayCommand } from '../rules/permissions.js';
import { allWorkflows } from './pull-workflows.js';

/** What happened to the builds of a pull request. `noted`: the comment says that the head moved. */
export type PullChange =
  | { readonly kind: 'none' }
  | { readonly kind: 'noted' }
  | { readonly kind: 'stopped'; readonly reason: StopReason; readonly names: readonly string[] };

/** What somebody may do in a repository. */
export type AskPermission = (repository: Repository, login: string) => Promise<Permission>;

/** Comments whose authors are asked for, at most: those that joined a build. */
const MOST_ASKED = 10;

/** The workflows of a pull request that have not ended, in all namespaces of builds. */
export async function runningOf(
  context: ServerContext,
  pullRequest: PullRequestRef,
  work: Pick<Work, 'signal'>,
): Promise<readonly PullRequestWorkflow[]> {
  const there = await allWorkflows(context, pullRequest, work);
  return there.filter(({ finished }) => !finished);
}

/**
 * Holds what runs for a pull request against the pull request as GitHub shows it now. The same for an event and for the
 * periodic look: an event says only that there is something to see.
 *
 * @param running - its workflows that have not ended
 * @throws GitHubError and KubernetesError: nothing is concluded from an answer that wasn't given
 */
export async function followPull(
  context: ServerContext,
  ref: PullRequestRef,
  running: readonly PullRequestWorkflow[],
  work: Pick<Work, 'log' | 'signal'>,
  ask: AskPermission = (repository, login) => context.github.people.permission(repository, login),
): Promise<PullChange> {
  if (running.length === 0) return { kind: 'none' };
  const now = await context.github.pullRequests.read(ref);
  if (!now) return stop(context, running, 'gone', work);
  if (!now.open) return stop(context, running, 'closed', work);

  const [allowed, revoked]: [PullRequestWorkflow[], PullRequestWorkflow[]] = [[], []];
  for (const each of running) ((await mayAnyStill(context, ref, each, ask)) ? allowed : revoked).push(each);
  const { commit } = now.head;
  const moved = allowed.some((each) => each.commit !== commit);
  if (moved) await noteHead(context, ref, commit);
  if (revoked.length > 0) return stop(context, revoked, 'permission', work);
  return { kind: moved ? 'noted' : 'none' };
}

/** The build's commit is no longer the head; the build continues, and the comment says so. */
export async function noteHead(
  { conversations }: Pick<ServerContext, 'conversations'>,
  pullRequest: PullRequestRef,
  commit: string,
): Promise<void> {
  await conversations.change(pullRequest, (state) => headMoved(state, commit), 'progress');
}

/** Tells workflows to stop; why is written on them, and told with their end. */
export async function stop(
  { cluster: { client } }: ServerContext,
  running: readonly PullRequestWorkflow[],
  reason: StopReason,
  { log, signal }: Pick<Work, 'log' | 'signal'>,
): Promise<PullChange> {
  const names: string[] = [];
  for (const { name, namespace } of running) {
    if ((await tellToStop(client, namespace, name, { reason, signal })) !== 'sent') continue;
    log.info({ workflow: name, namespace, reason }, 'workflow stopped');
    names.push(name);
  }
  return names.length > 0 ? { kind: 'stopped', reason, names } : { kind: 'none' };
}

/** A build that several people requested continues as long as one of them could request it today. */
async function mayAnyStill(
  { github }: ServerContext,
  { repository }: PullRequestRef,
  { by, comments }: PullRequestWorkflow,
  ask: AskPermission,
): Promise<boolean> {
  if (by !== '' && mayCommand(await ask(repository, by))) return true;
  // Those who joined; and who asked first, by another login by now.
  for (const id of comments.filter((each) => !isTriggerId(each)).slice(0, MOST_ASKED)) {
    const login = (await github.pullRequests.comment(repository, id))?.author.login;
    if (login !== undefined && login !== by && mayCommand(await ask(repository, login))) return true;
  }
  return false;
}

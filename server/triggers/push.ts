import type { PullRequestWorkflow } from '../../argo/workflows/find-workflows.js';
import { HandledElsewhere, type CountedCommand } from '../builds/pick-ups.js';
import type { ChangedFiles } from '../builds/pull-request-files.js';
import { workflowOf } from '../builds/placement.js';
import { ownWorkflows } from '../builds/pull-workflows.js';
import { submit } from '../builds/submit.js';
import { triggerId } from '../comment/trigger-id.js';
import type { ServerContext, Work } from '../context.js';
import { matchesName } from '../../generator/project/name-pattern.js';
import { refPath } from '../../generator/workflow/git-ref.js';
import type { Comment, GitRef, PushEvent } from '../ports.js';
import { allowedTriggers, type AllowedTriggers } from './allowed.js';
import { isDone } from './command.js';
import { whyNoPermission } from './permission.js';
import { pushRequest } from './push-request.js';
import { ignored, NOT_ALLOWED, type TriggerResult } from './result.js';
import { startedToday } from './started-today.js';
import { wantedTriggers, type WantedTriggers } from './wanted.js';
import { isSkipped } from './why-not.js';

/** Branches that a merge queue makes for what it tests: the merge itself is a push to the branch that they are for. */
const MERGE_QUEUE = 'gh-readonly-queue/';

/**
 * Starts what a repository wants to be started for a push to a branch or of a tag: settings → permission → config.yaml →
 * the branch's tip → the commit's message → the day's limit → the build. Each push starts once, and only that of the
 * branch's last commit.
 *
 * @throws GitHubError, KubernetesError, or the signal's reason; reconciliation finds pushes to branches again
 */
export async function startByPush(
  context: ServerContext,
  event: PushEvent,
  work: Work,
): Promise<TriggerResult> {
  const { origin, sender } = event;
  const { repository, commit, ref } = origin;
  const { github, settings, conversations } = context;
  const allowed = allowedTriggers(settings, repository);
  const verbs = allowed && allowedFor(allowed, ref);
  if (!allowed || !verbs || verbs.length === 0) return NOT_ALLOWED;
  if (ref.name.startsWith(MERGE_QUEUE)) return ignored('a merge queue made the branch');
  const refused = await whyNoPermission(context, repository, sender, allowed.bots);
  if (refused) return refused;
  const files = await filesOfPush(context, event);
  if (!files) return ignored('the repository cannot be read');
  const verb = wantedFor(await wantedTriggers(context, files, work), ref);
  if (verb === undefined) return ignored('config.yaml asks for nothing');
  if (!verbs.includes(verb)) return ignored(`config.yaml asks for ${verb}, which the settings don’t allow`);
  const moved = await whyNotTip(context, event);
  if (moved) return moved;
  if (isSkipped((await github.commitMessage(repository, commit)) ?? ''))
    return ignored('its message says so');
  const [{ state }, there] = await Promise.all([
    conversations.read(origin),
    ownWorkflows(context, origin, work),
  ]);
  const id = pushId(event, verb, there);
  if (isDone(state, id, commit)) return ignored('it was started before');
  // After a restart, or on another replica, it runs already: then it counts.
  const isNew = workflowOf(there, [id]) === undefined;
  if (isNew && (await startedToday(context, repository, work)) >= allowed.daily_limit)
    return overLimit(context, event, id, allowed.daily_limit);
  const command = commandFor(context, event, id);
  try {
    const { kind } = await submit(context, pushRequest(context, { event, verb, command, files }, work), work);
    return { outcome: kind === 'submitted' || kind === 'joined' || kind === 'failed' ? kind : 'ignored' };
  } catch (error) {
    if (error instanceof HandledElsewhere) return ignored(error.message);
    throw error;
  }
}

function allowedFor({ push, tag }: AllowedTriggers, { kind }: GitRef): AllowedTriggers['push'] {
  return kind === 'branch' ? push : tag;
}

function wantedFor(
  wanted: WantedTriggers | undefined,
  { kind, name }: GitRef,
): 'build' | 'build_run' | undefined {
  const { push, tag } = wanted ?? {};
  if (kind === 'tag') return tag && matchesName(tag.pattern, name) ? tag.do : undefined;
  return push?.branches.some((pattern) => matchesName(pattern, name)) ? push.do : undefined;
}

/** A tag counts as a change of the default branch: its config.yaml and manifest decide. */
async function filesOfPush(
  { github }: ServerContext,
  { origin: { repository, commit, ref } }: PushEvent,
): Promise<ChangedFiles | undefined> {
  const defaultBranch = await github.defaultBranch(repository);
  if (defaultBranch === undefined) return undefined;
  const branch = ref.kind === 'branch' ? ref.name : defaultBranch;
  return { repository, head: { commit, branch, repository }, base: { commit, branch }, defaultBranch };
}

/** GitHub may tell of a push before its own list of branches has it: then it is looked at again. */
async function whyNotTip(
  { github }: ServerContext,
  { origin: { repository, commit, ref }, before }: PushEvent,
): Promise<TriggerResult | undefined> {
  if (ref.kind === 'tag') return undefined;
  const tip = await github.branchTip(repository, ref.name);
  if (tip === commit) return undefined;
  if (tip === before) return { ...ignored('GitHub doesn’t show the push yet'), later: true };
  return ignored(tip === undefined ? 'the branch is gone' : 'the branch has moved on since');
}

/**
 * The same for the same push, however often GitHub tells of it; another one where the branch comes back to a commit.
 *
 * @param there - builds of the branch, the latest first
 */
function pushId(
  { origin: { commit, ref }, before = '' }: PushEvent,
  verb: string,
  there: readonly PullRequestWorkflow[],
): number {
  const [latest] = there;
  const isBack = latest !== undefined && latest.commit !== commit;
  for (let time = 0; ; time++) {
    const id = triggerId(`${verb} ${refPath(ref)} ${before}`, commit, time);
    if (!isBack || !workflowOf(there, [id])) return id;
  }
}

function commandFor(
  { render: { web } }: ServerContext,
  { origin: { repository, commit, ref }, sender, at }: PushEvent,
  id: number,
): CountedCommand {
  const url = `${web}/${repository.owner}/${repository.name}/commit/${commit}`;
  const comment: Comment = { id, body: '', author: sender, createdAt: at, edited: false, url };
  // Starts are not counted, as no comment keeps them; the repository's files are read in a process of their own.
  return { comments: [comment], commit, starts: 0, trigger: ref.kind === 'branch' ? 'push' : 'tag' };
}

async function overLimit(
  { github }: ServerContext,
  { origin: { repository, commit } }: PushEvent,
  id: number,
  limit: number,
): Promise<TriggerResult> {
  const title = 'Not built: the limit of this day is reached';
  const summary = `${limit} builds of this repository have started by themselves today: no more do. Commands on pull requests are not limited.`;
  const report = {
    commit,
    externalId: String(id),
    state: 'neutral',
    title,
    summary,
    annotations: [],
  } as const;
  await github.checks.report(repository, { kind: 'answer', ...report }, 'reply');
  return { outcome: 'refused', why: 'the day’s limit is reached' };
}

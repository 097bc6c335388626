import { KubernetesError } from '../../../argo/client/errors.js';
import { CALL_PATIENCE, persist } from '../../../argo/client/patience.js';
import { explainedResult } from '../../../argo/logs/logs.js';
import type { ObservedWorkflow } from '../../../argo/status/observed.js';
import { goneResult } from '../../../argo/status/status.js';
import { readIfThere } from '../../../argo/workflows/read-many.js';
import { WorkError } from '../../../schema/index.js';
import type { CommandReply, AuthorisedCommand } from '../../builds/authorised-command.js';
import { recordStart } from '../../builds/pick-ups.js';
import { ownWorkflows } from '../../builds/pull-workflows.js';
import { renderStatusAnswer } from '../../comment/answers.js';
import type { StateChange } from '../../comment/conversations.js';
import { withResult } from '../../comment/result.js';
import type { Build } from '../../comment/state.js';
import { changeBuild } from '../../comment/transitions.js';
import type { Work, ServerContext } from '../../context.js';
import type { PullRequestRef } from '../../ports.js';
import { isOfPullRequest, subjectOf } from '../../reporter/subject.js';
import { recordedNamespace, watchedNamespace } from '../../rules/build-namespaces.js';
import type { Verb } from './verb.js';

/** `/status` */
export const status: Verb = {
  name: 'status',
  flags: [],
  help: 'shows the status of the build',
  examples: [['', 'reads the state of each step from the cluster']],
  readsFiles: false,
  isShared: () => true,
  run: statusReply,
};

/** The latest build as the cluster sees it now; where the cluster cannot be asked, as it was last told. */
async function statusReply(
  context: ServerContext,
  authorised: AuthorisedCommand,
  work: Work,
): Promise<CommandReply> {
  const { conversation, pullRequest } = authorised;
  const [known] = conversation.builds;
  const build = known ?? (await foundInCluster(context, pullRequest, work));
  // What a build printed is read.
  if (build?.workflow) await recordStart(context, authorised);
  const now = build && (await refreshed(context, pullRequest, build, work));
  // The comment was deleted: it shows the build again.
  if (!known && now) {
    const recorded: StateChange = (state) =>
      changeBuild(state, now.request, (each) => (each.workflow ? each : now));
    await context.conversations.change(pullRequest, recorded, 'progress');
  }
  const renderContext = { ...context.render, ...pullRequest };
  return { kind: 'answer', markdown: renderStatusAnswer(now, renderContext) };
}

/** The latest build of a pull request as its workflow alone tells it; undefined where there is none. */
async function foundInCluster(
  { cluster }: Pick<ServerContext, 'cluster'>,
  pullRequest: PullRequestRef,
  { signal }: Pick<Work, 'signal'>,
): Promise<Build | undefined> {
  const [last] = await ownWorkflows({ cluster }, pullRequest, { signal });
  if (!last) return undefined;
  const { name, namespace } = last;
  const read = (): Promise<ObservedWorkflow | undefined> =>
    readIfThere(cluster.client, namespace, name, signal);
  const workflow = await persist(read, CALL_PATIENCE, signal);
  const subject = workflow && subjectOf(workflow.metadata);
  if (!subject) return undefined;
  return {
    request: subject.request,
    state: 'running',
    rows: [],
    workflow: { name, ...recordedNamespace(cluster, namespace) },
  };
}

/**
 * A build as its workflow is now; as it was last known where the cluster can't be asked, or what has the name there isn't
 * of this pull request.
 */
export async function refreshed(
  { cluster, links, explain }: Pick<ServerContext, 'cluster' | 'links' | 'explain'>,
  pullRequest: PullRequestRef,
  build: Build,
  { signal, log }: Pick<Work, 'log' | 'signal'>,
): Promise<Build> {
  if (build.workflow === undefined) return build;
  const { name } = build.workflow;
  const namespace = watchedNamespace(cluster, build.workflow);
  if (namespace === undefined) return build;
  const { client } = cluster;
  try {
    const workflow = await persist(() => readIfThere(client, namespace, name, signal), CALL_PATIENCE, signal);
    if (workflow && !isOfPullRequest(workflow.metadata, pullRequest)) return build;
    const result = workflow
      ? await explainedResult(client, workflow, (...ended) => explain(...ended, { log, signal }))
      : goneResult(name, undefined);
    return withResult(build, result, links);
  } catch (err) {
    if (!(err instanceof WorkError) && !(err instanceof KubernetesError)) throw err;
    log.debug({ err }, 'the workflow cannot be read: told as it was last known');
    return build;
  }
}

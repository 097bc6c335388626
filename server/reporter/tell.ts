import { persist } from '../../argo/client/patience.js';
import { isFinished } from '../../argo/status/nodes.js';
import { goneResult, workflowResult } from '../../argo/status/status.js';
import { markReported, type DueNotice } from '../../argo/workflows/marks.js';
import { readIfThere } from '../../argo/workflows/read-many.js';
import { workflowUrl } from '../../argo/workflows/runner.js';
import { podsEnded } from '../../argo/workflows/stop.js';
import type { StepResult, WorkflowResult } from '../../generator/results/result.js';
import { stopReasonOf, type StopReason } from '../../generator/workflow/names.js';
import { checkState } from '../comment/check.js';
import type { Build, ConversationState } from '../comment/state.js';
import { changeBuild, hasEnded } from '../comment/transitions.js';
import type { CheckReport } from '../ports.js';
import { isRecorded, recordedNamespace } from '../rules/build-namespaces.js';
import { explainedOrPhase, reportCheck, resultOrPhase, withResultOrState } from './fallback.js';
import type { Notification } from './notification-queue.js';
import type { ReporterOptions } from './options.js';
import type { Subject } from './subject.js';

/** A workflow that the reporter follows, and what it last reported. */
export interface Followed {
  readonly subject: Subject;
  /** Where it is. */
  readonly namespace: string;
  /** The {@link resultFingerprint} of the last report. */
  fingerprint: string;
  /** What its check shows. */
  check?: CheckReport['state'];
}

/** One workflow as it is now. */
interface Look {
  readonly followed: Followed;
  readonly result: WorkflowResult;
  /** It won't change again. */
  readonly over: boolean;
  /** It is still in the cluster. */
  readonly there: boolean;
  /** Why the server stopped it on its own. */
  readonly stopReason?: StopReason;
  /** The comment already shows its end. */
  toldBefore: boolean;
  /** What the comment shows of it. */
  build?: Build;
  /** What others are notified of. */
  notice?: DueNotice | undefined;
}

/**
 * Reports the state of a pull request's workflows: in the comment, then on the commits. Marks workflows in the cluster
 * whose end is reported. Idempotent: it writes nothing that is already there.
 *
 * @returns the workflows that ended and are reported
 * @throws GitHubError, KubernetesError if none or only some are reported
 */
export async function tell(
  options: ReporterOptions,
  { subjects, weight }: Notification<Followed>,
  signal: AbortSignal,
): Promise<readonly Followed[]> {
  const { client } = options.cluster;
  const looks: Look[] = [];
  for (const followed of subjects) looks.push(await observe(options, followed, signal));
  const news = looks.filter(({ result, over }) => over || result.phase !== 'unknown');
  const [first] = news;
  if (first === undefined) return [];
  const { origin } = first.followed.subject;

  signal.throwIfAborted();
  const { unwritten } = await options.conversations.change(
    origin,
    (state) => news.reduce((so, each) => told(so, each, options), state),
    // A workflow can have ended since its progress was queued.
    news.some(({ over }) => over) ? 'final' : weight,
  );
  for (const { followed, build, over, toldBefore, result } of news) {
    if (build && checkState(build) !== followed.check) {
      signal.throwIfAborted();
      await reportCheck(options, build, origin, over ? 'final' : 'progress', unwritten);
      followed.check = checkState(build);
    }
    if (over && build && !toldBefore) {
      options.metrics.build(build.state);
      const { name } = followed.subject;
      options.log.info(
        { workflow: name, phase: result.phase, pullRequest: origin.number },
        'outcome reported',
      );
    }
  }
  const over = news.filter((each) => each.over);
  for (const { followed, there, result, notice } of over) {
    if (!there) continue;
    const { namespace, subject } = followed;
    await markReported(client, namespace, subject.name, result.phase, { signal, notice });
  }
  return over.map(({ followed }) => followed);
}

async function observe(options: ReporterOptions, followed: Followed, signal: AbortSignal): Promise<Look> {
  const { client } = options.cluster;
  const { namespace } = followed;
  const { name, uid } = followed.subject;
  const workflow = await persist(
    () => readIfThere(client, namespace, name, signal),
    options.patience,
    signal,
  );
  if (workflow === undefined || (workflow.metadata.uid ?? name) !== uid) {
    return { followed, result: goneResult(name, undefined), over: true, there: false, toldBefore: false };
  }
  const over = isFinished(workflow);
  if (!over)
    return { followed, result: resultOrPhase(workflow, options.log), over, there: true, toldBefore: false };
  if (workflow.spec.shutdown !== undefined)
    await podsEnded(client, namespace, name, { signal, ...(options.clock && { clock: options.clock }) });
  const { explain = workflowResult } = options;
  const explained = await explainedOrPhase(client, workflow, options.log, (...ended) =>
    explain(...ended, signal),
  );
  const result = (await options.locate?.(explained, followed.subject, signal)) ?? explained;
  const stopReason = stopReasonOf(workflow.metadata.annotations);
  return { followed, result, over, there: true, toldBefore: false, ...(stopReason && { stopReason }) };
}

/** The state with the result of one workflow. */
function told(state: ConversationState, each: Look, options: ReporterOptions): ConversationState {
  const { subject, namespace } = each.followed;
  const { argoUrl, links, cluster } = options;
  if (!isBelieved(state, each.followed, options)) return state;
  const url = argoUrl === undefined ? undefined : workflowUrl(argoUrl, namespace, subject.name);
  const place = { name: subject.name, namespace };
  return changeBuild(state, subject.request, (build) => {
    // The command has another workflow by now.
    if (build.workflow ? !isRecorded(cluster, build.workflow, place) : !isOwn(each.followed, options))
      return build;
    each.build = build;
    const where = recordedNamespace(cluster, namespace);
    const workflow = build.workflow ?? { name: subject.name, ...where, ...(url !== undefined && { url }) };
    const now = withResultOrState(
      { ...build, workflow },
      each.result,
      {
        ...links,
        logUrl: (step) => (url === undefined ? undefined : logUrl(url, subject.name, step)),
      },
      options.log,
    );
    // Its pods, and the reasons with them, may be deleted by now: the comment has more.
    each.toldBefore = hasEnded(build) && build.state === now.state;
    if (!each.toldBefore) each.build = each.stopReason ? { ...now, stopReason: each.stopReason } : now;
    each.notice = each.over ? options.notice?.(state, each.build, subject.origin) : undefined;
    return each.build;
  });
}

/**
 * A team can create workflows in its own namespace, and label one as this pull request's. So one outside of
 * the repository's own namespace counts only if the comment records it, from before the rule changed.
 */
function isBelieved(
  { builds }: ConversationState,
  followed: Followed,
  options: Pick<ReporterOptions, 'cluster'>,
): boolean {
  if (isOwn(followed, options)) return true;
  const { subject, namespace } = followed;
  const place = { name: subject.name, namespace };
  const ids = new Set(subject.request.commentIds);
  return builds.some(
    ({ request, workflow }) =>
      isRecorded(options.cluster, workflow, place) && request.commentIds.some((id) => ids.has(id)),
  );
}

function isOwn({ subject, namespace }: Followed, { cluster }: Pick<ReporterOptions, 'cluster'>): boolean {
  return cluster.namespaceOf(subject.origin.repository) === namespace;
}

/** Link to a step in the Argo UI: a node's id is the workflow's name plus the suffix of its pod's name. */
function logUrl(url: string, workflow: string, { pod }: StepResult): string | undefined {
  if (pod === undefined) return undefined;
  return `${url}?nodeId=${encodeURIComponent(`${workflow}-${pod.slice(pod.lastIndexOf('-') + 1)}`)}`;
}

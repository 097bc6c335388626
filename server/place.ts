import type { PullRequestWorkflow } from '../argo/find-workflows.js';

/** What a command asks for. */
export interface Asked {
  readonly request: string;
  /** Comments that ask for it. */
  readonly commentIds: readonly number[];
  /** Never joins what is there for other comments. */
  readonly force: boolean;
  readonly supersede: 'stop' | 'queue' | 'refuse';
}

/** What is to be done for a command. */
export type Place =
  | { readonly kind: 'join'; readonly workflow: PullRequestWorkflow }
  | { readonly kind: 'busy'; readonly running: PullRequestWorkflow }
  | { readonly kind: 'submit'; readonly attempt: number; readonly stop: readonly PullRequestWorkflow[] };

/**
 * Where a command's workflow has its place among those of its pull request: joins the same one that runs or has
 * succeeded; else a new attempt, before which the others are stopped. Pure, so that two replicas decide the same.
 */
export function placeWorkflow(there: readonly PullRequestWorkflow[], asked: Asked): Place {
  const { request, commentIds, force, supersede } = asked;
  const same = there.filter((workflow) => workflow.request === request);
  // After a restart, or delivered again: these very comments have their workflow.
  const own = workflowOf(there, commentIds);
  if (own) return { kind: 'join', workflow: own };

  const running = there.filter(({ finished }) => !finished);
  const joined = force
    ? undefined
    : latest(same.filter((each) => !each.finished || each.phase === 'succeeded'));
  if (joined) return { kind: 'join', workflow: joined };

  if (supersede === 'refuse' && running[0]) return { kind: 'busy', running: running[0] };
  return {
    kind: 'submit',
    attempt: 1 + Math.max(0, ...same.map(({ attempt }) => attempt)),
    stop: supersede === 'stop' ? running : [],
  };
}

/** The workflow that was made for one of these comments, or that one of them joined. */
export function workflowOf(
  there: readonly PullRequestWorkflow[],
  commentIds: readonly number[],
): PullRequestWorkflow | undefined {
  return there.find(({ comments }) => commentIds.some((id) => comments.includes(id)));
}

function latest(workflows: readonly PullRequestWorkflow[]): PullRequestWorkflow | undefined {
  return workflows.reduce<PullRequestWorkflow | undefined>(
    (last, each) => (last === undefined || each.attempt > last.attempt ? each : last),
    undefined,
  );
}

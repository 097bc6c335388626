import type { PullRequestWorkflow } from '../../argo/workflows/find-workflows.js';
import type { StoppableWorkflow } from '../../argo/workflows/stopping.js';

/** What a command asks for. */
export interface PlacementRequest {
  readonly request: string;
  /** Comments that ask for it. */
  readonly commentIds: readonly number[];
  /** Never joins what is there for other comments. */
  readonly force: boolean;
  readonly supersede: 'stop' | 'queue' | 'refuse';
  /** No command asks for it: then it replaces others like it, whatever `supersede` says. */
  readonly triggered: boolean;
}

/** What must be done for a command. */
export type Placement =
  | { readonly kind: 'join'; readonly workflow: StoppableWorkflow }
  | { readonly kind: 'busy'; readonly running: StoppableWorkflow }
  | { readonly kind: 'submit'; readonly attempt: number; readonly stop: readonly StoppableWorkflow[] };

/**
 * Where a command's workflow belongs among those of its pull request: it joins the workflow of the same request that
 * runs or has succeeded; else it is a new attempt, and the others are stopped first. A workflow that is stopping already
 * needs no attention: Argo starts a build of a pull request when the previous build has ended. Pure, so that two replicas
 * decide the same.
 *
 * @param there - in the namespace in which the repository is built
 * @param elsewhere - in other namespaces: they are stopped, and never joined
 */
export function decidePlacement(
  there: readonly StoppableWorkflow[],
  wanted: PlacementRequest,
  elsewhere: readonly StoppableWorkflow[] = [],
): Placement {
  const { request, commentIds, force, supersede, triggered } = wanted;
  const same = there.filter((workflow) => workflow.request === request);
  // After a restart, or delivered again: these very comments have their workflow.
  const own = workflowOf(there, commentIds);
  if (own) return { kind: 'join', workflow: own };

  const joined = force
    ? undefined
    : latest(same.filter((each) => goesOn(each) || (each.phase === 'succeeded' && !each.stopping)));
  if (joined) return { kind: 'join', workflow: joined };

  const isReplaced = (each: StoppableWorkflow): boolean =>
    supersede === 'stop' || (triggered && each.triggered);
  const running = there.filter(goesOn);
  const kept = running.find((each) => !isReplaced(each));
  if (supersede === 'refuse' && kept) return { kind: 'busy', running: kept };
  return {
    kind: 'submit',
    attempt: 1 + Math.max(0, ...same.map(({ attempt }) => attempt)),
    stop: [...running, ...elsewhere.filter(goesOn)].filter(isReplaced),
  };
}

function goesOn({ finished, stopping }: StoppableWorkflow): boolean {
  return !finished && !stopping;
}

/** The workflow that was made for one of these comments, or that one of them joined. */
export function workflowOf<Workflow extends PullRequestWorkflow>(
  there: readonly Workflow[],
  commentIds: readonly number[],
): Workflow | undefined {
  return there.find(({ comments }) => commentIds.some((id) => comments.includes(id)));
}

function latest(workflows: readonly StoppableWorkflow[]): StoppableWorkflow | undefined {
  return workflows.reduce<StoppableWorkflow | undefined>(
    (last, each) => (last === undefined || each.attempt > last.attempt ? each : last),
    undefined,
  );
}

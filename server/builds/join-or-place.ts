import { joinWorkflow } from '../../argo/workflows/join-workflow.js';
import { withStops, type StoppableWorkflow } from '../../argo/workflows/stopping.js';
import type { Work, ServerContext } from '../context.js';
import type { Origin } from '../ports.js';
import { decidePlacement, type PlacementRequest, type Placement } from './placement.js';
import { allWorkflows } from './pull-workflows.js';

/** The place that a command has. */
export type FinalPlacement =
  | Exclude<Placement, { kind: 'join' }>
  | {
      readonly kind: 'joined';
      readonly workflow: StoppableWorkflow;
      /** All comments that it is for. */
      readonly comments: readonly number[];
    };

/**
 * Decides where a command belongs among the workflows of its pull request, and joins a workflow if the decision says so.
 * If that workflow was stopped or deleted meanwhile, it decides again.
 *
 * @throws KubernetesError when the cluster does not answer or refuses
 */
export async function joinOrPlace(
  context: Pick<ServerContext, 'cluster'>,
  origin: Origin,
  wanted: PlacementRequest,
  { signal }: Pick<Work, 'signal'>,
): Promise<FinalPlacement> {
  const { client, namespaceOf } = context.cluster;
  const namespace = namespaceOf(origin.repository);
  const all = await withStops(client, await allWorkflows(context, origin, { signal }), { signal });
  const elsewhere = all.filter((each) => each.namespace !== namespace);
  let there = all.filter((each) => each.namespace === namespace);
  for (;;) {
    const place = decidePlacement(there, wanted, elsewhere);
    if (place.kind !== 'join') return place;
    const { workflow } = place;
    const joined = await joinWorkflow(client, namespace, workflow.name, wanted.commentIds, { signal });
    if (joined === 'gone') there = there.filter((each) => each !== workflow);
    else if (joined === 'stopping')
      there = there.map((each) => (each === workflow ? { ...each, stopping: true } : each));
    else return { kind: 'joined', workflow, comments: joined };
  }
}

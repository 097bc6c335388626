import { workflowsOf } from '../../argo/workflows/find-workflows.js';
import type { Work, ServerContext } from '../context.js';
import type { PullRequestRef } from '../ports.js';
import { workflowOf } from './placement.js';

/** Whether one of these comments has its workflow, made by this replica or another one. */
export async function hasWorkflow(
  { cluster: { client, namespace } }: ServerContext,
  pullRequest: PullRequestRef,
  commentIds: readonly number[],
  work: Work,
): Promise<boolean> {
  return workflowOf(await workflowsOf(client, namespace, pullRequest, work), commentIds) !== undefined;
}

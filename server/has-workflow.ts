import { workflowsOf } from '../argo/find-workflows.js';
import type { PullRequestRef } from './ports.js';
import type { Work, World } from './world.js';

/** Whether one of these comments has its workflow, made by this replica or another one. */
export async function hasWorkflow(
  { cluster: { client, namespace } }: World,
  pullRequest: PullRequestRef,
  commentIds: readonly number[],
  work: Work,
): Promise<boolean> {
  const there = await workflowsOf(client, namespace, pullRequest, work);
  return there.some(({ comments }) => comments.some((id) => commentIds.includes(id)));
}

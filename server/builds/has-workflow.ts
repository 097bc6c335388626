import type { Work, ServerContext } from '../context.js';
import type { PullRequestRef } from '../ports.js';
import { workflowOf } from './placement.js';
import { ownWorkflows } from './pull-workflows.js';

/** Whether one of these comments has its workflow, made by this replica or another one. */
export async function hasWorkflow(
  context: ServerContext,
  pullRequest: PullRequestRef,
  commentIds: readonly number[],
  work: Work,
): Promise<boolean> {
  return workflowOf(await ownWorkflows(context, pullRequest, work), commentIds) !== undefined;
}

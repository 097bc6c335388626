import type { PullRequestWorkflow } from '../../argo/workflows/find-workflows.js';
import type { Work, ServerContext } from '../context.js';
import type { Origin } from '../ports.js';
import { workflowOf } from './placement.js';
import { ownWorkflows } from './pull-workflows.js';

/** The workflow that one of these comments has, made by this replica or another one. */
export async function madeWorkflow(
  context: ServerContext,
  origin: Origin,
  commentIds: readonly number[],
  work: Work,
): Promise<PullRequestWorkflow | undefined> {
  return workflowOf(await ownWorkflows(context, origin, work), commentIds);
}

import type { PullRequestWorkflow } from '../../argo/workflows/find-workflows.js';
import type { SubmittedWorkflow } from '../../generator/ports.js';

/** The result of a request. `failed`: there is no workflow, and the conversation says why. */
export type Submission =
  | { readonly kind: 'submitted'; readonly workflow: SubmittedWorkflow }
  | { readonly kind: 'joined'; readonly workflow: PullRequestWorkflow }
  | { readonly kind: 'busy'; readonly running: PullRequestWorkflow }
  | { readonly kind: 'failed' }
  | { readonly kind: 'withdrawn' };

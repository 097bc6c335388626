import type { Patience } from '../../argo/client/patience.js';
import type { ObservedWorkflow } from '../../argo/status/observed.js';
import type { LogTails } from '../../argo/status/status.js';
import type { DueNotice } from '../../argo/workflows/marks.js';
import type { Clock } from '../../common/clock.js';
import type { WorkflowResult } from '../../generator/results/result.js';
import type { Conversations } from '../comment/conversations.js';
import type { RenderContext } from '../comment/render.js';
import type { ResultLinks } from '../comment/result.js';
import type { Build, ConversationState } from '../comment/state.js';
import type { Checks, Origin, Repository } from '../ports.js';
import type { BuildCluster } from '../rules/build-namespaces.js';
import type { Logger } from '../telemetry/log.js';
import type { Metrics } from '../telemetry/metrics.js';
import type { Subject } from './subject.js';

/** The services that the reporter uses. */
export interface ReporterOptions {
  /** Where the workflows are. */
  readonly cluster: BuildCluster;
  readonly conversations: Pick<Conversations, 'change'>;
  readonly checks: Pick<Checks, 'report'>;
  /** For the check: as in {@link Conversations}. */
  readonly render: Pick<RenderContext, 'web' | 'prefix'>;
  /** Masks secrets in what a build printed; addresses of Kubeflow's pages. */
  readonly links: Omit<ResultLinks, 'logUrl'>;
  /** Adds to the result of a finished workflow what only the repository's files tell. Never fails. */
  readonly locate?: (
    result: WorkflowResult,
    subject: Subject,
    signal: AbortSignal,
  ) => Promise<WorkflowResult>;
  /** Says why steps failed, by what they said last. Default: in this process. */
  readonly explain?: (
    workflow: ObservedWorkflow,
    tails: LogTails,
    signal: AbortSignal,
  ) => Promise<WorkflowResult>;
  /** What others are notified of when a build ended. Never fails. Default: nothing. */
  readonly notice?: (state: ConversationState, build: Build, origin: Origin) => DueNotice | undefined;
  readonly log: Logger;
  readonly metrics: Pick<Metrics, 'build'>;
  /** Whether commands of this repository are obeyed; workflows of others are left alone. */
  readonly serves: (repository: Repository) => boolean;
  /** Address of Argo's page, for links. */
  readonly argoUrl?: string | undefined;
  /** Default: the time that passes. */
  readonly clock?: Clock;
  /** With the cluster. */
  readonly patience?: Patience;
}

import type { WorkflowRunner } from '../generator/ports.js';
import type { Settings } from '../schema/index.js';
import type { Conversations } from './comment/conversations.js';
import type { ResultLinks } from './comment/result.js';
import type { RenderContext } from './comment/view.js';
import type { Refusals } from './github/refusals.js';
import type { ExplainLogs } from './planning/log-reader.js';
import type { Planner } from './planning/planner.js';
import type { GitHub } from './ports.js';
import type { BuildCluster } from './rules/build-namespaces.js';
import type { Logger } from './telemetry/log.js';
import type { Metrics } from './telemetry/metrics.js';

/** Everything outside that a command needs. */
export interface ServerContext {
  readonly settings: Settings;
  readonly github: GitHub;
  readonly conversations: Conversations;
  readonly cluster: BuildCluster;
  /** Submits to the namespace that a workflow names. */
  readonly runner: WorkflowRunner;
  /** Reads repositories. */
  readonly planner: Planner;
  /** Reads logs. */
  readonly explain: ExplainLogs;
  readonly refusals: Refusals;
  /** How commands and addresses are written in comments. */
  readonly render: Pick<RenderContext, 'web' | 'prefix'>;
  readonly metrics: Metrics;
  /** Masks secrets in what a build printed, and knows the pages of what it made. */
  readonly links: Omit<ResultLinks, 'logUrl'>;
  /** For what nothing waits for; its errors are logged, and a server that ends waits for it. */
  readonly background: (work: Promise<unknown>) => void;
}

/** One command that is allowed, and what is known of it. */
export interface Work {
  readonly log: Logger;
  /** Aborts the work; the command then runs again elsewhere. */
  readonly signal: AbortSignal;
  /** When the server heard of it. */
  readonly receivedAt: Date;
}

import type { Settings } from '../../schema/index.js';
import { PLANNER_FILE } from '../planner-file.js';
import type { GitAccess } from '../ports.js';
import type { Logger } from '../telemetry/log.js';
import type { Metrics } from '../telemetry/metrics.js';
import { explainIn, type ExplainLogs } from './log-reader.js';
import type { Planner } from './planner.js';
import { WorkerPool } from './pool.js';

/** The processes of a server that read what others wrote. */
export interface Workers {
  readonly planner: Planner;
  readonly explain: ExplainLogs;
  /** Ends them, and what they do. */
  close(): Promise<void>;
}

/** Seconds in which the logs of a workflow are searched, which takes milliseconds. */
const LOG_SECONDS = 10;
/** Bytes of memory for that. */
const LOG_MEMORY = 256 * 2 ** 20;

/** Starts them at once, so that the first command doesn't wait for them. One reads logs, the others repositories. */
export function startWorkers(
  settings: Settings,
  { git, log, metrics }: { readonly git: GitAccess; readonly log: Logger; readonly metrics: Metrics },
): Workers {
  const { workers, seconds, storing_seconds: storingSeconds, memory } = settings.server.planning;
  const common = {
    file: PLANNER_FILE,
    settings,
    git,
    log,
    onStopped: metrics.planningStopped,
  };
  const planner = new WorkerPool({ ...common, size: workers, limits: { seconds, storingSeconds, memory } });
  const ofLogs = { seconds: LOG_SECONDS, storingSeconds: LOG_SECONDS, memory: LOG_MEMORY };
  const logs = new WorkerPool({ ...common, size: 1, limits: ofLogs });
  return {
    planner,
    explain: explainIn(logs, LOG_SECONDS),
    close: async () => {
      await Promise.all([planner.close(), logs.close()]);
    },
  };
}

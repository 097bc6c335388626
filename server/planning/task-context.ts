import type { CacheLog } from '../../sources/remote/types.js';
import type { PlanningPorts } from './ports.js';

/** What a task works with. */
export interface TaskContext {
  readonly ports: PlanningPorts;
  readonly log: CacheLog;
  readonly signal: AbortSignal;
  /** To be called once all is planned, and only archives are left to be packed and stored. */
  readonly storing: () => void;
}

import type { Checks } from '../ports.js';
import type { Calls } from './calls.js';
import { CheckRuns } from './check-runs.js';
import type { Connection } from './connection.js';
import { commitStatuses } from './statuses.js';

/** Check runs are for Apps alone; with a token it is a commit status. */
export function checks(calls: Calls, { kind }: Connection): Checks {
  return kind === 'app' ? new CheckRuns(calls) : commitStatuses(calls);
}

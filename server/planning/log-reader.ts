import type { ObservedWorkflow } from '../../argo/status/observed.js';
import { workflowResult, type LogTails } from '../../argo/status/status.js';
import type { WorkflowResult } from '../../generator/results/result.js';
import type { Planner, PlannerCall } from './planner.js';
import { PlanningStopped } from './stopped.js';

/** Says why the steps of a workflow failed, by what they said last. */
export type ExplainLogs = (
  workflow: ObservedWorkflow,
  tails: LogTails,
  call: Pick<PlannerCall, 'log' | 'signal'>,
) => Promise<WorkflowResult>;

/** In this process: for a command of one's own, and for tests. */
export const explainHere: ExplainLogs = (workflow, tails) => Promise.resolve(workflowResult(workflow, tails));

/** Logs that may stop a worker before the rest of them is left unread. */
const MOST_STOPPED = 3;
/** Logs are of no repository. */
const NOBODY = { id: 0, owner: '', name: '' };

/**
 * In another process. Where all logs together take too long, each is read alone: those that still do are left out, and
 * the result says so.
 *
 * @param seconds - the limit of that process
 */
export function explainIn(planner: Planner, seconds: number): ExplainLogs {
  return async (workflow, tails, call) => {
    const explain = async (
      some: LogTails,
      unread: readonly string[] = [],
    ): Promise<WorkflowResult | undefined> => {
      try {
        const input = { workflow, tails: some, unread, seconds };
        return await planner.do('explain', input, { ...call, repository: NOBODY });
      } catch (error) {
        if (error instanceof PlanningStopped) return undefined;
        throw error;
      }
    };
    const all = await explain(tails);
    if (all) return all;
    const read = new Map<string, string>();
    const unread: string[] = [];
    for (const [task, tail] of tails) {
      const tried = unread.length < MOST_STOPPED && (await explain(new Map([[task, tail]])));
      if (tried) read.set(task, tail);
      else unread.push(task);
    }
    return (await explain(read, unread)) ?? workflowResult(workflow);
  };
}

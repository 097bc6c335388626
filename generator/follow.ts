import type { Reporter, WorkflowWatcher } from './ports.js';
import { LogTails } from './results/log-tails.js';
import type { WorkflowResult } from './results/result.js';

/** The world outside, as following a workflow needs it. */
export interface FollowPorts {
  readonly watcher: WorkflowWatcher;
  readonly reporter: Reporter;
}

/**
 * The line from a workflow to the report: watch → progress → result → report. It is the same for a workflow that was
 * just submitted and for a workflow that is found later by its name, running or finished.
 *
 * @param signal - ends the following, never the workflow
 * @returns how it ended; `unknown` when it is gone, which is never success
 * @throws ServiceError when the cluster refuses, or does not answer for too long; the workflow continues
 */
export async function follow(
  name: string,
  ports: FollowPorts,
  signal?: AbortSignal,
): Promise<WorkflowResult> {
  const { watcher, reporter } = ports;
  const tails = new LogTails(watcher, reporter);
  let result: WorkflowResult = { name, phase: 'unknown', images: [] };
  try {
    for await (result of watcher.watch(name, signal)) {
      await reporter.progress(result);
      tails.update(result);
    }
  } finally {
    await tails.end();
  }
  await reporter.finished(result);
  return result;
}

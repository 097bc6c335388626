import type { ObservedWorkflow } from '../../argo/status/observed.js';
import { workflowResult, type LogTails } from '../../argo/status/status.js';
import { stepsOf, type StepResult, type WorkflowResult } from '../../generator/results/result.js';
import { lastOf } from '../../schema/cut.js';

/** Characters of last lines that the server is given of all steps together, and of one step in any case. */
const [LINES_TOGETHER, LINES_EACH] = [200_000, 1000];

/** A workflow that has ended, and what its failed steps said last. */
export interface ExplainInput {
  readonly workflow: ObservedWorkflow;
  readonly tails: LogTails;
  /** Tasks whose log could not be read in time. */
  readonly unread: readonly string[];
  /** The time that they had. */
  readonly seconds: number;
}

/** Says why steps failed, by what they said last. */
export function explainFailures(input: ExplainInput): Promise<WorkflowResult> {
  const { workflow, tails, unread, seconds } = input;
  const result = workflowResult(workflow, tails);
  const failed = stepsOf(result).filter(({ step }) => step.failure !== undefined).length;
  const room = Math.max(LINES_EACH, Math.floor(LINES_TOGETHER / Math.max(1, failed)));
  const change = <T extends StepResult>(step: T): T => {
    const { failure, task = '' } = step;
    if (failure === undefined) return step;
    const { lastLines, reason } = failure;
    const told = unread.includes(task) ? `${reason}; its log could not be read within ${seconds} s` : reason;
    return {
      ...step,
      failure: {
        ...failure,
        reason: told,
        ...(lastLines !== undefined && { lastLines: lastOf(lastLines, room) }),
      },
    };
  };
  const { images, tags, compile, publish, run } = result;
  return Promise.resolve({
    ...result,
    images: images.map(change),
    ...(tags && { tags: change(tags) }),
    ...(compile && { compile: change(compile) }),
    ...(publish && { publish: change(publish) }),
    ...(run && { run: change(run) }),
  });
}

import { readFileSync } from 'node:fs';

import { expect } from 'chai';

import type { ObservedWorkflow } from '../../../../argo/status/observed.js';
import { workflowResult } from '../../../../argo/status/status.js';
import { stepsOf, type WorkflowResult } from '../../../../generator/results/result.js';
import { createWorkflow } from '../../../../generator/workflow/create.js';
import { explainFailures, type ExplainInput } from '../../../../server/planning/explain.js';
import { explainIn } from '../../../../server/planning/log-reader.js';
import type { Planner } from '../../../../server/planning/planner.js';
import { PlanningStopped } from '../../../../server/planning/stopped.js';
import { createLog } from '../../../../server/telemetry/log.js';
import { argoStatus } from '../../../support/argo-status.js';
import { anImage, aPlan, WITH_KFP } from '../../../support/plan.js';

const FILE = new URL('../../../fixtures/argo/broken-in-every-way.json', import.meta.url);
const { workflow, logs } = JSON.parse(readFileSync(FILE, 'utf8')) as {
  readonly workflow: ObservedWorkflow;
  readonly logs: Readonly<Record<string, string>>;
};
const TAILS = new Map(Object.entries(logs));
const CALL = {
  log: createLog({ level: 'error', to: { write: () => true } }),
  signal: new AbortController().signal,
};

/** Takes too long for some logs, and remembers what it was asked. */
function slowFor(tasks: ReadonlySet<string>, asked: string[] = []): Planner {
  const explain = (_name: string, input: ExplainInput): Promise<WorkflowResult> => {
    const some = [...input.tails.keys()];
    asked.push(some.join());
    if (!some.some((task) => tasks.has(task))) return explainFailures(input);
    const limits = { seconds: 10, storingSeconds: 10, memory: 1 };
    return Promise.reject(new PlanningStopped('time', limits, false));
  };
  return { do: explain } as unknown as Planner;
}

const reasons = (result: WorkflowResult): Record<string, string | undefined> =>
  Object.fromEntries(stepsOf(result).map(({ step }) => [step.task ?? '', step.failure?.reason] as const));

describe('threat 41: logs that take their reader down', () => {
  const [poison = '', ...others] = TAILS.keys();

  it('are told as they are where nothing goes wrong', async () => {
    const asked: string[] = [];
    const result = await explainIn(slowFor(new Set(), asked), 10)(workflow, TAILS, CALL);
    expect(reasons(result)).to.deep.equal(reasons(workflowResult(workflow, TAILS)));
    expect(asked).to.have.lengthOf(1);
  });

  it('are left out one by one, and the result says so', async () => {
    const result = await explainIn(slowFor(new Set([poison])), 10)(workflow, TAILS, CALL);
    const without = reasons(workflowResult(workflow, new Map([...TAILS].slice(1))));
    const told = reasons(result);
    expect(told[poison]).to.equal(`${without[poison]}; its log could not be read within 10 s`);
    for (const task of others) expect(told[task], task).to.equal(without[task]);
  });

  it('stop their reader a few times at most', async () => {
    const asked: string[] = [];
    const result = await explainIn(slowFor(new Set(TAILS.keys()), asked), 10)(workflow, TAILS, CALL);
    // All of them, three alone, and none.
    expect(asked).to.have.lengthOf(5);
    for (const task of TAILS.keys())
      expect(reasons(result)[task]).to.include('could not be read within 10 s');
  });

  it('are those of the step that tags images, too', async () => {
    const images = [
      anImage('trainer', { decision: { action: 'reuse', digest: `sha256:${'1'.repeat(64)}` } }),
    ];
    const made = createWorkflow(aPlan({ images }), WITH_KFP, { name: 'w' }) as unknown as ObservedWorkflow;
    const tagging = { ...made, status: argoStatus(made, 'Failed', { 'tag-images': 'Failed' }) };
    const tails = new Map([['tag-images', 'error: no']]);
    const read = await explainFailures({ workflow: tagging, tails, unread: [], seconds: 10 });
    expect(read.tags!.failure).to.include({ kind: 'tags', reason: 'no' });
    const lost = { workflow: tagging, tails: new Map<string, string>(), unread: ['tag-images'], seconds: 10 };
    expect((await explainFailures(lost)).tags!.failure!.reason).to.include('could not be read within 10 s');
  });

  it('come back cut to what a comment can hold', async () => {
    const long = new Map([...TAILS].map(([task, tail]) => [task, `${'x'.repeat(1900)}\n`.repeat(30) + tail]));
    const result = await explainFailures({ workflow, tails: long, unread: [], seconds: 10 });
    const shown = stepsOf(result).map(({ step }) => step.failure?.lastLines?.length ?? 0);
    expect(shown.reduce((sum, length) => sum + length, 0)).to.be.within(1, 200_000);
  });
});

import { readFileSync } from 'node:fs';

import { expect } from 'chai';

import type { ObservedWorkflow } from '../../../argo/status/observed.js';
import { workflowResult } from '../../../argo/status/status.js';
import type { WorkflowResult } from '../../../generator/results/result.js';

/** Recorded from real runs by test/cluster with KFOPS_RECORD=1. */
function resultOf(name: string): WorkflowResult {
  const { workflow, logs } = JSON.parse(
    readFileSync(new URL(`../../fixtures/argo/${name}.json`, import.meta.url), 'utf8'),
  ) as { workflow: ObservedWorkflow; logs: Record<string, string> };
  return workflowResult(workflow, new Map(Object.entries(logs)));
}

describe('argo/status of the last steps, as a real cluster had them', () => {
  it('says what was pinned, published and run', () => {
    const { phase, images, publish, run } = resultOf('sklearn-iris-run');
    expect(phase).to.equal('succeeded');
    const { repository, digest } = images[0]!;
    expect(publish!.images).to.deep.include({
      pinned: [{ name: 'iris_train', reference: `${repository}@${digest!}`, steps: 2 }],
      unused: ['iris_serve'],
    });
    expect(run).to.include({ state: 'succeeded', runState: 'SUCCEEDED', versionId: publish!.versionId });
    expect(run!.runId).to.match(/^[0-9a-f-]{36}$/);
  });

  it('names the place of an error in the pipeline’s code', () => {
    const { phase, compile, publish } = resultOf('pipeline-type-error');
    expect(phase).to.equal('failed');
    expect(compile!.failure).to.deep.include({
      kind: 'pipeline_code',
      location: { file: 'pipeline.py', line: 16 },
      excerpt: 'say(text=text)',
    });
    expect(publish).to.include({ state: 'omitted' });
  });

  it('does not take a run that was stopped for one that failed', () => {
    const { phase, publish, run } = resultOf('run-stopped');
    expect(phase).to.equal('stopped');
    expect(publish).to.include({ state: 'succeeded' });
    expect(run).to.include({ state: 'stopped' }).and.to.not.have.property('failure');
  });
});

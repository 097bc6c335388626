import { expect } from 'chai';

import { publishedLines } from '../../../cli/output/published-text.js';
import type { RunOutputs } from '../../../generator/results/run-outputs.js';
import { styleOf } from '../../../templates/style.js';

const lines = (outputs: RunOutputs): string[] =>
  publishedLines(
    { run: { state: 'succeeded', attempts: 1, ignored: [], runId: 'r', runState: 'SUCCEEDED', outputs } },
    undefined,
    styleOf(false),
  );

describe('publishedLines', () => {
  it('has what the run produced after the run', () => {
    expect(
      lines({
        metrics: [{ name: 'accuracy', value: 0.93 }],
        artifacts: [{ type: 'Model', name: 'model', uri: 's3://b/m' }],
        moreMetrics: 0,
        moreArtifacts: 0,
      }),
    ).to.deep.equal([
      '',
      'Pipeline',
      '  run      r  SUCCEEDED',
      '  metric   accuracy  0.93',
      '  artifact Model model  s3://b/m',
    ]);
  });

  it('threat 96: a name moves no cursor', () => {
    const metrics = [{ name: '\u001b[2Jx\nrun', value: 1 }];
    const [, , , line] = lines({ metrics, artifacts: [], moreMetrics: 0, moreArtifacts: 0 });
    expect(line).to.equal('  metric   \\x1b[2Jx\\nrun  1');
  });

  it('warns where it is unknown', () => {
    expect(lines({ unknown: 'no connection' }).at(-1)).to.equal(
      '  !        what the run produced is unknown: no connection',
    );
  });
});

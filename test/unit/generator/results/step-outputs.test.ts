import { expect } from 'chai';
import fc from 'fast-check';

import { parsePublishOutput, parseRunOutput } from '../../../../generator/results/step-outputs.js';

const RUN = { run_id: 'r', experiment_id: 'e', pipeline_id: 'p', version_id: 'v', version: '1', state: 'OK' };

describe('outputs of steps', () => {
  it('are read as they were written', () => {
    const images = {
      pinned: [{ name: 'a', reference: 'a@sha256:1', steps: 2 }],
      suspicious: [
        { executor: 'x', image: 'y', near: 'z' },
        { executor: 'x', image: 'y' },
      ],
      dynamic: ['d'],
      unused: ['u'],
      others: 3,
      omitted: 4,
    };
    const published = { images, pipeline_id: 'p', version_id: 'v', version: '1', warnings: ['w'] };
    expect(parsePublishOutput(JSON.stringify(published))).to.deep.equal(published);
    const run = { ...RUN, message: 'm', ignored: ['i'] };
    expect(parseRunOutput(JSON.stringify(run))).to.deep.equal(run);
    expect(parseRunOutput(JSON.stringify(RUN))).to.deep.equal({ ...RUN, ignored: [] });
  });

  it('are none where they are something else', () => {
    for (const text of [
      '',
      '{',
      'null',
      '[]',
      '5',
      '{}',
      '{"version":1}',
      '{"run_id":"r"}',
      '{"state":"s"}',
    ]) {
      expect(parsePublishOutput(text)).to.equal(undefined);
      expect(parseRunOutput(text)).to.equal(undefined);
    }
  });

  it('threat 70: are bounded, valid text, and counts', () => {
    const long = '\ud800x'.repeat(100_000);
    const output = parsePublishOutput(
      JSON.stringify({
        version: long,
        pipeline_id: long,
        images: {
          pinned: Array(5000).fill({ name: long.slice(0, 10), steps: -1 }),
          suspicious: 'x',
          dynamic: [1, null, 'd'],
          others: 1e300,
          omitted: 1.5,
        },
        warnings: Array(5000).fill('\udfff'),
      }),
    )!;
    expect(output.version.length).to.be.lessThan(2100);
    expect(output.images.pinned).to.have.length(1000);
    expect(output.images).to.deep.include({ suspicious: [], dynamic: ['d'], others: 0, omitted: 0 });
    expect(output.images.pinned[0]?.steps).to.equal(0);
    expect(output.warnings).to.have.length(1000);
    expect(JSON.stringify(output)).not.to.match(/\\ud[89a-f]/i);
  });

  it('are typed, whatever was written', () => {
    const value = fc.record(
      { ...Object.fromEntries(Object.keys(RUN).map((key) => [key, fc.jsonValue()])), images: fc.jsonValue() },
      { requiredKeys: [] },
    );
    fc.assert(
      fc.property(value, (written) => {
        const text = JSON.stringify(written);
        const run = parseRunOutput(text);
        if (run) for (const key of Object.keys(RUN)) expect(run).to.have.property(key).that.is.a('string');
        const published = parsePublishOutput(text);
        if (published) expect(published.images.others).to.be.at.least(0);
      }),
    );
  });
});

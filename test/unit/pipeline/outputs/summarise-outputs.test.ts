import { expect } from 'chai';

import { parseRunOutputs } from '../../../../generator/results/run-outputs.js';
import type { RunMetric, StoredOutputs } from '../../../../pipeline/outputs/ports.js';
import { summariseOutputs } from '../../../../pipeline/outputs/summarise-outputs.js';

const NONE: StoredOutputs = { metrics: [], artifacts: [], unread: 0 };
const metric = (name: string, value: number, step = 'train'): RunMetric => ({ name, value, step });

describe('summariseOutputs', () => {
  it('puts the base’s metrics next to the run’s, and those that only the base has at the end', () => {
    const base = {
      run: { branch: 'main', version: 'main-1a2b3c4d5e6f', runId: 'r' },
      metrics: [metric('accuracy', 0.9), metric('rows', 10), metric('accuracy', 0.1, 'evaluate')],
    };
    const outputs = summariseOutputs(
      { ...NONE, metrics: [metric('loss', 0.2), metric('accuracy', 0.95)] },
      base,
    );
    expect(outputs).to.deep.equal({
      metrics: [
        { name: 'accuracy', step: 'train', value: 0.95, base: 0.9 },
        { name: 'loss', step: 'train', value: 0.2 },
        { name: 'accuracy', step: 'evaluate', base: 0.1 },
        { name: 'rows', step: 'train', base: 10 },
      ],
      artifacts: [],
      moreMetrics: 0,
      moreArtifacts: 0,
      base: base.run,
    });
    expect(parseRunOutputs(JSON.parse(JSON.stringify(outputs)))).to.deep.equal(outputs);
  });

  it('names numbers that JSON does not have', () => {
    const values = [NaN, Infinity, -Infinity].map((value, i) => metric(String(i), value));
    const outputs = summariseOutputs({ ...NONE, metrics: values });
    expect(outputs.metrics.map(({ value }) => value)).to.deep.equal(['NaN', 'Infinity', '-Infinity']);
    expect(parseRunOutputs(JSON.parse(JSON.stringify(outputs)))).to.deep.equal(outputs);
  });

  it('numbers what the turns of a loop report', () => {
    const metrics = [metric('loss', 3), metric('loss', 2), metric('loss', 1)];
    expect(
      summariseOutputs({ ...NONE, metrics }).metrics.map(({ name, value }) => [name, value]),
    ).to.deep.equal([
      ['loss', 3],
      ['loss (2)', 2],
      ['loss (3)', 1],
    ]);
  });

  it('threat 96: is bounded, whatever a run wrote', () => {
    const long = `{{workflow.name}}\n${'x'.repeat(100_000)}`;
    const outputs = summariseOutputs({
      metrics: Array.from({ length: 5000 }, (_, i) => metric(`${i}${long}`, i, long)),
      artifacts: Array.from({ length: 5000 }, () => ({ type: long, name: long, uri: long, step: long })),
      unread: 7,
    });
    expect(outputs.metrics.length).to.equal(50);
    expect(outputs.moreMetrics).to.equal(4950);
    expect(outputs.artifacts.length).to.equal(20);
    expect(outputs.moreArtifacts).to.equal(4987);
    expect(JSON.stringify(outputs).length).to.be.lessThan(50_000);
    expect(parseRunOutputs(JSON.parse(JSON.stringify(outputs)))).to.deep.equal(outputs);
  });

  it('threat 96: keeps logins and signatures of addresses back', () => {
    const uris = [
      's3://key:secret@store/model',
      'https://store/model?X-Amz-Signature=abc#d',
      's3://store/model',
    ];
    const artifacts = uris.map((uri) => ({ type: 'Model', name: 'm', uri }));
    expect(summariseOutputs({ ...NONE, artifacts }).artifacts.map(({ uri }) => uri)).to.deep.equal([
      's3://store/model',
      'https://store/model',
      's3://store/model',
    ]);
  });
});

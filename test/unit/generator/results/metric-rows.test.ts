import { expect } from 'chai';

import { metricRows } from '../../../../generator/results/metric-rows.js';
import { outputsLines } from '../../../../generator/results/outputs-lines.js';
import { parseRunOutputs, type MetricValue } from '../../../../generator/results/run-outputs.js';

describe('metricRows', () => {
  const cases: readonly [value: MetricValue | undefined, base: MetricValue | undefined, row: string][] = [
    [0.93, 0.91, '0.93|0.91|+0.02 (+2.2 %)'],
    [0.91, 0.93, '0.91|0.93|-0.02 (-2.2 %)'],
    [-2, -1, '-2|-1|-1 (-100 %)'],
    [1, 1, '1|1|0'],
    [1, 0, '1|0|+1'],
    [1 / 3, undefined, '0.333333||'],
    [undefined, 1e-9, '|1e-9|'],
    [1e300, -1e300, '1e+300|-1e+300|+2e+300 (+200 %)'],
    [1.7e308, -1.7e308, '1.7e+308|-1.7e+308|'],
    ['NaN', 1, 'NaN|1|'],
    [1, 'Infinity', '1|Infinity|'],
  ];
  for (const [value, base, row] of cases)
    it(`shows ${String(value)} next to ${String(base)}`, () => {
      const [shown] = metricRows([
        { name: 'm', ...(value !== undefined && { value }), ...(base !== undefined && { base }) },
      ]);
      expect([shown?.value, shown?.base, shown?.difference].join('|')).to.equal(row);
    });

  it('names the step where two metrics have one name', () => {
    const rows = metricRows([
      { name: 'loss', step: 'train', value: 1 },
      { name: 'loss', step: 'test', value: 2 },
      { name: 'rows', step: 'train', value: 3 },
    ]);
    expect(rows.map(({ label }) => label)).to.deep.equal(['train: loss', 'test: loss', 'rows']);
  });
});

describe('outputsLines', () => {
  it('tells metrics with those of the base branch, and artifacts', () => {
    const lines = outputsLines({
      metrics: [
        { name: 'accuracy', value: 0.93, base: 0.91 },
        { name: 'rows', value: 5 },
        { name: 'f1', base: 0.5 },
      ],
      artifacts: [
        { type: 'Model', name: 'model', step: 'train', uri: 's3://b/m' },
        { type: 'HTML', name: 'report', uri: '' },
      ],
      moreMetrics: 2,
      moreArtifacts: 3,
      base: { branch: 'main', version: 'main-1a2b3c4d5e6f' },
    });
    expect(lines.map(({ label, text }) => `${label} ${text}`)).to.deep.equal([
      'metric accuracy  0.93 (main-1a2b3c4d5e6f: 0.91, +0.02 (+2.2 %))',
      'metric rows  5',
      'metric f1  not reported (main-1a2b3c4d5e6f: 0.5)',
      'metric and 2 more',
      'artifact Model train: model  s3://b/m',
      'artifact HTML report',
      'artifact and 3 more',
    ]);
  });

  it('warns of what is unknown', () => {
    expect(outputsLines({ unknown: 'Metadata store at m:1: no connection' })).to.deep.equal([
      {
        label: 'metric',
        text: 'what the run produced is unknown: Metadata store at m:1: no connection',
        isWarning: true,
      },
    ]);
    expect(outputsLines(undefined)).to.deep.equal([]);
  });
});

describe('parseRunOutputs', () => {
  it('threat 96: bounds what a step says, and takes no other types', () => {
    const long = 'x'.repeat(10_000);
    const many = Array.from({ length: 500 }, () => ({
      name: long,
      step: 5,
      value: '1',
      base: 'NaN',
      type: long,
      uri: long,
    }));
    const outputs = parseRunOutputs({
      metrics: many,
      artifacts: many,
      moreMetrics: -1,
      moreArtifacts: 'x',
      base: { branch: long, version: 7, unknown: long },
    });
    expect(outputs).to.deep.include({ moreMetrics: 0, moreArtifacts: 0 });
    expect(outputs).to.have.property('metrics').with.lengthOf(50);
    expect(outputs).to.have.property('artifacts').with.lengthOf(20);
    expect(JSON.stringify(outputs).length).to.be.lessThan(25_000);
    expect(JSON.stringify(outputs)).not.to.include('"value"');
    for (const other of [undefined, null, [], 'x', {}, { metrics: [] }, { unknown: 5 }])
      expect(parseRunOutputs(other)).to.equal(undefined);
  });
});

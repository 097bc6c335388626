import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { expect } from 'chai';

import { CHART_CASES, chartCases, findHelm, lintChart, renderChart } from '../../chart-cases/chart.js';
import { skipWithout } from '../../support/missing.js';

describe('deploy/chart', function () {
  this.timeout(60_000);
  let helm: string;
  before(function () {
    helm = findHelm() ?? skipWithout(this, 'helm', 'run scripts/helm.sh');
  });

  for (const name of chartCases()) {
    it(`${name}: gives what is committed (else: npm run cases:update, and read the difference)`, () => {
      expect(renderChart(helm, name)).to.equal(
        readFileSync(join(CHART_CASES, name, 'expected.yaml'), 'utf8'),
      );
    });

    it(`${name}: passes helm lint`, () => {
      lintChart(helm, name);
    });
  }
});

import { expect } from 'chai';
import { parse } from 'yaml';

import { parseSettings } from '../../../schema/index.js';
import { checkServerSettings } from '../../../server/runtime/check-settings.js';
import { pageText } from '../../support/documented-blocks.js';
import { helmBinary, renderChart } from '../../support/helm.js';

describe('the values in docs/install.md', function () {
  this.timeout(600_000);

  it('are enough for the chart, and for the server to start its setup', function () {
    const helm = helmBinary(this);
    const [, block = ''] = /```yaml\n( +settings:\n[^]*?)```/.exec(pageText('docs/install.md')) ?? [];
    const objects = renderChart(helm, parse(block));
    const settings = objects.find(({ metadata }) => metadata.name === 'kfops-settings');
    const { 'settings.yaml': text = '' } = settings?.data as Record<string, string>;
    expect(
      checkServerSettings(parseSettings(text, { file: 'settings.yaml' }), { setup: true }),
    ).to.deep.equal([]);
    const deployment = objects.find(({ kind }) => kind === 'Deployment');
    expect(JSON.stringify(deployment)).to.include('"imagePullSecrets":[{"name":"kfops-registry"}]');
  });
});

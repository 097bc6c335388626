import { expect } from 'chai';

import { runStep } from '../../../../generator/workflow/run-step.js';
import { defaultSettings } from '../../../../schema/index.js';

const PIPELINE = { name: 'iris', namespace: 'ds', experiment: 'Iris', arguments: {} };

/** What the run step is told about outputs. */
function told(outputs: string | undefined, baseBranch?: string): readonly string[] {
  const kfp = { endpoint: 'http://kfp:8888', audience: 'a', ...(outputs !== undefined && { outputs }) };
  const settings = { ...defaultSettings(), kfp };
  const { template } = runStep(PIPELINE, { by: 'id', id: 'v' }, settings, baseBranch);
  return template.container.args.filter((argument) => /^--(?:outputs|base-branch)/.test(argument));
}

describe('the run step', () => {
  it('is told where outputs are, and with which branch to compare', () => {
    expect(told('grpc://store:8080', 'main')).to.deep.equal([
      '--outputs=grpc://store:8080',
      '--base-branch=main',
    ]);
    expect(told('api')).to.deep.equal(['--outputs=api']);
  });

  it('does not look for outputs without the setting', () => {
    expect(told(undefined, 'main')).to.deep.equal([]);
  });

  it('threat 96: gets no text of a branch that Argo would evaluate', () => {
    expect(told('api', 'Feature/{{workflow.name}}')).to.deep.equal([
      '--outputs=api',
      '--base-branch=feature-workflow.name',
    ]);
  });
});

import { expect } from 'chai';

import type { Plan } from '../../../../generator/plan/plan-types.js';
import { contentLabel, contentOf, parseContent } from '../../../../generator/workflow/content.js';
import { createWorkflow } from '../../../../generator/workflow/create.js';
import { aContext, anImage, aPlan, WITH_KFP, WORKFLOW_SETTINGS } from '../../../support/plan.js';

describe('generator/workflow/content', () => {
  const plan = aPlan({ images: [anImage('trainer')] });
  const { pipeline } = plan;
  const of = (changes: Partial<Plan>) => contentOf({ ...plan, ...changes }, WORKFLOW_SETTINGS);

  it('is a label of the workflow, which can be read again', () => {
    const label = createWorkflow(plan, WORKFLOW_SETTINGS).metadata.labels?.['kfops.dev/content'] ?? '';
    expect(label).to.match(/^[0-9a-f]{12}-[0-9a-f]{40}$/);
    expect(label).to.equal(contentLabel(of({})));
    expect(parseContent(label)).to.deep.equal(of({}));
    for (const wrong of [undefined, '', 'abc', `${label}0`, label.slice(1)])
      expect(parseContent(wrong)).to.equal(undefined);
  });

  it('is the same for another commit, another tag and another context of the same pipeline', () => {
    const { revision } = plan;
    expect(
      of({
        revision: { ...revision, commit: 'b'.repeat(40) },
        images: [anImage('trainer', { tag: 'other', context: aContext('other') })],
        pipeline: { ...pipeline, version: 'other' },
        requestedBy: 'ann',
      }),
    ).to.deep.equal(of({}));
  });

  const others: Record<string, Partial<Plan>> = {
    'another argument': { pipeline: { ...pipeline, arguments: { epochs: 3 } } },
    'other code': { pipeline: { ...pipeline, source: aContext('other code') } },
    'another file': { pipeline: { ...pipeline, path: 'other.py' } },
    'another function': { pipeline: { ...pipeline, function: 'other' } },
    'another description': { pipeline: { ...pipeline, description: 'other' } },
    'another experiment': { pipeline: { ...pipeline, experiment: 'other' } },
    'another compiler': { pipeline: { ...pipeline, compilerImage: 'other' } },
    'a number written as another text': {
      pipeline: { ...pipeline, argumentDetails: { texts: { a: '3.10' } } },
    },
    'a run': { run: true },
    'another image': { images: [anImage('serving')] },
    'one image more': { images: [anImage('trainer'), anImage('serving')] },
  };
  for (const [what, changes] of Object.entries(others)) {
    it(`${what} is other content of the same pipeline`, () => {
      expect(of(changes).content).not.to.equal(of({}).content);
      expect(of(changes).pipeline).to.equal(of({}).pipeline);
    });
  }

  it('is other content where it gets published', () => {
    expect(contentOf(plan, WITH_KFP).content).not.to.equal(of({}).content);
  });

  for (const [what, changes] of Object.entries({
    'another repository': { repository: { owner: 'other', name: 'iris' } },
    'a pull request': { pullRequest: 7 },
    'another name': { pipeline: { ...pipeline, name: 'other' } },
    'another namespace': { pipeline: { ...pipeline, namespace: 'other' } },
  })) {
    it(`${what} is another pipeline`, () => {
      expect(of(changes).pipeline).not.to.equal(of({}).pipeline);
    });
  }
});

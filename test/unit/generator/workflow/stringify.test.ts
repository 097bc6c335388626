import { expect } from 'chai';
import fc from 'fast-check';
import { parse } from 'yaml';

import { createWorkflow } from '../../../../generator/workflow/create.js';
import { stringifyWorkflow } from '../../../../generator/workflow/stringify.js';
import type { Workflow } from '../../../../generator/workflow/types.js';
import { anImage, aPlan, WORKFLOW_SETTINGS } from '../../../support/plan.js';

const workflow = (value: string): Workflow =>
  createWorkflow(
    aPlan({ images: [anImage('a', { buildArgs: [['A', value]], target: value })] }),
    WORKFLOW_SETTINGS,
  );

describe('stringifyWorkflow', () => {
  const awkward = [
    'on',
    'No',
    'y',
    '~',
    'null',
    '1:30',
    '0o17',
    '0x1F',
    '1e3',
    '1_000',
    '.5',
    '.inf',
    '2001-01-01',
  ];
  awkward.push(
    '=',
    '<<',
    '-',
    '',
    ' ',
    'a: b',
    'a #b',
    '!x',
    '&x',
    '*x',
    '"',
    "'",
    'a\nb',
    '+1',
    '@x',
    '%x',
    '{a}',
  );

  it('says the same to readers of YAML 1.1 and 1.2', () => {
    // A workflow cannot hold `{{`, which Argo would evaluate.
    const text = fc
      .oneof(fc.constantFrom(...awkward), fc.string(), fc.string({ unit: 'grapheme' }))
      .filter((value) => !value.includes('{{'));
    fc.assert(
      fc.property(text, (value) => {
        const object = workflow(value);
        const yaml = stringifyWorkflow(object);
        const plain: unknown = JSON.parse(JSON.stringify(object));
        expect(parse(yaml, { version: '1.1' })).to.deep.equal(plain);
        expect(parse(yaml, { version: '1.2' })).to.deep.equal(plain);
      }),
      { numRuns: 60 },
    );
  }).timeout(120_000);

  it('quotes what Go would read as a number, a boolean or null', () => {
    for (const value of awkward.filter((text) => /^[\w~=<.:+-]+$/.test(text))) {
      expect(stringifyWorkflow(workflow(value)), value).to.match(
        new RegExp(`\\{name: target, value: (['"])${value.replace(/[.+]/g, '\\$&')}\\1\\}`),
      );
    }
  });

  it('is the same text for the same plan, without anchors and folded lines', () => {
    const yaml = stringifyWorkflow(workflow('x'.repeat(500)));
    expect(yaml).to.equal(stringifyWorkflow(workflow('x'.repeat(500))));
    expect(yaml).not.to.match(/[&*][A-Za-z]\w*$/m);
    expect(yaml).to.contain('x'.repeat(500));
  });
});

import { expect } from 'chai';

import { checkTags } from '../../../../generator/workflow/check-tags.js';
import { createWorkflow } from '../../../../generator/workflow/create.js';
import { createRunWorkflow } from '../../../../generator/workflow/run-workflow.js';
import {
  checkedImage,
  checkedOutput,
  fillCheckedOutputs,
  KFP_ID,
  parseCheckedOutput,
  parsePlainOutput,
} from '../../../../generator/workflow/step-output.js';
import type { Workflow } from '../../../../generator/workflow/types.js';
import { WorkError } from '../../../../schema/index.js';
import { aPlan, WITH_KFP, WORKFLOW_SETTINGS } from '../../../support/plan.js';

const OUTPUT = { task: 'build-trainer', parameter: 'digest' };
const CHECKED = checkedOutput(OUTPUT, 'digest');

function withVersion(version: string): Workflow {
  const { pipeline } = aPlan();
  return createWorkflow(aPlan({ run: true, pipeline: { ...pipeline, version } }), WITH_KFP);
}

describe('threat 52: the tags of a workflow', () => {
  const refused: Record<string, string> = {
    'an expression': '{{=1+1}}',
    'the start of one': 'x {{',
    'a variable of Argo': '{{workflow.parameters.x}}',
    'an output, plainly': '{{tasks.build-trainer.outputs.parameters.digest}}',
    'an artifact of a task': '{{tasks.compile-pipeline.outputs.artifacts.pipeline}}',
    'a tag that encloses a known one': '{{x{{workflow.uid}}}}',
    'a tag of which a known one is the middle': '{{{workflow.uid}}={{workflow.uid}',
    'a checked output with another pattern': CHECKED.replace('{64}', '*'),
    'a checked output without its ends': CHECKED.replace('^', ''),
    'a checked output that gives another one': CHECKED.replace(/\? tasks\['[^']*'/, "? tasks['build-x'"),
    'a checked output with an expression for the rest': CHECKED.replace("'invalid'", '1+1'),
  };
  for (const [what, text] of Object.entries(refused))
    it(`are refused where they are ${what}`, () => {
      expect(() => withVersion(text)).to.throw(
        WorkError,
        'has a `{{` that Argo would evaluate (spec.templates',
      );
    });

  it('are refused in keys', () => {
    const workflow = withVersion('v1');
    const spec = { ...workflow.spec, nodeSelector: { '{{=1+1}}': 'x' } };
    expect(() => checkTags({ ...workflow, spec })).to.throw(WorkError, 'spec.nodeSelector, key');
  });

  it('are refused in the version of a run, wherever its name comes from', () => {
    const plan = { ...aPlan(), warnings: [] };
    for (const version of [{ name: '{{=1+1}}' }, { id: '{{=1+1}}' }])
      expect(() => createRunWorkflow({ ...plan, version }, WITH_KFP)).to.throw(WorkError, '{{=1+1}}');
  });

  it('may be the plain name of an output only where a nested DAG reports it', () => {
    const workflow = withVersion('v1');
    const reporting = (parameter: string): Workflow => {
      const outputs = { parameters: [{ name: 'd1', valueFrom: { parameter } }] };
      return { ...workflow, spec: { ...workflow.spec, templates: [{ outputs }] } } as unknown as Workflow;
    };
    const plain = '{{tasks.build-trainer.outputs.parameters.digest}}';
    expect(checkTags(reporting(plain))).to.deep.equal(reporting(plain));
    for (const text of ['{{=1+1}}', `${plain}{{=1+1}}`, '{{tasks.a.outputs.result}}'])
      expect(() => checkTags(reporting(text)), text).to.throw(
        WorkError,
        '.valueFrom.parameter of the workflow',
      );
  });

  it('are named, shortly where they are long', () => {
    const workflow = withVersion('v1');
    const message = (entrypoint: string): string =>
      catchError(() => checkTags({ ...workflow, spec: { ...workflow.spec, entrypoint } })).message;
    const long = `{{${'x'.repeat(198)}`;
    expect(message(long)).to.include(`\`${long}\` has`);
    expect(message(`${long}y`)).to.include(`\`${long}…\` has`);
  });
});

describe('parsePlainOutput', () => {
  it('reads the plain name of an output, and nothing else', () => {
    const plain = '{{tasks.build-trainer.outputs.parameters.digest}}';
    expect(parsePlainOutput(plain)).to.deep.equal(OUTPUT);
    for (const text of ['', `x${plain}`, `${plain}x`, '{{tasks.a b.outputs.parameters.c}}', CHECKED])
      expect(parsePlainOutput(text), text).to.equal(undefined);
  });
});

describe('checkedOutput', () => {
  it('is read again, alone and within a text', () => {
    expect(parseCheckedOutput(CHECKED)).to.deep.equal(OUTPUT);
    for (const text of [
      '',
      `x${CHECKED}`,
      `${CHECKED}x`,
      '{{tasks.build-trainer.outputs.parameters.digest}}',
    ])
      expect(parseCheckedOutput(text), text).to.equal(undefined);
    expect(fillCheckedOutputs(`a@${CHECKED}, b`, ({ task }) => task)).to.equal('a@build-trainer, b');
    expect(parseCheckedOutput(`${CHECKED}${CHECKED}`), 'two of them').to.equal(undefined);
    expect(fillCheckedOutputs(`a@${CHECKED}, b`, () => undefined)).to.equal(`a@${CHECKED}, b`);
  });

  it('is rejected if it gives more than the value', () => {
    for (const text of [CHECKED.replace('? ', "? 'x' + 'y' + "), CHECKED.replace("'invalid'", "'a' + 'b'")]) {
      expect(text).not.to.equal(CHECKED);
      expect(fillCheckedOutputs(text, () => 'filled')).to.equal(text);
    }
  });

  it('takes ids of Kubeflow Pipelines: plain words of 128 characters at most', () => {
    for (const id of ['a', '0a8b5e2c-4d2f-4a6e-9b1c-7f1d2e3c4b5a', 'A.b_c-9', 'x'.repeat(128)])
      expect(KFP_ID.test(id), id).to.equal(true);
    for (const id of ['', '-a', '.a', 'a b', 'a/b', '{{=1}}', 'a\n', 'x'.repeat(129)])
      expect(KFP_ID.test(id), id).to.equal(false);
  });

  it('is the whole image where one depends on it', () => {
    const image = checkedImage('r.example/team/x', OUTPUT, WORKFLOW_SETTINGS.compiler.image);
    expect(fillCheckedOutputs(image, () => 'sha256:1')).to.equal('r.example/team/x@sha256:1');
  });
});

function catchError(run: () => unknown): Error {
  try {
    run();
  } catch (error) {
    return error as Error;
  }
  return expect.fail('nothing was thrown');
}

import { expect } from 'chai';
import fc from 'fast-check';

import type { Plan } from '../../../../generator/plan/plan-types.js';
import { createWorkflow } from '../../../../generator/workflow/create.js';
import type { Workflow } from '../../../../generator/workflow/types.js';
import {
  ARGO_PROGRAMS,
  argoSubstitution,
  type Reported,
  type Substitution,
} from '../../../support/argo-substitution.js';
import { anImage, aPlan, WITH_KFP } from '../../../support/plan.js';

const DIGEST = `sha256:${'0123456789abcdef'.repeat(4)}`;
const ID = '0b5ca1e4-7f1d-4c3a-9f0e-2d4b6a8c0e1f';

/** What a step could report to have Argo's controller evaluate it, in one of the passes or across two reports. */
const HOSTILE = [
  '{{=1+1}}',
  "{{=sprig.repeat(3, 'pwn')}}",
  '{{workflow.name}}',
  '{{inputs.parameters.source}}',
  '{{{{=1+1}}}}',
  '{{={{=1+1}}}}',
  '{{lastRetry.message}}',
  '{{tasks.build-server.outputs.parameters.digest}}',
  "{{=tasks['build-server'].outputs.parameters['digest']}}",
  '{{=1+',
  '1}}',
  '{{',
  '}}',
  '{',
  '}',
  `${DIGEST}\n`,
  `${DIGEST}\n{{=1+1}}`,
  `{{=1+1}}\n${DIGEST}`,
  ` ${DIGEST}`,
  DIGEST.toUpperCase(),
  `${DIGEST}0`,
  DIGEST.slice(0, -1),
  '"',
  "'",
  '\\',
  "' + '",
  'placeholder-1',
  '\u0000',
  '\ud800',
  '',
  'x'.repeat(2_000_000),
  '{{=1+1}}'.repeat(20_000),
];

/** Every output that a task of the workflow is given. */
function outputsIn(workflow: Workflow): string[] {
  const found = JSON.stringify(workflow.spec).matchAll(
    /tasks\['([\w-]+)'\]\.outputs\.parameters\['([\w-]+)'\]/g,
  );
  return [...new Set([...found].map(([, task, name]) => `tasks.${task}.outputs.parameters.${name}`))];
}

const reports = (outputs: readonly string[], value: (output: string, at: number) => string): Reported =>
  Object.fromEntries(outputs.map((output, at) => [output, value(output, at)]));
const rightValue = (output: string): string => (output.includes('-id') ? ID : DIGEST);

/** The same workflow as if it named what tasks report plainly. */
function unchecked(workflow: Workflow): Workflow {
  const tag = /\{\{=tasks\['([\w-]+)'\]\.outputs\.parameters\['([\w-]+)'\].*?\}\}/g;
  return JSON.parse(
    JSON.stringify(workflow).replaceAll(tag, '{{tasks.$1.outputs.parameters.$2}}'),
  ) as Workflow;
}

for (const release of ARGO_PROGRAMS) {
  describe(`threat 52: what a step reports, in Argo’s own substitution (${release})`, function () {
    // The first time, Go compiles Argo.
    this.timeout(1_200_000);
    let argo: Substitution;
    before(function () {
      argo = argoSubstitution(this, release);
    });
    after(() => {
      argo.remove();
    });

    const pipeline = { ...aPlan().pipeline, compilerImage: 'trainer' };
    const many = Array.from({ length: 310 }, (_, i) => anImage(`image-${i}`));
    const plans: Readonly<Record<string, Partial<Plan>>> = {
      'builds, compiles, publishes and runs': { run: true },
      'compiles in an image of its own': { run: true, pipeline },
      'nests its builds': { run: true, images: many },
    };

    for (const [name, plan] of Object.entries(plans)) {
      const workflow = createWorkflow(aPlan(plan), WITH_KFP);
      const outputs = outputsIn(workflow);

      it(`is passed on where it has its form: a workflow that ${name}`, async () => {
        const [steps = []] = await argo.run(workflow, [reports(outputs, rightValue)]);
        const template = (task: string): string => steps.find((step) => step.task === task)?.template ?? '';
        for (const step of steps) expect(step.error, step.task).to.equal(undefined);
        expect(template('compile-pipeline')).to.contain(`@${DIGEST}`).and.not.contain('{{');
        expect(template('publish-pipeline')).to.contain(`@${DIGEST}`).and.not.contain('{{');
        expect(template('run-pipeline')).to.contain(`--version-id=${ID}`).and.not.contain('{{');
      });

      it(`is a harmless word otherwise, whatever it is: a workflow that ${name}`, async () => {
        const generated = fc.sample(
          fc.array(fc.oneof(fc.constantFrom(...HOSTILE.slice(0, -2)), fc.string()), { maxLength: 4 }),
          { numRuns: 60, seed: 1 },
        );
        const all = [...HOSTILE, ...generated.map((parts) => parts.join(''))].filter(
          (value) => value !== DIGEST && !/^[A-Za-z0-9][A-Za-z0-9._-]{0,127}$/.test(value),
        );
        const values = outputs.length > 100 ? all.slice(0, 6) : all;
        const cases = values.map((value) => ({
          ...reports(outputs, () => value),
          'lastRetry.message': value,
        }));
        // Tags of which each report has a part.
        cases.push(reports(outputs, (_, at) => (at % 2 === 0 ? '{{=1+' : '1}}')) as (typeof cases)[number]);
        const [expected, ...answers] = await argo.run(workflow, [reports(outputs, () => '!'), ...cases]);
        // A nested DAG names what its own tasks report, which Argo looks up and does not substitute.
        for (const step of expected ?? [])
          if (!step.task.startsWith('batch-')) expect(step.template, step.task).to.not.contain('{{');
        for (const [at, steps] of answers.entries())
          expect(steps, String(values[at]).slice(0, 100)).to.deep.equal(expected);
        expect(JSON.stringify(expected)).to.contain('@invalid');
      });
    }

    it('holds each report by itself: one forged digest takes nothing from the others', async () => {
      const workflow = createWorkflow(aPlan(), WITH_KFP);
      const outputs = outputsIn(workflow);
      const [steps = []] = await argo.run(workflow, [
        reports(outputs, (output) => (output.includes('trainer') ? '{{=1+1}}' : rightValue(output))),
      ]);
      const compile = steps.find(({ task }) => task === 'compile-pipeline')?.template;
      expect(compile).to.contain('team/trainer@invalid').and.contain(`team/server@${DIGEST}`);
    });

    it('would be evaluated where the workflow named it plainly', async () => {
      const workflow = unchecked(createWorkflow(aPlan(), WITH_KFP));
      const outputs = outputsIn(createWorkflow(aPlan(), WITH_KFP));
      const [steps = []] = await argo.run(workflow, [reports(outputs, () => "{{=sprig.repeat(3, 'pwn')}}")]);
      expect(JSON.stringify(steps)).to.contain('pwnpwnpwn');
    });
  });
}

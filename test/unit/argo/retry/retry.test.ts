import { readFileSync } from 'node:fs';

import { expect } from 'chai';

import { retryWorkflow } from '../../../../argo/retry/retry.js';
import { imagesOf } from '../../../../argo/status/images.js';
import type { ObservedWorkflow } from '../../../../argo/status/observed.js';
import { workflowResult } from '../../../../argo/status/status.js';
import type { Plan } from '../../../../generator/plan/plan-types.js';
import type { RunStepResult, WorkflowResult } from '../../../../generator/results/result.js';
import { createWorkflow } from '../../../../generator/workflow/create.js';
import { checkedOutput } from '../../../../generator/workflow/step-output.js';
import type { DagTemplate, Workflow } from '../../../../generator/workflow/types.js';
import { parseTagWork } from '../../../../pipeline/tag-work.js';
import { defaultSettings } from '../../../../schema/index.js';
import { anImage, aPlan, WITH_KFP } from '../../../support/plan.js';

const SHA = `sha256:${'a'.repeat(64)}`;

function recording(name: string): ObservedWorkflow {
  const file = new URL(`../../../fixtures/argo/${name}.json`, import.meta.url);
  return (JSON.parse(readFileSync(file, 'utf8')) as { workflow: ObservedWorkflow }).workflow;
}

/** A workflow as the cluster gives it back. */
function observed(workflow: Workflow, spec: object = {}): ObservedWorkflow {
  const { metadata } = workflow;
  return {
    ...structuredClone(workflow),
    metadata: { ...metadata, name: 'kfops-iris-x7k2p', uid: 'u', resourceVersion: '1' },
    spec: { ...structuredClone(workflow.spec), ...spec },
  } as unknown as ObservedWorkflow;
}

function planOf(images: number, overrides: Partial<Plan> = {}): Plan {
  return aPlan({
    images: Array.from({ length: images }, (_, at) => anImage(`image-${at}`)),
    ...overrides,
  });
}

/** A result in which the images with these names are built, and the others failed. */
function resultWith(workflow: ObservedWorkflow, built: (name: string) => boolean): WorkflowResult {
  return {
    name: workflow.metadata.name,
    phase: 'failed',
    images: imagesOf(workflow).map(({ name, repository, task }) => ({
      name,
      repository,
      attempts: 1,
      ...(task !== undefined && { task }),
      ...(built(name) ? { state: 'succeeded' as const, digest: SHA } : { state: 'failed' as const }),
    })),
  };
}

function dags({ spec }: Workflow): readonly DagTemplate[] {
  return spec.templates.filter((template): template is DagTemplate => 'dag' in template);
}

function tasks(workflow: Workflow): string[] {
  return dags(workflow).flatMap(({ dag }) => dag.tasks.map(({ name }) => name));
}

describe('argo/retry', () => {
  it('builds what failed, and takes over the digests of the rest', () => {
    const workflow = recording('one-of-five-broken');
    const result = workflowResult(workflow);
    const broken = result.images.filter(({ state }) => state !== 'succeeded');
    expect(broken).to.have.length(1);

    const again = retryWorkflow(workflow, result);
    expect(tasks(again)).to.deep.equal([broken[0]!.task, 'compile-pipeline']);
    const compile = dags(again)[0]!.dag.tasks[1]!;
    expect(compile.depends).to.equal(`${broken[0]!.task!}.Succeeded`);
    const next = imagesOf(again as unknown as ObservedWorkflow);
    expect(next.map(({ name }) => name)).to.deep.equal(result.images.map(({ name }) => name));
    for (const [at, image] of next.entries()) expect(image.digest).to.equal(result.images[at]!.digest);
  });

  it('carries over what is ours of the metadata, and nothing of how the first one ended', () => {
    const workflow = recording('stopped');
    const { labels, annotations } = workflow.metadata;
    Object.assign(labels!, { 'kfops.dev/reported': 'stopped', 'kfops.dev/notify': 'failed' });
    Object.assign(annotations!, { 'kfops.dev/notice': '{}', 'kfops.dev/notified': '["audit"]' });
    const again = retryWorkflow(workflow, workflowResult(workflow));
    expect(again.metadata.labels).to.not.have.any.keys('kfops.dev/reported', 'kfops.dev/notify');
    expect(again.metadata.annotations).to.not.have.any.keys('kfops.dev/notice', 'kfops.dev/notified');
    expect(again.metadata.name).to.equal(undefined);
    expect(again.metadata).to.not.have.any.keys('uid', 'resourceVersion', 'creationTimestamp');
    expect(again.metadata.annotations).to.include({ 'kfops.dev/retry-of': workflow.metadata.name });
    expect(again.metadata.labels).to.include({ 'app.kubernetes.io/managed-by': 'kfops' });
    expect(Object.keys(again.metadata.labels!)).to.not.include('workflows.argoproj.io/phase');
    expect(again.spec).to.not.have.any.keys('shutdown', 'suspend');
    expect(again).to.not.have.property('status');
  });

  it('names the next one after the first one’s name without its random end', () => {
    const workflow = observed(createWorkflow(planOf(2), defaultSettings()));
    expect(
      retryWorkflow(
        workflow,
        resultWith(workflow, () => false),
      ).metadata.generateName,
    ).to.equal('kfops-iris-');
  });

  it('does only the last steps again when every image is built', () => {
    const workflow = observed(createWorkflow(planOf(3, { run: true }), WITH_KFP));
    const again = retryWorkflow(
      workflow,
      resultWith(workflow, () => true),
    );
    expect(tasks(again)).to.deep.equal(['compile-pipeline', 'publish-pipeline', 'run-pipeline']);
    expect(dags(again)[0]!.dag.tasks[0]).to.not.have.property('depends');
    expect(again.spec.templates.map(({ name }) => name)).to.deep.equal([
      'main',
      'compile-pipeline',
      'publish-pipeline',
      'run-pipeline',
    ]);
    const [compile, publish, run] = dags(again)[0]!.dag.tasks;
    expect(publish!.depends).to.equal('compile-pipeline.Succeeded');
    expect(run!.arguments!.parameters![1]!.value).to.equal(
      checkedOutput({ task: 'publish-pipeline', parameter: 'version-id' }, 'kfpId'),
    );
    expect(JSON.stringify([compile, publish])).to.not.include('{{');
  });

  it('tags and checks again, with the digests that are known', () => {
    const digest = `sha256:${'b'.repeat(64)}`;
    const images = [
      anImage('base', { secondTag: 'key' }),
      anImage('app', { buildsOn: ['base'] }),
      anImage('trainer', { decision: { action: 'reuse', digest } }),
    ];
    const workflow = observed(createWorkflow(aPlan({ images }), WITH_KFP));
    const again = retryWorkflow(
      workflow,
      resultWith(workflow, (name) => name !== 'app'),
    );
    expect(tasks(again)).to.deep.equal(['build-app', 'compile-pipeline', 'publish-pipeline', 'tag-images']);
    const tag = dags(again)[0]!.dag.tasks.at(-1)!;
    expect(tag.depends).to.equal('build-app.Succeeded');
    const work = parseTagWork(tag.arguments!.artifacts![0]!.raw.data, 'images.json');
    expect(work.bases.map(({ name, digest }) => [name, digest])).to.deep.equal([['base', SHA]]);
    expect(work.images.map(({ name, digest }) => [name, digest])).to.deep.equal([['trainer', digest]]);
    const all = retryWorkflow(
      workflow,
      resultWith(workflow, () => true),
    );
    expect(dags(all)[0]!.dag.tasks.at(-1))
      .to.include({ name: 'tag-images' })
      .and.not.have.property('depends');
  });

  it('goes through nested DAGs', () => {
    const workflow = observed(createWorkflow(planOf(310), defaultSettings()));
    const images = imagesOf(workflow);
    expect(images).to.have.length(310);
    expect(new Set(images.map(({ task }) => task)).size).to.equal(310);
    // The first batch is built, of the second all but one image, of the third nothing.
    const built = new Set(images.filter((_, at) => at < 300 && at !== 200).map(({ name }) => name));
    const again = retryWorkflow(
      workflow,
      resultWith(workflow, (name) => built.has(name)),
    );

    const [main, ...batches] = dags(again);
    expect(main!.dag.tasks.map(({ name }) => name)).to.deep.equal([
      'batch-2',
      'batch-3',
      'compile-pipeline',
      'publish-pipeline',
    ]);
    expect(main!.dag.tasks[2]!.depends).to.equal('batch-2.Succeeded && batch-3.Succeeded');
    expect(batches.map(({ dag }) => dag.tasks.length)).to.deep.equal([1, 10]);
    expect(batches.map(({ outputs }) => outputs!.parameters!.length)).to.deep.equal([1, 10]);
    const next = imagesOf(again as unknown as ObservedWorkflow);
    expect(next.filter(({ digest }) => digest === SHA)).to.have.length(299);
    expect(next.filter(({ task }) => task !== undefined).map(({ name }) => name)).to.deep.equal(
      images.map(({ name }) => name).filter((name) => !built.has(name)),
    );
  });

  it('builds again what succeeded for Argo but gave no digest', () => {
    const workflow = recording('two-images');
    const nodes = workflow.status!.nodes!;
    for (const node of Object.values(nodes)) {
      for (const parameter of node.outputs?.parameters ?? []) {
        if (node.displayName.startsWith('build-one')) Object.assign(parameter, { value: 'forged' });
      }
    }
    const result = workflowResult(workflow);
    expect(result.phase).to.equal('failed');
    expect(tasks(retryWorkflow(workflow, result))).to.deep.equal(['build-one', 'compile-pipeline']);
  });

  describe('of a workflow whose run of the pipeline', () => {
    const runArguments = (workflow: Workflow): readonly string[] => {
      const step = workflow.spec.templates.find(({ name }) => name === 'run-pipeline');
      return step && 'container' in step ? step.container.args : [];
    };
    const retriedRun = (workflow: Workflow): string | undefined =>
      runArguments(workflow).find((each) => each.startsWith('--retry-run='));
    const made = observed(createWorkflow(planOf(1, { run: true }), WITH_KFP, { name: 'kfops-iris-x7k2p' }));
    const withRun = (run: Partial<RunStepResult>): WorkflowResult => ({
      ...resultWith(made, () => true),
      run: { state: 'failed', attempts: 1, ignored: [], ...run },
    });

    it('failed: continues that run', () => {
      const again = retryWorkflow(made, withRun({ runId: 'run-1', runState: 'FAILED' }));
      expect(retriedRun(again)).to.equal('--retry-run=run-1');
      expect(dags(again)[0]!.dag.tasks.map(({ name }) => name)).to.include.members([
        'publish-pipeline',
        'run-pipeline',
      ]);
    });

    for (const [what, run] of Object.entries({
      'was stopped': { runId: 'run-1', runState: 'CANCELED' },
      'is being stopped': { runId: 'run-1', runState: 'CANCELING' },
      succeeded: { runId: 'run-1', runState: 'SUCCEEDED' },
      'has an id that is none': { runId: '{{workflow.name}}', runState: 'FAILED' },
      'did not begin': {},
    }))
      it(`${what}: starts a new run`, () => {
        expect(retriedRun(retryWorkflow(made, withRun(run)))).to.equal('--retry-run=');
      });

    it('failed in an earlier workflow: continues it, until there is a newer run', () => {
      const again = observed(retryWorkflow(made, withRun({ runId: 'run-1', runState: 'FAILED' })));
      expect(retriedRun(retryWorkflow(again, withRun({})))).to.equal('--retry-run=run-1');
      expect(retriedRun(retryWorkflow(again, withRun({ runId: 'run-1', runState: 'FAILED' })))).to.equal(
        '--retry-run=run-1',
      );
      expect(retriedRun(retryWorkflow(again, withRun({ runId: 'run-2', runState: 'CANCELED' })))).to.equal(
        '--retry-run=',
      );
    });

    it('failed, and that an earlier Kfops made: starts a new run', () => {
      const earlier = structuredClone(made) as unknown as Workflow;
      for (const template of earlier.spec.templates)
        if ('container' in template)
          Object.assign(template.container, {
            args: template.container.args.filter((each) => !each.startsWith('--retry-run=')),
          });
      const again = retryWorkflow(observed(earlier), withRun({ runId: 'run-1', runState: 'FAILED' }));
      expect(runArguments(again)).to.deep.equal(runArguments(earlier));
    });
  });
});

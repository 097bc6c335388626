import { expect } from 'chai';

import { retryWorkflow } from '../../../../argo/retry/retry.js';
import type { ObservedWorkflow, WorkflowNode } from '../../../../argo/status/observed.js';
import { workflowResult } from '../../../../argo/status/status.js';
import type { ImageResult, WorkflowResult } from '../../../../generator/results/result.js';
import { ANNOTATIONS } from '../../../../generator/workflow/names.js';
import { checkedOutput } from '../../../../generator/workflow/step-output.js';

const REVISION = 'abc1234def0123456789abcdef0123456789abcd';
const DIGEST = `sha256:${'a'.repeat(64)}`;
const OTHER = `sha256:${'b'.repeat(64)}`;

function entry(name: string, more: object = { revision: REVISION }): object {
  return { [name]: { repository: `r.example/${name}`, digest: DIGEST, ...more } };
}

/** A workflow that builds `base`, and on it `trainer` and then `tuned`; `server` and `loader` are in the registry. */
function workflow(
  annotations: Readonly<Record<string, string>>,
  status: ObservedWorkflow['status'] = {},
): ObservedWorkflow {
  const given = (task: string): string => `@${checkedOutput({ task, parameter: 'digest' }, 'digest')}`;
  const images = {
    server: `r.example/server@${DIGEST}`,
    trainer: `r.example/trainer${given('build-trainer')}`,
    loader: `r.example/loader@${DIGEST}`,
    base: `r.example/base${given('build-base')}`,
    tuned: `r.example/tuned${given('build-tuned')}`,
  };
  const build = (name: string, depends?: string) => ({
    name: `build-${name}`,
    template: 'kaniko',
    ...(depends !== undefined && { depends }),
  });
  const compile = {
    name: 'compile-pipeline',
    template: 'compile-pipeline',
    arguments: { artifacts: [{ name: 'images', raw: { data: JSON.stringify(images) } }] },
  };
  const tasks = [
    build('trainer', 'build-base.Succeeded'),
    build('base'),
    build('tuned', 'build-trainer.Succeeded && build-base.Succeeded'),
    compile,
  ];
  return {
    metadata: { name: 'kfops-churn-x7k2p', annotations },
    spec: { templates: [{ name: 'main', dag: { tasks } }] },
    status,
  };
}

function resultOf(reused: unknown, more: Readonly<Record<string, string>> = {}): WorkflowResult {
  const json = typeof reused === 'string' ? reused : JSON.stringify(reused);
  return workflowResult(workflow({ [ANNOTATIONS.reused]: json, ...more }));
}

function image(result: WorkflowResult, name: string): ImageResult | undefined {
  return result.images.find((each) => each.name === name);
}

describe('argo/status: reused images', () => {
  it('are in the order of the configuration, with digest, repository and commit', () => {
    const { images } = resultOf({ ...entry('loader', {}), ...entry('server') });
    expect(images.map(({ name, state }) => `${name} ${state}`)).to.deep.equal([
      'server reused',
      'trainer pending',
      'loader reused',
      'base pending',
      'tuned pending',
    ]);
    const reused = { repository: 'r.example/server', state: 'reused', attempts: 0, digest: DIGEST };
    expect(images[0]).to.deep.equal({ name: 'server', ...reused, revision: REVISION });
    expect(images[2]).to.deep.equal({ name: 'loader', ...reused, repository: 'r.example/loader' });
  });

  it('are known without the annotation: nothing else has a digest and no task, except in a retry', () => {
    expect(image(workflowResult(workflow({})), 'server')).to.include({ state: 'reused' });
    const retried = workflowResult(workflow({ [ANNOTATIONS.retryOf]: 'kfops-churn-aaaaa' }));
    expect(image(retried, 'server')).to.include({ state: 'succeeded', digest: DIGEST });
    const both = resultOf(entry('server'), { [ANNOTATIONS.retryOf]: 'kfops-churn-aaaaa' });
    expect(image(both, 'server')).to.include({ state: 'reused', revision: REVISION });
    expect(image(both, 'loader')).to.include({ state: 'succeeded' });
  });

  it('an annotation that Kfops did not write is ignored', () => {
    for (const text of ['', 'x', '[', 'null', '7', '[]', '"a"', '{"server":7}', '{"server":null}'])
      expect(image(resultOf(text), 'server'), text).to.not.have.property('revision');
    for (const revision of ['', 'main', REVISION.slice(1), `${REVISION}\n`, 7, null, {}])
      expect(image(resultOf(entry('server', { revision })), 'server')).to.not.have.property('revision');
    const huge = JSON.stringify({ ...entry('server'), x: 'x'.repeat(262_144) });
    expect(image(resultOf(huge), 'server')).to.not.have.property('revision');
    expect(
      image(resultOf(`{"__proto__":${JSON.stringify(entry('server'))}}`), 'server'),
    ).to.not.have.property('revision');
    // It names images of which the workflow knows nothing, or builds.
    const { images } = resultOf({ ...entry('nowhere'), ...entry('trainer') });
    expect(images).to.have.length(5);
    expect(images[1]).to.include({ name: 'trainer', state: 'pending' }).and.not.have.property('digest');
  });

  it('an image whose digest is not the one of the annotation was not reused', () => {
    expect(image(resultOf(entry('server', { digest: OTHER })), 'server')).to.include({
      state: 'succeeded',
      digest: DIGEST,
    });
  });

  it('do not keep a workflow from success', () => {
    const done = workflow(
      { [ANNOTATIONS.reused]: JSON.stringify(entry('server')) },
      { phase: 'Succeeded', nodes: nodes({ base: 'Succeeded', trainer: 'Succeeded', tuned: 'Succeeded' }) },
    );
    expect(workflowResult(done).phase).to.equal('succeeded');
  });

  it('stay reused in a retry, and what was built before it does not become so', () => {
    const failed = workflow(
      { [ANNOTATIONS.reused]: JSON.stringify(entry('server')) },
      { phase: 'Failed', nodes: nodes({ base: 'Succeeded', trainer: 'Failed', tuned: 'Omitted' }) },
    );
    const again = retryWorkflow(failed, workflowResult(failed)) as unknown as ObservedWorkflow;
    const { images } = workflowResult({ ...again, metadata: { ...again.metadata, name: 'kfops-churn-y' } });
    expect(images.map(({ name, state }) => `${name} ${state}`)).to.deep.equal([
      'server reused',
      'trainer pending',
      'loader succeeded',
      'base succeeded',
      'tuned pending',
    ]);
    expect(images[0]).to.include({ revision: REVISION });
  });
});

describe('argo/status: images that build on others', () => {
  it('name them, as the DAG says', () => {
    const result = workflowResult(workflow({}));
    expect(image(result, 'trainer')!.buildsOn).to.deep.equal(['base']);
    expect(image(result, 'tuned')!.buildsOn).to.deep.equal(['trainer', 'base']);
    expect(image(result, 'base')).to.not.have.property('buildsOn');
  });

  it('name the image whose failure left them out, also further down', () => {
    const left = (phases: Readonly<Record<string, string>>): (string | undefined)[] => {
      const result = workflowResult(workflow({}, { phase: 'Failed', nodes: nodes(phases) }));
      return ['base', 'trainer', 'tuned'].map((name) => image(result, name)!.failedBase);
    };
    expect(left({ base: 'Failed', trainer: 'Omitted', tuned: 'Omitted' })).to.deep.equal([
      undefined,
      'base',
      'base',
    ]);
    expect(left({ base: 'Succeeded', trainer: 'Failed', tuned: 'Omitted' })).to.deep.equal([
      undefined,
      undefined,
      'trainer',
    ]);
    expect(left({ base: 'Succeeded', trainer: 'Succeeded', tuned: 'Failed' })).to.deep.equal([
      undefined,
      undefined,
      undefined,
    ]);
  });
});

function nodes(phases: Readonly<Record<string, string>>): Readonly<Record<string, WorkflowNode>> {
  return Object.fromEntries(
    Object.entries(phases).map(([name, phase]) => [
      name,
      {
        id: name,
        name: `kfops-churn-x7k2p.build-${name}`,
        displayName: `build-${name}`,
        type: 'Pod',
        phase,
        outputs: { parameters: phase === 'Succeeded' ? [{ name: 'digest', value: OTHER }] : [] },
      },
    ]),
  );
}

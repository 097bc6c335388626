import { expect } from 'chai';

import type { ObservedWorkflow, WorkflowNode } from '../../../../argo/status/observed.js';
import { workflowResult } from '../../../../argo/status/status.js';
import { stepsOf, type WorkflowResult } from '../../../../generator/results/result.js';
import { createWorkflow } from '../../../../generator/workflow/create.js';
import { anImage, aPlan, WORKFLOW_SETTINGS, WITH_KFP } from '../../../support/plan.js';

const DIGEST = `sha256:${'1'.repeat(64)}`;
const REFERENCE = `registry.example.com/team/trainer@sha256:${'1'.repeat(64)}`;
const IMAGES = {
  pinned: [{ name: 'trainer', reference: REFERENCE, steps: 2 }],
  suspicious: [{ executor: 'exec-a', image: 'registry.example.com/team/trianer', near: 'trainer' }],
  dynamic: ['exec-b'],
  unused: ['server'],
  others: 1,
  omitted: 0,
};
const PUBLISHED = {
  images: IMAGES,
  version: 'pr-17-0123456789ab',
  pipeline_id: 'p',
  version_id: 'v',
  warnings: ['The server is older.'],
};

type Ends = Readonly<
  Record<string, Pick<WorkflowNode, 'phase'> & Partial<WorkflowNode> & { output?: unknown }>
>;

const OUTPUTS: Readonly<Record<string, string>> = { 'compile-pipeline': 'error', 'tag-images': 'tags' };

/** A workflow that ran as far as these steps, each with one attempt. */
function ended(
  steps: Ends,
  logs: Readonly<Record<string, string>> = {},
  made = createWorkflow(aPlan({ images: [], run: true }), WITH_KFP),
): WorkflowResult {
  const nodes = Object.entries(steps).flatMap(([name, { output, ...node }]): WorkflowNode[] => {
    const json = typeof output === 'string' ? output : JSON.stringify(output);
    const parameter = OUTPUTS[name] ?? 'result';
    const pod: WorkflowNode = {
      id: `wf-${name}-0`,
      name: `wf.${name}(0)`,
      displayName: `${name}(0)`,
      type: 'Pod',
      templateName: name,
      ...(output !== undefined && { outputs: { parameters: [{ name: parameter, value: json }] } }),
      ...node,
    };
    return [
      { ...pod, id: `wf-${name}`, name: `wf.${name}`, displayName: name, type: 'Retry', children: [pod.id] },
      pod,
    ];
  });
  const failed = nodes.some(({ phase }) => phase === 'Failed');
  const workflow = {
    ...made,
    metadata: { ...made.metadata, name: 'wf' },
    status: {
      phase: failed ? 'Failed' : 'Succeeded',
      nodes: Object.fromEntries(nodes.map((node) => [node.id, node])),
    },
  } as unknown as ObservedWorkflow;
  return workflowResult(workflow, new Map(Object.entries(logs)));
}

const done = { phase: 'Succeeded' } as const;
const broken = (code: number) => ({ phase: 'Failed', message: `main: Error (exit code ${code})` });

describe('argo/last-steps', () => {
  it('says where the pipeline’s code is wrong, and which line stands there', () => {
    const output = {
      kind: 'code',
      message: 'TypeError: train() got an unexpected keyword argument',
      frames: [
        { file: 'pipeline/pipeline.py', line: 21, code: 'helper()' },
        { file: 'pipeline/lib.py', line: 4, code: 'train(rows="x")' },
      ],
    };
    const log = { 'compile-pipeline': 'failed to push, says the code\nstat x: no such file or directory' };
    const { compile, problem } = ended({ 'compile-pipeline': { ...broken(2), output } }, log);
    expect(compile!.failure).to.deep.include({
      kind: 'pipeline_code',
      reason: 'TypeError: train() got an unexpected keyword argument (called from pipeline/pipeline.py:21)',
      location: { file: 'pipeline/lib.py', line: 4 },
      excerpt: 'train(rows="x")',
    });
    expect(compile!.failure!.nextStep).to.include('kfops compile-pipeline');
    expect(compile!.failure!.lastLines).to.include('says the code');
    expect(problem).to.equal(undefined);
  });

  const reports: Record<string, [report: object, kind: string]> = {
    'an image without kfp': [{ kind: 'no_kfp', message: 'python has no kfp' }, 'compiler_image'],
    'a digest that was forged': [{ kind: 'images', message: 'The image is not one of this build' }, 'digest'],
    'no pipeline': [{ kind: 'no_pipeline', message: 'x.py has no pipeline', frames: [] }, 'pipeline_code'],
  };
  for (const [what, [output, kind]] of Object.entries(reports)) {
    it(`tells ${what} from an error of the code`, () => {
      const { compile } = ended({ 'compile-pipeline': { ...broken(2), output } });
      expect(compile!.failure).to.include({ kind });
      expect(compile!.failure).to.not.have.property('location');
    });
  }

  it('does not take what the code prints for the message of a build', () => {
    const log = { 'compile-pipeline': 'error pushing image: failed to push\nerror building image: x' };
    const { compile } = ended({ 'compile-pipeline': { ...broken(1), output: 'no JSON' } }, log);
    expect(compile!.failure).to.include({ kind: 'unknown' });
  });

  it('says that the code, not an image, took too much memory', () => {
    const { compile } = ended({
      'compile-pipeline': { phase: 'Failed', message: 'OOMKilled (exit code 137)' },
    });
    expect(compile!.failure).to.include({ kind: 'out_of_memory' });
    expect(compile!.failure!.reason).to.include('4608Mi');
    expect(compile!.failure!.nextStep).to.include('compiler.memory');
  });

  it('tells what was published and run', () => {
    const run = {
      run_id: 'r',
      experiment_id: 'e',
      pipeline_id: 'p',
      version_id: 'v',
      version: 'pr-17-0123456789ab',
      state: 'SUCCEEDED',
      ignored: ['nope'],
    };
    const result = ended({
      'compile-pipeline': { ...done, output: {} },
      'publish-pipeline': { ...done, output: PUBLISHED },
      'run-pipeline': { ...done, output: run },
    });
    expect(result.phase).to.equal('succeeded');
    expect(result.publish).to.deep.include({
      state: 'succeeded',
      images: IMAGES,
      version: 'pr-17-0123456789ab',
      pipelineId: 'p',
      versionId: 'v',
      warnings: ['The server is older.'],
    });
    expect(result.run).to.deep.include({ runId: 'r', runState: 'SUCCEEDED', ignored: ['nope'] });
    expect(stepsOf(result).map(({ label }) => label)).to.deep.equal(['compile', 'publish', 'run']);
  });

  it('tells what was done to the schedules', () => {
    const told = (schedules: unknown): unknown =>
      ended({ 'publish-pipeline': { ...done, output: { ...PUBLISHED, schedules } } }).publish?.schedules;
    const changes = { created: ['a'], replaced: ['b'], kept: [], removed: ['c'] };
    expect(told(changes)).to.deep.equal(changes);
    expect(told({ created: 'a', replaced: [3, 'b'] })).to.deep.equal({
      ...changes,
      created: [],
      removed: [],
    });
    expect(told(undefined)).to.equal(undefined);
  });

  it('tells whether a run that had failed continued, or why it did not', () => {
    const run = { run_id: 'r', state: 'SUCCEEDED', ignored: [] };
    const told = (more: object): unknown =>
      ended({ 'run-pipeline': { ...done, output: { ...run, ...more } } }).run;
    expect(told({})).to.not.have.any.keys('continued', 'notContinued');
    expect(told({ continued: true })).to.include({ continued: true });
    expect(told({ continued: 'yes', not_continued: 'it is archived' }))
      .to.include({ notContinued: 'it is archived' })
      .and.not.to.have.property('continued');
  });

  it('knows whether there is Kubeflow Pipelines to publish in', () => {
    expect(ended({ 'compile-pipeline': done }).publish).to.include({ publishes: true });
    const kept = createWorkflow(aPlan({ images: [] }), WORKFLOW_SETTINGS);
    expect(ended({ 'compile-pipeline': done }, {}, kept).publish).to.include({ publishes: false });
  });

  it('tells a run that failed, with the run', () => {
    const run = { run_id: 'r', state: 'FAILED', message: 'step train failed.' };
    const result = ended({ 'run-pipeline': { ...broken(1), output: run } });
    expect(result.run).to.deep.include({ runId: 'r', runState: 'FAILED' });
    expect(result.run!.failure).to.include({
      kind: 'run_failed',
      reason: 'the run ended with FAILED: step train failed',
    });
  });

  it('tells Kubeflow Pipelines that is away from a pipeline that it does not take', () => {
    const refused =
      'pinned exec-a: x\nerror: Kubeflow Pipelines at http://k: it refuses with 403\n  → Bind the ClusterRole.';
    const away = ended({ 'publish-pipeline': broken(3) }, { 'publish-pipeline': refused }).publish!.failure!;
    expect(away).to.include({
      kind: 'kubeflow',
      reason: 'Kubeflow Pipelines at http://k: it refuses with 403',
      nextStep: 'Bind the ClusterRole.',
    });
    const silent = ended({ 'publish-pipeline': broken(3) }).publish!.failure!;
    expect(silent).to.include({
      kind: 'kubeflow',
      reason: 'Kubeflow Pipelines did not answer, or rejected the request',
    });
    const wrong = ended({ 'publish-pipeline': broken(1) }, { 'publish-pipeline': 'error: no.\n' }).publish!;
    expect(wrong.failure).to.include({ kind: 'publish', reason: 'no', nextStep: 'read the step’s log' });
    expect(wrong.warnings).to.deep.equal([]);
  });

  describe('the step that tags images', () => {
    const made = createWorkflow(
      aPlan({
        images: [
          anImage('base', { secondTag: 'kfops-1' }),
          anImage('app', { buildsOn: ['base'] }),
          anImage('loader', { decision: { action: 'reuse', digest: DIGEST } }),
        ],
      }),
      WITH_KFP,
    );
    const output = {
      images: [{ name: 'loader', result: { skipped: 'no', cause: 'immutable' } }],
      bases: [{ name: 'base', result: { other: DIGEST } }],
    };
    const tagsOf = (node: Ends[string], log = '') =>
      ended({ 'tag-images': node }, { 'tag-images': log }, made).tags!;

    it('says what did not work, with the tags and bases of the workflow', () => {
      const tags = tagsOf({ ...done, output });
      expect(tags).to.deep.include({ task: 'tag-images', state: 'succeeded', ...output });
      expect(tags).to.not.have.property('failure');
      expect(tags.warnings).to.have.length(2);
      expect(tags.warnings[0]).to.match(/^`loader` did not get the tag `0123456789ab`: no\. Allow /);
      expect(tags.warnings[1]).to.match(/^Another build replaced `base` during this one, so `app` may /);
    });

    it('comes before the pipeline, and only in a workflow that has it', () => {
      const labels = stepsOf(ended({}, {}, made)).map(({ label }) => label);
      expect(labels).to.deep.equal(['base', 'app', 'loader', 'tag', 'compile', 'publish']);
      expect(ended({})).to.not.have.property('tags');
    });

    it('has no warnings without an output', () => {
      for (const output of ['', '{}', '[]', '{"images":[]}'])
        expect(tagsOf({ ...done, output }))
          .to.deep.include({ warnings: [] })
          .and.not.have.property('images');
      expect(tagsOf({ phase: 'Running' })).to.deep.include({ warnings: [] });
    });

    const failures: readonly (readonly [message: string, log: string, kind: string, reason: string])[] = [
      ['ImagePullBackOff: no such image', '', 'image_pull', 'cannot pull the image of Kfops'],
      ['failed to put file: access denied', '', 'object_store', 'cannot store the step’s outputs'],
      [
        'Pod was active on the node longer than the specified deadline',
        '',
        'deadline',
        'it exceeded its time limit (1800 s)',
      ],
      [
        'main: Error (exit code 1)',
        'error: images.json cannot be used: x\n  → Build again.',
        'tags',
        'images.json cannot be used: x',
      ],
    ];
    for (const [message, log, kind, reason] of failures)
      it(`fails as a step of its own: ${kind}`, () => {
        const failed = { phase: 'Failed', message };
        const result = ended({ 'tag-images': failed }, { 'tag-images': log }, made);
        expect(result.tags!.failure).to.include({ kind, reason });
        expect(result.tags!.failure!.nextStep).to.not.match(/config\.yaml|kaniko|Dockerfile|`kfops context/);
        expect(result).to.include({ phase: 'failed' }).and.not.have.property('problem');
      });

    it('waits for a node as a step of its own', () => {
      const { waiting } = tagsOf({ phase: 'Pending', message: 'Unschedulable: 0/3 nodes are available' });
      expect(waiting).to.include({ kind: 'unschedulable' });
      expect(waiting!.nextStep).to.equal('free capacity in the cluster, or ask your cluster admin');
    });
  });

  it('passes over outputs that are none', () => {
    for (const output of ['', 'null', '[]', '{"version": 1}', '{"run_id": {}}', 'x'.repeat(100)]) {
      const result = ended({
        'publish-pipeline': { ...done, output },
        'run-pipeline': { ...done, output },
      });
      expect(result.publish).to.include({ state: 'succeeded' }).and.not.have.property('version');
      expect(result.run).to.include({ state: 'succeeded' }).and.not.have.property('runId');
    }
  });
});

describe('the place in a Dockerfile', () => {
  it('is told where Kaniko says the line', () => {
    const entry = { path: 'docker/Dockerfile', mode: '100644', blob: 'a'.repeat(40), size: 1 } as const;
    const source = { ...entry, path: 'images/trainer/docker/Dockerfile' };
    const context = { key: 'k', objectKey: 'o', entries: [{ ...entry, source }], bytes: 1 };
    const image = anImage('trainer', { dockerfile: 'docker/Dockerfile', context });
    const made = createWorkflow(aPlan({ images: [image] }), WITH_KFP);
    const node = {
      id: 'n',
      name: 'wf.build-trainer',
      displayName: 'build-trainer',
      type: 'Pod',
      templateName: 'kaniko',
      phase: 'Failed',
      message: 'main: Error (exit code 1)',
    };
    const workflow = {
      ...made,
      metadata: { ...made.metadata, name: 'wf' },
      status: { phase: 'Failed', nodes: { n: node } },
    } as unknown as ObservedWorkflow;
    const said = (line: string) =>
      workflowResult(workflow, new Map([['build-trainer', line]])).images[0]!.failure;
    expect(
      said('error building image: dockerfile parse error on line 2: unknown instruction: RAN'),
    ).to.deep.include({
      kind: 'dockerfile',
      location: { file: 'images/trainer/docker/Dockerfile', line: 2 },
    });
    expect(said('error building image: parsing dockerfile: file is empty')).to.not.have.property('location');
  });
});

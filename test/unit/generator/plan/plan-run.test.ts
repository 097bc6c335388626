import { expect } from 'chai';

import { planRun } from '../../../../generator/plan/plan-run.js';
import { planBuild } from '../../../../generator/plan/plan.js';
import type { Revision } from '../../../../generator/ports.js';
import { loadProject, type Project } from '../../../../generator/project/project.js';
import { createRunWorkflow } from '../../../../generator/workflow/run-workflow.js';
import type { ContainerTemplate } from '../../../../generator/workflow/types.js';
import { ConfigError, defaultSettings, parseSettings } from '../../../../schema/index.js';
import { ARGO_RELEASES } from '../../../support/argo-releases.js';
import { complaints, strictArgoSchema } from '../../../support/argo-schema.js';
import { WITH_KFP, WORKFLOW_SETTINGS } from '../../../support/plan.js';
import { MemorySource } from '../contexts/memory-source.js';

const COMMIT = '1a2b3c4d5e6f708192a3b4c5d6e7f8091a2b3c4d';
const CONFIG = `repository: {owner: me, name: iris}
pipeline:
  name: Sklearn Iris
  namespace: data-science
  experiment_name: iris
  pipeline_path: pipeline/pipeline.py
  pipeline_args: {rows: 3}
`;

function project(
  revision: Partial<Revision> = {},
  settings = 'kfp: {endpoint: "http://kfp:8888"}',
  set: readonly string[] = [],
): Promise<Project> {
  const files = {
    'config_files/config.yaml': CONFIG,
    'pipeline/pipeline.py': 'from kfp import dsl\n\n\n@dsl.pipeline\ndef p(): ...\n',
  };
  const source = Object.assign(new MemorySource(files), {
    revision: { dirty: true, description: 'memory', ...revision },
  });
  return loadProject({
    source,
    settings: parseSettings(settings, { file: 'settings.yaml' }).value,
    overrides: set.map((text) => ({ kind: 'set', text })),
  });
}

const atCommit = { commit: COMMIT, dirty: false };

async function errorOf(work: Promise<unknown>): Promise<Error> {
  return work.then(
    () => expect.fail('it did not fail'),
    (error: unknown) => error as Error,
  );
}

const setAtCommit = (...set: string[]): Promise<Project> => project(atCommit, undefined, set);

describe('planRun', () => {
  it('keeps which arguments were set, and numbers as they were written', async () => {
    const plan = await planRun(await setAtCommit('pipeline_args.tag=3.10', 'pipeline_args.n=1'), {
      version: 'v1',
    });
    expect(plan.pipeline.arguments).to.deep.equal({ rows: 3, tag: 3.1, n: 1 });
    expect(plan.pipeline.argumentDetails).to.deep.equal({ texts: { tag: '3.10' }, set: ['tag', 'n'] });
    const [, step] = createRunWorkflow(plan, WITH_KFP).spec.templates as ContainerTemplate[];
    expect(step!.inputs!.artifacts![1]).to.deep.include({
      path: '/kfops/argument-details.json',
      raw: { data: '{"texts":{"tag":"3.10"},"set":["tag","n"]}' },
    });
    expect(step!.container.args).to.include('--argument-details=/kfops/argument-details.json');
  });

  it('says nothing about arguments that are all as they were written', async () => {
    const plan = await planRun(await project(atCommit));
    expect(plan.pipeline).not.to.have.property('argumentDetails');
    expect(JSON.stringify(createRunWorkflow(plan, WITH_KFP))).not.to.include('argument-details');
  });

  it('checks the names that were set against the code of the version, if it is that of the files', async () => {
    const of = await setAtCommit('pipeline_args.zzz=1');
    for (const options of [{}, { version: 'v1', isOfCommit: true }])
      expect((await errorOf(planRun(of, options))).message).to.include(
        'The pipeline has no parameter `zzz`.',
      );
    for (const options of [{ version: 'v1' }, { versionId: 'id' }, { version: 'v1', isOfCommit: false }])
      expect(await planRun(of, options)).to.have.nested.property('pipeline.arguments.zzz', 1);
  });

  it('checks them in a build only if that runs the pipeline', async () => {
    const of = await setAtCommit('pipeline_args.zzz=1');
    expect(await planBuild(of)).to.have.nested.property('pipeline.argumentDetails');
    expect((await errorOf(planBuild(of, { run: true }))).message).to.include('no parameter `zzz`');
  });

  it('wants the version that a build of the commit publishes', async () => {
    const of = await project(atCommit);
    expect((await planRun(of, { pullRequest: 17 })).version).to.deep.equal({
      newestOf: 'pr-17-1a2b3c4d5e6f',
    });
    expect((await planRun(of)).version).to.deep.equal({ newestOf: '1a2b3c4d5e6f' });
  });

  it('wants the version of the files where they are those of no commit', async () => {
    const of = await project();
    const { pipeline } = await planBuild(of);
    expect((await planRun(of)).version).to.deep.equal({ newestOf: pipeline.version });
  });

  it('takes a version by its name or id', async () => {
    const of = await project(atCommit);
    expect((await planRun(of, { version: 'v1' })).version).to.deep.equal({ name: 'v1' });
    expect((await planRun(of, { version: 'v1', versionId: 'x' })).version).to.deep.equal({ id: 'x' });
  });

  it('refuses where there is nowhere to run, and so does a build with a run', async () => {
    const of = await project(atCommit, '');
    for (const work of [planRun(of), planBuild(of, { run: true })]) {
      const error = await work.then(
        () => expect.fail('it was planned'),
        (error: unknown) => error,
      );
      expect((error as ConfigError).diagnostics.map(({ code }) => code)).to.deep.equal(['KFP_MISSING']);
    }
  });
});

describe('createRunWorkflow', () => {
  it('runs the newest version of a commit, in one step', async () => {
    const plan = await planRun(await project(atCommit), { pullRequest: 17, requestedBy: 'octocat' });
    const { metadata, spec } = createRunWorkflow(plan, WITH_KFP, { labels: { a: 'b' } });
    expect(metadata.labels).to.include({
      a: 'b',
      'kfops.dev/pull-request': '17',
      'kfops.dev/commit': COMMIT,
    });
    expect(metadata.annotations!['workflows.argoproj.io/title']).to.equal('me/iris #17: run at 1a2b3c4d5e6f');
    expect(metadata.annotations!['workflows.argoproj.io/description']).to.include(
      'Runs version `pr-17-1a2b3c4d5e6f` of the pipeline **Sklearn Iris**',
    );
    expect(spec.templates.map(({ name }) => name)).to.deep.equal(['main', 'run-pipeline']);
    const { container, serviceAccountName } = spec.templates[1] as ContainerTemplate;
    expect(serviceAccountName).to.equal('kfops-publisher');
    expect(container.args.slice(0, 4)).to.deep.equal([
      '--pipeline=Sklearn Iris',
      '--newest-of=pr-17-1a2b3c4d5e6f',
      '--experiment=iris',
      '--name=pr-17-1a2b3c4d5e6f {{workflow.name}}',
    ]);
    // A run may take days: it must not hold up the builds of its pull request.
    expect(spec).to.not.have.property('synchronization');
  });

  it('runs a version by its name, or by its id', async () => {
    const named = await planRun(await project(atCommit), { version: 'v1' });
    const byName = createRunWorkflow(named, WITH_KFP).spec.templates[1] as ContainerTemplate;
    expect(byName.container.args).to.include('--version=v1').and.to.include('--name=v1 {{workflow.name}}');
    const plan = await planRun(await project(atCommit), { versionId: '0b5c' });
    const { container } = createRunWorkflow(plan, WITH_KFP).spec.templates[1] as ContainerTemplate;
    expect(container.args).to.include('--version-id=0b5c').and.to.include('--name={{workflow.name}}');
  });

  it('needs Kubeflow Pipelines', async () => {
    const plan = await planRun(await project(atCommit));
    expect(() => createRunWorkflow(plan, WORKFLOW_SETTINGS)).to.throw(ConfigError);
    expect(defaultSettings()).to.not.have.property('kfp');
  });

  for (const release of ARGO_RELEASES) {
    it(`Argo ${release.version} takes every field`, async function () {
      this.timeout(120_000);
      const validate = strictArgoSchema(this, release);
      for (const options of [{}, { versionId: 'x' }]) {
        const plan = await planRun(await project(atCommit), options);
        expect(complaints(validate, createRunWorkflow(plan, WITH_KFP))).to.deep.equal([]);
      }
    });
  }
});

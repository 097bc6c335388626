import { once } from 'node:events';
import { readFile } from 'node:fs/promises';

import { expect } from 'chai';

import { apiPath } from '../../argo/client/client.js';
import { stopWorkflow } from '../../argo/workflows/stop.js';
import { kfops } from '../cli/kfops.js';
import type { KfpServer } from '../fixtures/kfp-server.js';
import {
  admin,
  build,
  client,
  finish,
  logOf,
  settingsFile,
  submit,
  testSettings,
  uniqueName,
  until,
} from './support/build.js';
import { leftBy, loadPinned } from './support/compiled.js';
import { environment, NAMESPACE } from './support/environment.js';
import { exampleCopy, exampleOverride } from './support/example.js';
import { kubeflow, PROFILE, PUBLISHER } from './support/kubeflow.js';
import { BUSYBOX, pipelineOf, project, removeFolders } from './support/project.js';
import { record } from './support/record.js';

let kfp: KfpServer | undefined;

after(removeFolders);
afterEach(async () => {
  await kfp?.stop();
  kfp = undefined;
});

interface Pod {
  readonly spec: {
    readonly serviceAccountName?: string;
    readonly automountServiceAccountToken?: boolean;
    readonly volumes?: readonly object[];
    readonly containers: readonly { readonly name: string; readonly env?: readonly { name: string }[] }[];
  };
}

/** Waits until the stand-in was told something; the suite's own limit ends it. */
async function seen(server: KfpServer, what: () => boolean): Promise<void> {
  while (!what()) await once(server.told, 'call');
}

describe('the last steps on a real cluster', () => {
  it('bring sklearn-iris from `kfops build_run` to a run at Kubeflow Pipelines', async function () {
    kfp = await kubeflow(this);
    kfp.states = ['RUNNING', 'SUCCEEDED'];
    const path = uniqueName('iris');
    const cwd = await exampleCopy(path, {
      'settings.yaml': settingsFile({ endpoint: kfp.endpoint }),
      'override.yaml': await exampleOverride(path),
    });
    const options = ['--wait', '--settings', 'settings.yaml', '--config-override', 'override.yaml'];
    const call = { cwd, env: { KUBECONFIG: environment.kubeconfig } };
    const built = await kfops(['build_run', ...options], call);
    expect(built.code, built.stderr).to.equal(0);

    const { workflow, result } = await finish(built.stdout.trim());
    await record('sklearn-iris-run', { workflow, result });
    const train = result.images.find(({ name }) => name === 'iris_train')!;
    const reference = `${train.repository}@${train.digest!}`;
    expect(await loadPinned(this, workflow)).to.deep.equal({
      name: 'sklearn-iris',
      description: 'Trains and checks a classifier of flowers',
      images: { 'exec-train': reference, 'exec-evaluate': reference },
    });

    const [version] = [...kfp.versions.values()];
    expect(version!.compiled).to.equal(await leftBy(workflow, 'pipeline.yaml'));
    const [run] = [...kfp.runs.values()];
    expect(run!.object).to.deep.include({
      state: 'SUCCEEDED',
      runtime_config: { parameters: { test_share: 0.25 } },
    });
    expect([kfp.pipelines.size, kfp.versions.size, kfp.experiments.size, kfp.runs.size]).to.deep.equal([
      1, 1, 1, 1,
    ]);
    expect([...kfp.pipelines.values()][0]!.object).to.include({ name: 'sklearn-iris', namespace: PROFILE });
    expect(kfp.problems).to.deep.equal([]);
    expect(result.publish!.images).to.deep.include({
      pinned: [{ name: 'iris_train', reference, steps: 2 }],
      unused: ['iris_serve'],
    });
    expect(result.run).to.include({
      state: 'succeeded',
      runState: 'SUCCEEDED',
      runId: run!.object.run_id,
      versionId: version!.object.pipeline_version_id,
    });

    const again = await kfops(['run', ...options], call);
    expect(again.code, again.stderr).to.equal(0);
    expect([kfp.versions.size, kfp.experiments.size, kfp.runs.size], 'only a run more').to.deep.equal([
      1, 1, 2,
    ]);
    const { result: rerun } = await finish(again.stdout.trim());
    expect(rerun.images, 'nothing is built').to.deep.equal([]);
    expect(rerun.run).to.include({ runState: 'SUCCEEDED', versionId: version!.object.pipeline_version_id });
    expect(kfp.problems).to.deep.equal([]);
  });

  it('without Kubeflow Pipelines leave the pinned pipeline, and ask for no token', async function () {
    const path = uniqueName('plain');
    const source = await project(
      { path, images: [{ name: 'one' }] },
      {
        'one/Dockerfile': `FROM ${BUSYBOX}\nRUN echo one\n`,
        'pipeline.py': pipelineOf(`${environment.registry}/${path}/one`),
      },
    );
    const { workflow, result } = await build(source);
    expect(result.phase, JSON.stringify(result)).to.equal('succeeded');
    const { repository, digest } = result.images[0]!;
    const reference = `${repository}@${digest!}`;
    expect((await loadPinned(this, workflow)).images).to.deep.equal({ 'exec-say': reference });
    expect(result.publish!.images!.pinned).to.deep.equal([{ name: 'one', reference, steps: 1 }]);
    expect(result.publish).to.not.have.property('versionId');
    expect(JSON.stringify(workflow.spec)).to.not.include('serviceAccountToken').and.not.include(PUBLISHER);
  });

  it('name the line of an error of the pipeline’s code', async () => {
    const source = await project(
      { path: 'none', images: [] },
      { 'pipeline.py': pipelineOf('python:3.11-slim').replace('text: str = "hello"', 'text: int = 1') },
    );
    const { workflow, result } = await build(source, {}, 'pipeline-type-error');
    expect(result.phase).to.equal('failed');
    expect(result.compile).to.include({ state: 'failed', attempts: 1 });
    const { failure } = result.compile!;
    expect(failure, JSON.stringify(failure)).to.include({ kind: 'pipeline_code', excerpt: 'say(text=text)' });
    expect(failure!.location).to.include({ file: 'pipeline.py', line: 16 });
    expect(failure!.reason).to.include('NUMBER_INTEGER');
    const report = JSON.parse(await leftBy(workflow, 'error.json')) as object;
    expect(report).to.include({ kind: 'type', file: 'pipeline.py', line: 16 });
  });

  it('give the pipeline’s code no credentials', async function () {
    kfp = await kubeflow(this);
    const key = Buffer.from(environment.minio.secretKey).toString('base64');
    const look = (await readFile(new URL('support/look.py', import.meta.url), 'utf8'))
      .replace('@KEY@', key)
      .replace('@KFP@', kfp.endpoint);
    const source = await project(
      { path: 'none', images: [], pipeline: { namespace: PROFILE } },
      { 'pipeline.py': `${look}\n${pipelineOf('busybox')}` },
    );
    const settings = testSettings({ endpoint: kfp.endpoint });
    const { result } = await build(source, { settings });
    expect(result.phase, JSON.stringify(result)).to.equal('succeeded');
    const lines = (await logOf(result.compile)).split('\n');
    const found = lines.filter((line) => line.startsWith('LOOK '));
    expect(found).to.deep.equal([
      'LOOK ran as 65532',
      'LOOK secrets: []',
      'LOOK tokens: []',
      'LOOK keys: []',
      'LOOK variables: []',
      'LOOK metadata: unreachable',
      'LOOK Kubernetes: refused',
      'LOOK Kubeflow Pipelines: refused',
    ]);
    expect(kfp.versions.size, 'the next step did have a token').to.equal(1);

    const pod = await admin.call<Pod>({
      what: 'reading a pod',
      path: apiPath('api', 'v1', 'namespaces', NAMESPACE, 'pods', result.compile!.pod!),
    });
    expect(pod.spec.serviceAccountName).to.not.equal('kfops-publisher');
    expect(pod.spec.automountServiceAccountToken).to.equal(false);
    expect(JSON.stringify(pod.spec.volumes)).to.not.include('serviceAccountToken":');
  });

  it('stop the run when the workflow is stopped', async function () {
    const server = (kfp = await kubeflow(this));
    server.states = ['RUNNING'];
    const source = await project({ path: 'none', images: [], pipeline: { namespace: PROFILE } }, {});
    const settings = testSettings({ endpoint: server.endpoint });
    const { submitted } = await submit(source, { settings, run: true });
    await until(submitted.name, ({ run }) => run?.state === 'running');
    await seen(server, () => [...server.runs.values()].some(({ object }) => object.state === 'RUNNING'));

    expect(await stopWorkflow(client, NAMESPACE, submitted.name)).to.equal('stopped');
    const finished = await finish(submitted.name);
    await record('run-stopped', finished);
    expect(finished.result).to.include({ phase: 'stopped' });
    await seen(server, () => server.calls.some(({ path }) => path.endsWith(':terminate')));
    expect([...server.runs.values()].map(({ states }) => states.at(-1))).to.deep.equal(['FAILED']);
    expect(server.problems).to.deep.equal([]);
  });
});

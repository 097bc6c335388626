import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

import { expect } from 'chai';

import { explainedResult } from '../../../argo/logs/logs.js';
import { retryWorkflow } from '../../../argo/retry/retry.js';
import type { ObservedWorkflow } from '../../../argo/status/observed.js';
import { readWorkflow } from '../../../argo/workflows/read.js';
import { workflowRunner } from '../../../argo/workflows/runner.js';
import { stopWorkflow } from '../../../argo/workflows/stop.js';
import type { WorkflowRunner } from '../../../generator/ports.js';
import { run } from '../../../generator/run.js';
import type { Template } from '../../../generator/workflow/types.js';
import {
  build,
  client,
  finish,
  store,
  submit,
  testSettings,
  uniqueName,
  until,
  type Finished,
} from '../support/build.js';
import { environment, NAMESPACE, need } from '../support/environment.js';
import { BUSYBOX, project, removeFolders } from '../support/project.js';
import { record } from '../support/record.js';
import { digestOf } from '../support/registry.js';

const CONFIGURATION = fileURLToPath(new URL('../manifests/kubeflow-controller.yaml', import.meta.url));

const configure = async (...file: string[]): Promise<void> => {
  if (environment.nodeScript) await promisify(execFile)(environment.nodeScript, ['configure', ...file]);
};

const path = uniqueName('kubeflow');
const dockerfile = (command: string): string => `FROM ${BUSYBOX}\nLABEL path=${path}\nRUN ${command}\n`;
const repository = (...names: readonly string[]): ReturnType<typeof project> =>
  project(
    { path, images: names.map((name) => ({ name, cache: false })) },
    Object.fromEntries(
      names.map((name) => [`${name}/Dockerfile`, dockerfile(name === 'slow' ? 'sleep 20' : `echo ${name}`)]),
    ),
  );

/** Submits without uploading, as if somebody had deleted what is not there. */
async function submitOnly(names: readonly string[], runner: WorkflowRunner): Promise<Finished> {
  const source = await repository(...names);
  const { submitted } = await run(
    { settings: testSettings(), name: uniqueName('test'), tag: 'v1' },
    { source, runner },
  );
  return finish(submitted.name);
}

/** How often each task was done: over all attempts of the DAG. */
function pods({ status }: ObservedWorkflow, task: string): number {
  return Object.values(status!.nodes!).filter(
    ({ type, displayName }) => type === 'Pod' && displayName.startsWith(`${task}(`),
  ).length;
}

describe('on Argo as Kubeflow configures it', () => {
  before(async function () {
    need(this, environment.nodeScript, 'node whose controller may be configured');
    await configure(CONFIGURATION);
  });
  after(async () => {
    await configure();
    await removeFolders();
  });

  it('builds, and keeps a workflow as long as the settings say', async () => {
    const { workflow, result } = await build(await repository('good'), { tag: 'v1' });
    expect(result.phase, JSON.stringify(result)).to.equal('succeeded');
    expect(result.images[0]!.digest).to.equal(await digestOf(result.images[0]!.repository, 'v1'));

    const spec = workflow.spec as unknown as Record<string, unknown>;
    expect(spec, 'the defaults are in it').to.have.property('templateDefaults');
    const week = 7 * 24 * 3600;
    expect(spec.ttlStrategy).to.deep.equal({
      secondsAfterCompletion: week,
      secondsAfterSuccess: week,
      secondsAfterFailure: week,
    });
  });

  it('builds each image once where a context is missing, and takes over what was built', async () => {
    const failed = await submitOnly(['good', 'lost'], workflowRunner(client));
    const [good, lost] = failed.result.images;
    expect(failed.result.phase).to.equal('failed');
    expect(good).to.include({ state: 'succeeded', attempts: 1 });
    expect(good!.digest).to.equal(await digestOf(good!.repository, 'v1'));
    expect(lost).to.include({ state: 'failed', attempts: 1 });
    expect(lost!.failure).to.include({ kind: 'context_missing' });
    expect(['build-good', 'build-lost'].map((task) => pods(failed.workflow, task))).to.deep.equal([1, 1]);

    await upload(['good', 'lost']);
    const again = await workflowRunner(client).submit(retryWorkflow(failed.workflow, failed.result));
    const { result } = await finish(again.name);
    expect(result.phase, JSON.stringify(result)).to.equal('succeeded');
    expect(result.images[0]).to.include({ attempts: 0, digest: good!.digest });
  });

  it('reports the last attempt of a DAG that does not forbid them', async () => {
    const runner = workflowRunner(client);
    const repeated = await submitOnly(['good', 'gone'], {
      submit: (workflow) => {
        const templates = workflow.spec.templates.map((template): Template => {
          if (!('dag' in template)) return template;
          return { ...template, retryStrategy: undefined } as unknown as Template;
        });
        return runner.submit({ ...workflow, spec: { ...workflow.spec, templates } });
      },
    });
    await record('dag-attempts', repeated);
    expect(pods(repeated.workflow, 'build-good'), 'as Kubeflow has it').to.equal(3);
    const [good] = repeated.result.images;
    expect(good).to.include({ state: 'succeeded', attempts: 1 });
    expect(good!.digest).to.equal(await digestOf(good!.repository, 'v1'));
  });

  it('keeps what was built before a stop', async () => {
    const { submitted } = await submit(await repository('quick', 'slow'), { tag: 'v1' });
    const seen = await until(
      submitted.name,
      ({ images }) => images[0]?.state === 'succeeded' && images[1]?.state === 'running',
    );
    await stopWorkflow(client, NAMESPACE, submitted.name);
    const workflow = await readWorkflow(client, NAMESPACE, submitted.name);
    const result = await explainedResult(client, workflow);
    await record('stopped-dag', { workflow, result });
    expect(result.phase).to.equal('stopped');
    expect(result.images.map(({ state }) => state)).to.deep.equal(['succeeded', 'stopped']);
    expect(result.images[0]!.digest).to.equal(seen.result.images[0]!.digest);
  });
});

/** Stores the contexts of these images, and submits nothing. */
async function upload(names: readonly string[]): Promise<void> {
  const source = await repository(...names);
  await run(
    { settings: testSettings(), name: uniqueName('test'), tag: 'v1' },
    {
      source,
      openStore: (_, plan) => Promise.resolve(store(plan.objectStore.bucket)),
      runner: { submit: () => Promise.resolve({ name: 'none' }) },
    },
  );
}

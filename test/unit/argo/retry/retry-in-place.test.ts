import { readFileSync } from 'node:fs';

import { expect } from 'chai';

import type { ClusterClient } from '../../../../argo/client/client.js';
import { KubernetesError } from '../../../../argo/client/errors.js';
import { argoServer } from '../../../../argo/retry/argo-server.js';
import { retryInPlace, type RetryOptions, whyAnew } from '../../../../argo/retry/retry-in-place.js';
import type { ObservedWorkflow } from '../../../../argo/status/observed.js';
import { workflowResult } from '../../../../argo/status/status.js';
import type { Clock } from '../../../../common/clock.js';
import type { WorkflowResult } from '../../../../generator/results/result.js';
import { fakeApi, json, type FakeApi, type Handler } from '../fake-api.js';

function recording(name: string): ObservedWorkflow {
  const file = new URL(`../../../fixtures/argo/${name}.json`, import.meta.url);
  return (JSON.parse(readFileSync(file, 'utf8')) as { workflow: ObservedWorkflow }).workflow;
}

/** Seconds after a workflow's end, in milliseconds since 1970. */
function after(seconds: number, { status }: ObservedWorkflow): number {
  return Date.parse(status!.finishedAt!) + seconds * 1000;
}

describe('argo/retry-in-place: whyAnew', () => {
  for (const name of [
    'one-of-five-broken',
    'stopped',
    'push-refused',
    'pipeline-type-error',
    'unschedulable',
  ]) {
    it(`lets Argo go on with ${name}`, () => {
      const workflow = recording(name);
      expect(whyAnew(workflow, workflowResult(workflow), after(60, workflow))).to.equal(undefined);
    });
  }

  it('begins anew where Argo would remove the pods while they work again: they have the same names', () => {
    const workflow = recording('one-of-five-broken');
    const result = workflowResult(workflow);
    const at = (seconds: number): string | undefined => whyAnew(workflow, result, after(seconds, workflow));
    // Pods stay for a day, and a build may take an hour; ten minutes are for its start.
    expect(at(86_400 - 4_200 - 1)).to.equal(undefined);
    expect(at(86_400 - 4_200)).to.match(
      /^at \d{4}-\d\d-\d\d \d\d:\d\d UTC Argo removes the pods of its first end/,
    );
    expect(at(86_399)).to.include('removes the pods');
    expect(at(86_400)).to.equal(undefined);
    const narrow = { ...workflow, spec: { ...workflow.spec, parallelism: 1 } };
    const all = { ...result, images: result.images.map((image) => ({ ...image, state: 'failed' as const })) };
    expect(whyAnew(narrow, all, after(86_400 - 5 * 3_600, narrow))).to.include('removes the pods');
    expect(whyAnew(workflow, all, after(86_400 - 5 * 3_600, workflow))).to.equal(undefined);
  });

  it('lets Argo go on where no pod has a name to be taken', () => {
    const workflow = recording('one-of-five-broken');
    const result = workflowResult(workflow);
    const { templates = [], podGC = {} } = workflow.spec;
    const unlimited = { ...workflow, spec: { templates, podGC } };
    const images = result.images.filter(({ state }) => state === 'succeeded');
    expect(whyAnew(unlimited, { ...result, images }, after(60, workflow))).to.equal(undefined);
  });

  it('takes a step without a deadline for one that may take as long as the workflow', () => {
    const workflow = recording('run-stopped');
    const result = workflowResult(workflow);
    const failure = { kind: 'kubeflow', reason: '', nextStep: '' } as const;
    const away = { ...result, run: { ...result.run!, state: 'failed' as const, failure } };
    expect(whyAnew(workflow, away, after(60, workflow))).to.include('removes the pods');
  });

  it('begins anew where a build succeeded with a digest that is none', () => {
    const workflow = recording('two-images');
    const forged = structuredClone(workflow);
    for (const { outputs } of Object.values(forged.status!.nodes!))
      for (const parameter of outputs?.parameters ?? [])
        if (parameter.name === 'digest') Object.assign(parameter, { value: 'sha256:forged' });
    expect(whyAnew(forged, workflowResult(forged))).to.include('the digest of one is not to be trusted');
  });

  it('begins anew where the run failed, which has the workflow’s name', () => {
    const workflow = recording('two-images');
    const failure = { kind: 'run_failed', reason: '', nextStep: '' } as const;
    const result: WorkflowResult = {
      ...workflowResult(workflow),
      phase: 'failed',
      run: { state: 'failed', attempts: 1, ignored: [], failure },
    };
    expect(whyAnew(workflow, result)).to.include('the run of the pipeline was stopped');
    const failed = { ...result, run: { ...result.run!, runState: 'FAILED' } };
    expect(whyAnew(workflow, failed)).to.equal(
      'the run of the pipeline failed, and a new workflow can continue it',
    );
    const away = { ...result, run: { ...result.run!, failure: { ...failure, kind: 'kubeflow' as const } } };
    expect(whyAnew(workflow, away, after(90_000, workflow))).to.equal(undefined);
  });

  it('begins anew where a workflow was stopped whose DAG Argo does by attempts', () => {
    const workflow = recording('stopped-dag');
    expect(whyAnew(workflow, workflowResult(workflow), after(60, workflow))).to.include('it was stopped');
    const failed = recording('stopped-dag');
    Reflect.deleteProperty(failed.spec, 'shutdown');
    expect(whyAnew(failed, workflowResult(failed), after(60, failed))).to.equal(undefined);
  });

  it('begins anew where Argo refused the workflow, or it was stopped before any step', () => {
    const workflow = recording('stopped');
    const none = { ...workflow, status: { phase: 'Error', message: 'spec is invalid' } };
    expect(whyAnew(none, workflowResult(none))).to.include('none of its steps had begun');
  });
});

describe('argo/retry-in-place: retryInPlace', () => {
  const FAILED = { phase: 'Failed', startedAt: '2026-01-01T00:00:00Z' };
  const RUNNING = { phase: 'Running', startedAt: '2026-01-01T01:00:00Z' };
  const WORKFLOW: ObservedWorkflow = { metadata: { name: 'w', namespace: 'ns' }, spec: {}, status: FAILED };
  const REPORTED = {
    ...WORKFLOW,
    metadata: { ...WORKFLOW.metadata, labels: { 'kfops.dev/reported': 'failed' } },
  };
  const ASK = 'PUT /api/v1/workflows/ns/w/retry';
  const READ = 'GET /apis/argoproj.io/v1alpha1/namespaces/ns/workflows/w';
  const MARK = 'PATCH /apis/argoproj.io/v1alpha1/namespaces/ns/workflows/w';
  const clock: Clock = { now: () => 0, wait: () => Promise.resolve() };

  let api: FakeApi | undefined;
  afterEach(async () => {
    await api?.close();
    api = undefined;
  });

  /** The API server and Argo's server, at one address. */
  async function retry(
    handler: Handler,
    workflow = WORKFLOW,
    { signal = new AbortController().signal, ...changes }: Partial<ClusterClient> & RetryOptions = {},
  ): Promise<unknown> {
    api = await fakeApi(handler);
    const { client } = api;
    const server = argoServer({ endpoint: client.address, verify: true }, client.kubeConfig);
    return retryInPlace({ ...client, ...changes }, server, workflow, { clock, signal }).catch(
      (error: unknown) => error,
    );
  }

  it('asks once', async () => {
    const error = await retry((_, response) => {
      json(response, 200, { ...WORKFLOW, status: RUNNING });
    });
    expect(error).to.equal(undefined);
    expect(api!.requests).to.deep.equal([ASK]);
  });

  it('takes the mark off that outcome reported, after it goes on', async () => {
    const bodies: unknown[] = [];
    const error = await retry(({ method }, response, body) => {
      if (method === 'PATCH') bodies.push(JSON.parse(body));
      json(response, 200, { ...REPORTED, status: RUNNING });
    }, REPORTED);
    expect(error).to.equal(undefined);
    expect(api!.requests).to.deep.equal([ASK, MARK]);
    expect(bodies).to.deep.equal([
      { metadata: { labels: { 'kfops.dev/reported': null, 'kfops.dev/notify': null } } },
    ]);
  });

  it('asks again where somebody else’s change was faster, and gives up in the end', async () => {
    const error = await retry(({ method }, response) => {
      if (method === 'GET') json(response, 200, WORKFLOW);
      else json(response, 409, { code: 6, message: 'the object has been modified' });
    });
    expect(error).to.include({ status: 409 });
    expect(api!.requests).to.deep.equal([ASK, READ, ASK, READ, ASK, READ]);
  });

  for (const status of [RUNNING, { ...RUNNING, phase: 'Failed' }]) {
    it(`does not ask again where only the answer was lost: it is ${status.phase}`, async () => {
      const error = await retry(({ method }, response) => {
        if (method === 'GET') json(response, 200, { ...WORKFLOW, status });
        else response.destroy();
      });
      expect(error).to.equal(undefined);
      expect(api!.requests).to.deep.equal([ASK, READ]);
    });
  }

  it('ends when it is told to, also while it waits to ask the cluster again', async () => {
    const stop = new AbortController();
    const error = await retry(
      ({ method }, response) => {
        json(response, method === 'PUT' ? 200 : 404, { ...REPORTED, status: RUNNING });
      },
      REPORTED,
      {
        signal: stop.signal,
        call: () => {
          setImmediate(() => {
            stop.abort(new Error('enough'));
          });
          throw new KubernetesError('', '', '', 503, '', { retryAfterSeconds: 30 });
        },
      },
    );
    expect(error).to.have.property('message', 'enough');
    expect(api!.requests).to.deep.equal([ASK]);
  });

  it('asks once where it is refused', async () => {
    const error = await retry((_, response) => {
      json(response, 403, { code: 7, message: 'forbidden' });
    }, REPORTED);
    expect(error).to.include({ status: 403 });
    expect(api!.requests).to.deep.equal([ASK]);
  });
});

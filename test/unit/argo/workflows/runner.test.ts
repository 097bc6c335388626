import { expect } from 'chai';

import { workflowRunner } from '../../../../argo/workflows/runner.js';
import { LABELS } from '../../../../generator/workflow/names.js';
import type { Workflow } from '../../../../generator/workflow/types.js';
import { fakeApi, json, type FakeApi, type Handler } from '../fake-api.js';

const PATIENCE = { totalMs: 10_000, firstMs: 1, longestMs: 2 };

const WORKFLOW = {
  apiVersion: 'argoproj.io/v1alpha1',
  kind: 'Workflow',
  metadata: { name: 'w', namespace: 'ns' },
  spec: { entrypoint: 'main', parallelism: 3, templates: [{ name: 'main', container: { image: 'i' } }] },
} as unknown as Workflow;

const WRITTEN_BY_ARGO = {
  ...WORKFLOW.spec,
  arguments: {},
  templates: [{ name: 'main', inputs: {}, metadata: {}, container: { name: '', image: 'i', resources: {} } }],
};
/** With what Kubeflow's controller fills in, and a template of its own. */
const WITH_DEFAULTS = {
  ...WRITTEN_BY_ARGO,
  ttlStrategy: { secondsAfterSuccess: 3600 },
  templateDefaults: { retryStrategy: { limit: '2', retryPolicy: 'OnError' } },
  templates: [{ name: 'notify', container: { image: 'n' } }, ...WRITTEN_BY_ARGO.templates],
};
const ANOTHER_IMAGE = {
  ...WORKFLOW.spec,
  templates: [{ name: 'main', metadata: {}, container: { image: 'j' } }],
};

let api: FakeApi | undefined;
afterEach(async () => {
  await api?.close();
  api = undefined;
});

async function submit(handler: Handler, workflow = WORKFLOW, timeout?: number): Promise<unknown> {
  api = await fakeApi(handler, timeout);
  return workflowRunner(api.client, { patience: PATIENCE, argoUrl: 'https://argo.example/' })
    .submit(workflow)
    .catch((error: unknown) => error);
}

describe('argo/runner', () => {
  it('creates the workflow, and links to its page', async () => {
    const submitted = await submit((_, response, body) => {
      json(response, 201, JSON.parse(body));
    });
    expect(submitted).to.deep.equal({ name: 'w', url: 'https://argo.example/workflows/ns/w' });
  });

  it('makes up the name itself, so that a lost answer is asked for under the same name', async () => {
    const names: string[] = [];
    const submitted = await submit(
      (_, response, body) => {
        names.push((JSON.parse(body) as { metadata: { name: string } }).metadata.name);
        if (names.length === 1) response.destroy();
        else json(response, 201, {});
      },
      { ...WORKFLOW, metadata: { generateName: 'kfops-x-', namespace: 'ns' } },
    );
    expect(names).to.have.length(2);
    expect(names[0]).to.match(/^kfops-x-[a-z0-9]{5}$/);
    expect(names[1]).to.equal(names[0]);
    expect(submitted).to.include({ name: names[0] });
  });

  it('adopts what was made for the same command, whoever asked for it', async () => {
    const labels = { [LABELS.request]: '0123456789abcdef0123' };
    const there = { metadata: { name: 'w', labels }, spec: { ...WORKFLOW.spec, parallelism: 4 } };
    const submitted = await submit(
      (request, response) => {
        if (request.method === 'POST') json(response, 409, { reason: 'AlreadyExists' });
        else json(response, 200, there);
      },
      { ...WORKFLOW, metadata: { ...WORKFLOW.metadata, labels } },
    );
    expect(submitted).to.include({ name: 'w' });
  });

  for (const [what, spec, adopted] of [
    ['the same', WORKFLOW.spec, true],
    ['the same, stopped meanwhile', { ...WORKFLOW.spec, shutdown: 'Stop' }, true],
    ['the same, as Argo’s controller writes it', WRITTEN_BY_ARGO, true],
    ['the same, with the cluster’s defaults', WITH_DEFAULTS, true],
    ['another', { ...WORKFLOW.spec, parallelism: 4 }, false],
    ['another in its depth', ANOTHER_IMAGE, false],
    ['another that has less', { ...WORKFLOW.spec, templates: [] }, false],
  ] as const) {
    it(`${adopted ? 'adopts' : 'refuses'} what has its name and is ${what}`, async () => {
      const submitted = await submit((request, response) => {
        if (request.method === 'POST') json(response, 409, { reason: 'AlreadyExists' });
        else json(response, 200, { metadata: { name: 'w' }, spec });
      });
      expect(submitted).to.include({ name: adopted ? 'w' : 'WorkError' });
    });
  }

  it('tells refusals apart, says what to do, and does not try again', async () => {
    for (const [status, reason, next] of [
      [403, 'Forbidden', 'kfops-submitter'],
      [422, 'Invalid', 'not accepted'],
      [401, 'Unauthorized', 'log in'],
      [404, 'NotFound', 'Argo'],
    ] as const) {
      const refused = await submit((_, response) => {
        json(response, status, { kind: 'Status', reason, message: 'said by the server' });
      });
      expect(refused).to.include({ name: 'ServiceError', status, reason });
      expect(refused)
        .to.have.property('message')
        .that.contains('said by the server')
        .and.contains('127.0.0.1');
      expect(refused).to.have.property('nextStep').that.contains(next);
      expect(api!.requests).to.have.length(1);
      await api!.close();
    }
  });

  it('tries again after 500 and 429, not before the time that the server wants', async () => {
    const answers = [500, 429, 201];
    const at: number[] = [];
    const submitted = await submit((_, response) => {
      at.push(Date.now());
      const status = answers.shift()!;
      json(response, status, {}, status === 429 ? { 'retry-after': '1' } : {});
    });
    expect(submitted).to.include({ name: 'w' });
    expect(at[2]! - at[1]!).to.be.least(990);
  });

  it('gives up on a server that does not answer in time', async () => {
    api = await fakeApi(() => undefined, 20);
    const error = await workflowRunner(api.client, { patience: { totalMs: 30, firstMs: 1, longestMs: 1 } })
      .submit(WORKFLOW)
      .catch((e: unknown) => e);
    expect(error).to.include({ name: 'ServiceError', status: 0 });
    expect(error).to.have.property('problem').that.contains('no answer in time');
  });
});

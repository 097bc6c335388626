import { expect } from 'chai';

import { checkController } from '../../../../argo/doctor/controller.js';
import type { Check } from '../../../../argo/doctor/doctor.js';
import { fakeApi, json } from '../fake-api.js';

const NOW = Date.parse('2026-06-01T12:00:00Z');
const FORBIDDEN = { status: 403, body: { kind: 'Status', code: 403, reason: 'Forbidden', message: 'no' } };

interface Answer {
  readonly status: number;
  readonly body: unknown;
}

function deployment(image: string, status: object): object {
  return {
    metadata: { name: 'workflow-controller', namespace: 'argo' },
    spec: { template: { spec: { containers: [{ image }] } } },
    status,
  };
}

function workflow(name: string, minutes: number, labels?: object): object {
  const creationTimestamp = new Date(NOW - minutes * 60_000).toISOString();
  return { metadata: { name, creationTimestamp, ...(labels && { labels }) } };
}

const items = (...all: readonly object[]): Answer => ({ status: 200, body: { items: all } });

async function check(deployments: Answer, workflows: Answer): Promise<Check> {
  const api = await fakeApi(({ url = '' }, response) => {
    const { status, body } = url.includes('/deployments') ? deployments : workflows;
    json(response, status, body);
  });
  try {
    return await checkController(api.client, 'kfops', NOW);
  } finally {
    await api.close();
  }
}

const TAKEN_UP = { 'workflows.argoproj.io/phase': 'Running' };
const IMAGE = 'quay.io/argoproj/workflow-controller:v3.7.18';

describe('argo/doctor-controller', () => {
  it('is told by the Deployment, where that can be read', async () => {
    const other = deployment('example.org/other:1', {});
    const ready = await check(items(other, deployment(IMAGE, { readyReplicas: 1 })), items());
    expect(ready).to.deep.include({
      state: 'ok',
      found: 'the Deployment workflow-controller in argo is ready',
    });

    const two = await check(items(deployment(IMAGE, {}), deployment(IMAGE, { readyReplicas: 1 })), items());
    expect(two, 'one of two').to.include({ state: 'ok' });

    const broken = await check(items(deployment(`${IMAGE}@sha256:1`, {})), items(workflow('a', 1, TAKEN_UP)));
    expect(broken).to.include({ state: 'problem' });
    expect(broken.nextStep).to.include('kubectl describe -n argo deployment workflow-controller');
  });

  it('is told by the latest workflow, where the Deployment cannot be read', async () => {
    const old = workflow('old', 600);
    expect(await check(FORBIDDEN, items(old, workflow('new', 5, TAKEN_UP)))).to.deep.include({
      state: 'ok',
      found: 'it picked up the latest workflow, new',
    });
    const lost = await check(FORBIDDEN, items(workflow('before', 30, TAKEN_UP), workflow('lost', 3)));
    expect(lost).to.include({
      state: 'problem',
      found: 'the workflow lost has waited 3 minutes without being picked up',
    });
  });

  it('is not known where nothing tells', async () => {
    const young = workflow('young', 1);
    const long = workflow('long ago', 90, TAKEN_UP);
    for (const [deployments, workflows] of [
      [FORBIDDEN, FORBIDDEN],
      [items(deployment('example.org/my-workflow-controller-ui:1', {})), items()],
      [FORBIDDEN, items(young)],
      [FORBIDDEN, items(long)],
    ] as const) {
      expect(await check(deployments, workflows)).to.include({ state: 'unknown' });
    }
  });
});

import { expect } from 'chai';

import { checkController, checkRequeueTime } from '../../../../argo/doctor/controller.js';
import type { Check } from '../../../../argo/doctor/doctor.js';
import { findControllers } from '../../../../argo/discover/argo-controller.js';
import { fakeApi, json } from '../fake-api.js';

const NOW = Date.parse('2026-06-01T12:00:00Z');
const FORBIDDEN = { status: 403, body: { kind: 'Status', code: 403, reason: 'Forbidden', message: 'no' } };

interface Answer {
  readonly status: number;
  readonly body: unknown;
}

function deployment(image: string, status: object, container: object = {}): object {
  return {
    metadata: { name: 'workflow-controller', namespace: 'argo' },
    spec: { template: { spec: { containers: [{ image, ...container }] } } },
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
    return await checkController(api.client, 'kfops', await findControllers(api.client), NOW);
  } finally {
    await api.close();
  }
}

const TAKEN_UP = { 'workflows.argoproj.io/phase': 'Running' };
const ENV = [
  { name: 'TEAM', value: 'of-variable' },
  { name: 'OWN', valueFrom: { fieldRef: { fieldPath: 'metadata.namespace' } } },
];
const IMAGE = 'quay.io/argoproj/workflow-controller:v3.7.18';

describe('argo/doctor-controller', () => {
  it('is told by the Deployment, where that can be read', async () => {
    const other = deployment('example.org/other:1', {});
    const ready = await check(items(other, deployment(IMAGE, { readyReplicas: 1 })), items());
    expect(ready).to.deep.include({
      state: 'ok',
      found: 'the Deployment workflow-controller in argo is ready, for all namespaces',
    });

    const two = await check(items(deployment(IMAGE, {}), deployment(IMAGE, { readyReplicas: 1 })), items());
    expect(two, 'one of two').to.include({ state: 'ok' });

    const broken = await check(items(deployment(`${IMAGE}@sha256:1`, {})), items(workflow('a', 1, TAKEN_UP)));
    expect(broken).to.include({ state: 'problem' });
    expect(broken.nextStep).to.include('kubectl describe -n argo deployment workflow-controller');
  });

  for (const [args, watches] of [
    [['--configmap', 'c', '--namespaced'], 'argo'],
    [['--namespaced=true', '--managed-namespace', 'team'], 'team'],
    [['--namespaced', '--managed-namespace=team'], 'team'],
    [['--namespaced', '--managed-namespace=$(TEAM)'], 'of-variable'],
    [['--namespaced', '--managed-namespace', '$(OWN)'], 'argo'],
  ] as const)
    it(`picks up no workflow of another namespace with ${args.join(' ')}`, async () => {
      const found = await check(items(deployment(IMAGE, { readyReplicas: 1 }, { args, env: ENV })), items());
      expect(found).to.deep.include({
        state: 'problem',
        found: `the Deployment workflow-controller in argo watches only the namespace ${watches}, so no workflow in kfops ever starts`,
      });
      expect(found.nextStep).to.include(`\`namespace: ${watches}\``);
    });

  it('reads the flags that are set by environment variables, after those that are arguments', async () => {
    const env = [
      { name: 'ARGO_NAMESPACED', value: 'true' },
      { name: 'ARGO_MANAGED_NAMESPACE', value: 'team' },
    ];
    const set = (args: readonly string[]) => items(deployment(IMAGE, { readyReplicas: 1 }, { env, args }));
    expect((await check(set([]), items())).found).to.include('watches only the namespace team');
    expect((await check(set(['--managed-namespace', 'mine']), items())).found).to.include('namespace mine');
    expect(await check(set(['--namespaced=false']), items())).to.include({ state: 'ok' });
  });

  it('is there, recognised or not, where it has picked up a workflow of the namespace', async () => {
    const other = deployment(IMAGE, { readyReplicas: 1 }, { args: ['--namespaced'] });
    expect(await check(items(other), items(workflow('a', 5, TAKEN_UP)))).to.include({ state: 'ok' });
    expect(await check(items(other), items(workflow('a', 5)))).to.include({ state: 'problem' });
  });

  it('picks up those of the namespace that it manages, whatever others do', async () => {
    const mine = deployment(
      IMAGE,
      { readyReplicas: 1 },
      { args: ['--namespaced', '--managed-namespace', 'kfops'] },
    );
    const other = deployment(IMAGE, { readyReplicas: 1 }, { args: ['--namespaced'] });
    expect(await check(items(other, mine), items())).to.deep.include({
      state: 'ok',
      found: 'the Deployment workflow-controller in argo is ready, for the namespace kfops only',
    });
    const off = deployment(IMAGE, { readyReplicas: 1 }, { args: ['--namespaced=false'] });
    expect(await check(items(other, off), items())).to.include({ state: 'ok' });
  });

  for (const [value, state] of [
    [undefined, 'unknown'],
    ['10s', 'unknown'],
    ['6s', 'unknown'],
    ['2s', 'ok'],
    ['500ms', 'ok'],
    ['1m', 'unknown'],
    ['1m30s', 'unknown'],
    ['soon', 'ok'],
  ] as const)
    it(`looks at a workflow again after ${value ?? 'the default time'}: ${state}`, async () => {
      const env = value === undefined ? [] : [{ name: 'DEFAULT_REQUEUE_TIME', value }];
      const api = await fakeApi((_, response) => {
        json(response, 200, { items: [deployment(IMAGE, {}, { env })] });
      });
      try {
        const [controller] = (await findControllers(api.client)) ?? [];
        const found = checkRequeueTime(controller!);
        expect(found).to.include({ state });
        expect(found.found).to.include(value ?? '10s');
        if (state !== 'ok')
          expect(found.nextStep).to.include('-n argo deployment/workflow-controller DEFAULT_REQUEUE_TIME=1s');
      } finally {
        await api.close();
      }
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
      const found = await check(deployments, workflows);
      expect(found).to.include({ state: 'unknown' });
      const why = deployments === FORBIDDEN ? 'no permission to see' : 'no Deployment has the image';
      expect(found.found).to.include(why);
    }
  });
});

import { readFileSync } from 'node:fs';

import { expect } from 'chai';

import { parseAnswer } from '../../../argo/client/answer.js';
import type { ClusterClient } from '../../../argo/client/client.js';
import { findControllers } from '../../../argo/discover/argo-controller.js';
import { checkController } from '../../../argo/doctor/controller.js';
import { checkArgo } from '../../../argo/doctor/doctor.js';
import { checkArgoVersion } from '../../../argo/doctor/version.js';
import { readStoreKeys } from '../../../argo/network/reach-store.js';
import { findServicePod } from '../../../argo/network/service-pod.js';
import { retryWorkflow } from '../../../argo/retry/retry.js';
import type { ObservedWorkflow } from '../../../argo/status/observed.js';
import { workflowResult } from '../../../argo/status/status.js';
import { watchWorkflow } from '../../../argo/watch/watch.js';
import { workflowsOf } from '../../../argo/workflows/find-workflows.js';
import { listWorkflows } from '../../../argo/workflows/read.js';
import { podsEnded } from '../../../argo/workflows/stop.js';
import { KFOPS_SELECTOR } from '../../../generator/workflow/names.js';
import { fakeApi, json } from './fake-api.js';

const SERVICE = { service: 'minio', namespace: 'kubeflow', port: 9000, certain: true };
const SECRET = { name: 'keys', access_key: 'a', secret_key: 's' };

/** What each of them makes of a cluster that has nothing. */
const READERS: Readonly<Record<string, (client: ClusterClient) => Promise<unknown>>> = {
  'whether Argo is there': async (client) => (await checkArgo(client)).state,
  'Argo’s controller': async (client) =>
    (await checkController(client, 'ns', await findControllers(client))).state,
  'Argo’s version': async (client) => (await checkArgoVersion(client, 'ns', [])).state,
  'a list of workflows': (client) => listWorkflows(client, 'ns', KFOPS_SELECTOR),
  'the workflows of a pull request': (client) =>
    workflowsOf(client, 'ns', { repository: { id: 1 }, number: 2 }),
  'the pods of a workflow': (client) => podsEnded(client, 'ns', 'w'),
  'a workflow that is watched': async (client) => (await watchWorkflow(client, 'ns', 'w').next()).value,
  'the pods of a Service': (client) => findServicePod(client, SERVICE).catch(problemOf),
  'the keys of a store': (client) => readStoreKeys(client, ['ns'], SECRET).catch(problemOf),
};

const FOUND: Readonly<Record<string, unknown>> = {
  'whether Argo is there': 'problem',
  'Argo’s controller': 'unknown',
  'Argo’s version': 'unknown',
  'a list of workflows': [],
  'the workflows of a pull request': [],
  'the pods of a workflow': undefined,
  'a workflow that is watched': { kind: 'gone', last: undefined },
  'the pods of a Service': 'the Service minio in kubeflow has no port 9000',
  'the keys of a store': 'the Secret keys in ns does not hold a and s',
};

const EMPTY = ['items', 'resources', 'spec', 'status', 'data'];

function problemOf(error: unknown): unknown {
  return (error as { problem?: unknown }).problem ?? error;
}

describe('argo: what is null in an answer', () => {
  for (const [kind, fields] of [
    ['null', Object.fromEntries(EMPTY.map((field) => [field, null]))],
    ['absent', {}],
  ] as const)
    for (const [what, read] of Object.entries(READERS))
      it(`is nothing where it is ${kind}: ${what}`, async () => {
        const api = await fakeApi((_, response) => {
          json(response, 200, { metadata: { resourceVersion: '1' }, ...fields });
        });
        try {
          expect(await read(api.client)).to.deep.equal(FOUND[what]);
        } finally {
          await api.close();
        }
      });

  it('is nothing in any field of a workflow', () => {
    const text = readFileSync(new URL('../../fixtures/argo/evicted.json', import.meta.url), 'utf8');
    const { workflow } = JSON.parse(text) as { workflow: ObservedWorkflow };
    const changes = fieldsOf(workflow).flatMap((path) => [null, undefined].map((value) => ({ path, value })));
    expect(changes.length).to.be.greaterThan(100);
    for (const { path, value } of changes) {
      const changed = parseAnswer(JSON.stringify(withField(workflow, path, value))) as ObservedWorkflow;
      const where = `${path.join('.')} = ${String(value)}`;
      expect(() => workflowResult(changed), where).to.not.throw();
      // Argo takes no DAG without tasks.
      if (path.at(-1) !== 'tasks')
        expect(() => retryWorkflow(changed, workflowResult(changed)), where).to.not.throw();
    }
  });

  it('keeps the places of a list', () => {
    expect(parseAnswer('{"a":null,"b":[null,{"c":null,"d":0}],"e":""}')).to.deep.equal({
      b: [null, { d: 0 }],
      e: '',
    });
  });
});

type Path = readonly (string | number)[];

/** Every field that may be empty: names and ids are never. */
function fieldsOf(value: unknown, path: Path = []): readonly Path[] {
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, field]): readonly Path[] => {
    const at = [...path, Array.isArray(value) ? Number(key) : key];
    const needed =
      Array.isArray(value) || /^(name|id|displayName|type|metadata|spec|template|valueFrom)$/.test(key);
    return [...(needed ? [] : [at]), ...fieldsOf(field, at)];
  });
}

function withField(value: unknown, [key, ...rest]: Path, field: unknown): unknown {
  const copy = (Array.isArray(value) ? [...(value as unknown[])] : { ...(value as object) }) as Record<
    string | number,
    unknown
  >;
  if (key !== undefined) copy[key] = rest.length === 0 ? field : withField(copy[key], rest, field);
  return copy;
}

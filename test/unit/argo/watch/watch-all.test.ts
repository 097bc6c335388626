import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

import { expect } from 'chai';

import { watchWorkflows, type WorkflowChange } from '../../../../argo/watch/watch-all.js';
import type { ApiObject, Collection } from '../../../fixtures/kubernetes-store.js';
import { startKubernetes, type ApiRequest, type KubernetesStandIn } from '../../../fixtures/kubernetes.js';

const PATIENCE = { totalMs: 10_000, firstMs: 1, longestMs: 2 };
const SELECTOR = 'app.kubernetes.io/managed-by=kfops,!kfops.dev/reported';
const IS_LIST = ({ path, query }: ApiRequest): boolean => path.endsWith('/workflows') && !query.has('watch');
const IS_WATCH = ({ query }: ApiRequest): boolean => query.has('watch');
const IS_READ = ({ path }: ApiRequest): boolean => /workflows\/./.test(path);

let api: KubernetesStandIn;
let workflows: Collection;
let stop: AbortController;
/** `name phase`, or `name gone`, as they were told. */
let told: string[];
let changes: WorkflowChange[];
let watching: Promise<unknown>;
let waiting: (() => void)[];

beforeEach(async () => {
  api = await startKubernetes(2_000);
  workflows = api.collection('workflows', 'ns');
  [stop, told, changes, waiting] = [new AbortController(), [], [], []];
});
afterEach(async () => {
  stop.abort();
  await watching;
  await api.close();
});

function start(): void {
  watching = (async () => {
    const options = { signal: stop.signal, patience: PATIENCE };
    for await (const change of watchWorkflows(api.client, 'ns', SELECTOR, options)) {
      changes.push(change);
      told.push(
        change.kind === 'gone'
          ? `${change.last.name} gone${change.last.finished ? ' after its end' : ''}`
          : `${change.workflow.metadata.name} ${change.workflow.status?.phase ?? 'Pending'}`,
      );
      for (const wake of waiting.splice(0)) wake();
    }
  })().catch((error: unknown) => error);
}

/** Ends once so much was told. */
async function tells(...expected: string[]): Promise<void> {
  while (told.length < expected.length) await new Promise<void>((resolve) => waiting.push(resolve));
  expect(told).to.deep.equal(expected);
}

/** Ends once the stand-in has a watch open. */
async function watched(): Promise<void> {
  while (api.watches === 0) await new Promise(setImmediate);
}

function workflow(name: string, phase?: string, labels = {}): ApiObject {
  return {
    metadata: { name, labels: { 'app.kubernetes.io/managed-by': 'kfops', ...labels } },
    spec: {},
    ...(phase && { status: { phase } }),
  };
}

function becomes(name: string, phase: string): void {
  workflows.replace({ ...workflows.objects.get(name)!, status: { phase } });
}

describe('argo/watch-all', () => {
  it('tells all that are there, then each change, of those that the labels choose', async () => {
    workflows.create(workflow('a', 'Running'));
    workflows.create(workflow('b'));
    workflows.create({ metadata: { name: 'of-others' }, spec: {} });
    start();
    await watched();
    becomes('b', 'Running');
    workflows.create(workflow('c'));
    becomes('a', 'Succeeded');
    workflows.delete('b');
    await tells('a Running', 'b Pending', 'b Running', 'c Pending', 'a Succeeded', 'b gone');
  });

  for (const how of ['end', 'mid-line', 'expired'] as const) {
    it(`fault 13: the watch is cut (${how}): nothing is missed, and an end is told once`, async () => {
      workflows.create(workflow('a', 'Running'));
      workflows.create(workflow('b', 'Running'));
      start();
      await watched();
      becomes('a', 'Succeeded');
      await tells('a Running', 'b Running', 'a Succeeded');
      api.cutWatches(how);
      becomes('b', 'Failed');
      await tells('a Running', 'b Running', 'a Succeeded', 'b Failed');
      await watched();
      // Argo and kfops go on to write on what is finished.
      workflows.replace({
        ...workflows.objects.get('a')!,
        metadata: { ...workflows.objects.get('a')!.metadata, annotations: { x: 'y' } },
      });
      api.cutWatches(how);
      workflows.create(workflow('c'));
      await tells('a Running', 'b Running', 'a Succeeded', 'b Failed', 'c Pending');
      const lists = api.requests.filter(IS_LIST);
      expect(lists, 'a watch that ended well goes on without a list').to.have.length(how === 'end' ? 1 : 3);
    });
  }

  it('fault 13: 410 for the version from which the watch would go on', async () => {
    workflows.create(workflow('a', 'Running'));
    start();
    await watched();
    api.compact();
    api.cutWatches('end');
    becomes('a', 'Failed');
    await tells('a Running', 'a Failed');
    expect(api.requests.filter(IS_LIST)).to.have.length(2);
  });

  it('fault 13: an API server that restarts, and then knows no roles for a moment', async () => {
    workflows.create(workflow('a', 'Running'));
    workflows.create(workflow('b', 'Running'));
    start();
    await watched();
    api.down();
    becomes('a', 'Succeeded');
    workflows.delete('b');
    api.fault({ times: 3, answer: { status: 403, reason: 'Forbidden' } });
    api.fault({ times: 2, answer: { status: 503 } });
    api.up();
    await tells('a Running', 'b Running', 'b gone', 'a Succeeded');
  });

  it('fault 9: 429 with Retry-After, to a list and to a watch: asked again after that', async () => {
    workflows.create(workflow('a', 'Running'));
    api.fault({ when: IS_LIST, answer: { status: 429, retryAfter: 0.05 } });
    api.fault({ when: IS_WATCH, answer: { status: 429, retryAfter: 0.05 } });
    start();
    await watched();
    becomes('a', 'Failed');
    await tells('a Running', 'a Failed');
  });

  it('fault 14: one that is deleted between two lists is gone, and its end is not known', async () => {
    workflows.create(workflow('a', 'Running', { 'kfops.dev/pull-request': '7', other: 'x' }));
    start();
    await watched();
    api.down();
    workflows.delete('a');
    api.up();
    await tells('a Running', 'a gone');
    expect(changes[1]).to.deep.include({ kind: 'gone' });
    expect(changes[1]).to.have.nested.property('last.finished', false);
    expect(changes[1]).to.have.deep.nested.property('last.labels', { 'kfops.dev/pull-request': '7' });
  });

  it('fault 14: one that is deleted between the list and the look at it', async () => {
    workflows.create(workflow('a', 'Running'));
    api.fault({ when: IS_READ, answer: { status: 404, reason: 'NotFound' } });
    start();
    await tells('a gone');
  });

  it('fault 14: another one of the same name is another one', async () => {
    workflows.create(workflow('a', 'Running'));
    start();
    await watched();
    api.down();
    workflows.delete('a');
    workflows.create(workflow('a', 'Succeeded'));
    api.up();
    await tells('a Running', 'a gone', 'a Succeeded');
  });

  it('one whose end was told and that is cleaned up, or labelled away, is gone after its end', async () => {
    workflows.create(workflow('a', 'Succeeded'));
    workflows.create(workflow('b', 'Succeeded'));
    start();
    await watched();
    workflows.delete('a');
    const b = workflows.objects.get('b')!;
    workflows.replace({
      ...b,
      metadata: { ...b.metadata, labels: { ...b.metadata.labels, 'kfops.dev/reported': 'x' } },
    });
    await tells('a Succeeded', 'b Succeeded', 'a gone after its end', 'b gone after its end');
  });

  it('a watch that tells what happened before the look does not turn time back', async () => {
    workflows.create(workflow('a', 'Running'));
    workflows.create(workflow('b', 'Pending'));
    start();
    // Between the list and the look at a.
    const unsubscribe = api.onRequest((request) => {
      if (!IS_READ(request)) return;
      unsubscribe();
      becomes('b', 'Running');
      becomes('b', 'Succeeded');
    });
    await watched();
    workflows.create(workflow('c'));
    await tells('a Running', 'b Succeeded', 'c Pending');
  });

  it('one that is done again (`argo retry`) is told again', async () => {
    workflows.create(workflow('a', 'Failed'));
    start();
    await watched();
    becomes('a', 'Running');
    becomes('a', 'Succeeded');
    await tells('a Failed', 'a Running', 'a Succeeded');
  });

  it('lists in pages and by metadata, and fetches only what is new', async () => {
    for (let n = 0; n < 1200; n++) workflows.create(workflow(`w${n}`, 'Running'));
    start();
    while (told.length < 1200) await new Promise<void>((resolve) => waiting.push(resolve));
    expect(api.requests.filter(IS_LIST)).to.have.length(3);
    await watched();
    api.cutWatches('expired');
    becomes('w5', 'Succeeded');
    while (told.length < 1201) await new Promise<void>((resolve) => waiting.push(resolve));
    expect(api.requests.filter(IS_READ)).to.have.length(1201);
  });

  it('gives up where it is refused for good', async () => {
    api.fault({ times: 1_000_000, answer: { status: 422, reason: 'Invalid' } });
    start();
    expect(await watching).to.include({ status: 422 });
  });
});

describe('argo/watch-all: memory', () => {
  it('400 workflows with 200 images each are not kept', async function () {
    this.timeout(120_000);
    setFlagsFromString('--expose-gc');
    const collectGarbage = runInNewContext('gc') as () => void;
    start();
    await watched();
    const nodes = JSON.stringify(
      Array.from({ length: 200 }, (_, n) => ({ id: `n${n}`, text: 'x'.repeat(500) })),
    );
    collectGarbage();
    const before = process.memoryUsage().heapUsed;
    for (let n = 0; n < 400; n++) {
      const made = workflows.create({
        ...workflow(`w${n}`, 'Running'),
        spec: { templates: JSON.parse(nodes) as unknown },
      });
      while (told.length <= n) await new Promise<void>((resolve) => waiting.push(resolve));
      // Neither the test nor the stand-in keeps them.
      changes.length = 0;
      workflows.changes.length = 0;
      workflows.objects.set(made.metadata.name, workflow(made.metadata.name, 'Running'));
    }
    collectGarbage();
    expect(process.memoryUsage().heapUsed - before).to.be.below(10 * 1024 * 1024);
  });
});

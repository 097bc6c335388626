import { setTimeout } from 'node:timers/promises';

import { expect } from 'chai';

import { apiPath } from '../../argo/client/client.js';
import { workflowRunner } from '../../argo/workflows/runner.js';
import type { WorkflowResult } from '../../generator/results/result.js';
import { run } from '../../generator/run.js';
import type { Template, Workflow } from '../../generator/workflow/types.js';
import {
  admin,
  build,
  client,
  finish,
  store,
  submit,
  testSettings,
  uniqueName,
  until,
  type Finished,
} from './support/build.js';
import { environment, NAMESPACE, need } from './support/environment.js';
import { BUSYBOX, project, removeFolders } from './support/project.js';
import { proxyTo, serve, type TestServer } from './support/proxy.js';
import { record } from './support/record.js';
import { digestOf } from './support/registry.js';

let server: TestServer | undefined;

after(removeFolders);
afterEach(async () => {
  await server?.close();
  server = undefined;
});

interface Pod {
  readonly metadata: { readonly uid: string };
}

const podPath = (pod: string): string => apiPath('api', 'v1', 'namespaces', NAMESPACE, 'pods', pod);
const podOf = (pod: string): Promise<Pod> =>
  client.call<Pod>({ what: 'reading the pod', path: podPath(pod) });

/** The pod of a workflow's only build, once it works. */
async function runningPod(workflow: string): Promise<{ path: string; uid: string }> {
  const { result } = await until(workflow, ({ images }) => images[0]?.state === 'running');
  const pod = result.images[0]!.pod!;
  return { path: podPath(pod), uid: (await podOf(pod)).metadata.uid };
}

/** Evicts the pod of a workflow's only build, once it works, until Argo has seen it. */
async function evicted(workflow: string, isSeen: (result: WorkflowResult) => boolean): Promise<void> {
  const first = await runningPod(workflow);
  const ended = new AbortController();
  const seen = until(workflow, isSeen).finally(() => {
    ended.abort();
  });
  // What the kubelet writes; to make a node run out of memory would take the tests with it. The kubelet, which knows
  // better, writes the pod's true state again: once more, until Argo has seen it.
  while (!ended.signal.aborted) {
    await admin.call({
      what: 'evicting the pod',
      method: 'PATCH',
      path: `${first.path}/status`,
      contentType: 'application/merge-patch+json',
      body: {
        status: {
          phase: 'Failed',
          reason: 'Evicted',
          message: 'The node was low on resource: memory. Threshold quantity: 100Mi, available: 80Mi. ',
        },
      },
    });
    await Promise.race([seen, setTimeout(100)]);
  }
  await seen;
}

/** A workflow whose builds are tried again only so long after their first attempt began. */
function withWindow(workflow: Workflow, maxDuration: string | undefined): Workflow {
  if (maxDuration === undefined) return workflow;
  const templates = workflow.spec.templates.map((template): Template => {
    if ('dag' in template) return template;
    const { retryStrategy } = template;
    const backoff = { ...retryStrategy.backoff, maxDuration };
    return { ...template, retryStrategy: { ...retryStrategy, backoff } };
  });
  return { ...workflow, spec: { ...workflow.spec, templates } };
}

const runner = workflowRunner(client);

describe('fault 23: what is nobody’s fault is tried again', () => {
  it('a build whose pod is deleted in the middle', async function () {
    need(this, environment.adminKubeconfig, 'admin (KFOPS_TEST_ADMIN_KUBECONFIG)');
    const source = await project(
      { path: uniqueName('deleted'), images: [{ name: 'deleted', cache: false }] },
      { 'deleted/Dockerfile': `FROM ${BUSYBOX}\nRUN sleep 8\n` },
    );
    const { submitted } = await submit(source, { tag: 'v1' });
    const first = await runningPod(submitted.name);
    await admin.call({
      what: 'deleting the pod',
      method: 'DELETE',
      path: first.path,
      query: { gracePeriodSeconds: 0 },
    });

    const finished = await finish(submitted.name);
    await record('pod-deleted', finished);
    expect(finished.result.phase, JSON.stringify(finished.result)).to.equal('succeeded');
    const { pod, repository, digest } = finished.result.images[0]!;
    // Argo makes a young pod anew under its name, and an older one as the next attempt.
    expect((await podOf(pod!)).metadata.uid).to.not.equal(first.uid);
    expect(digest).to.equal(await digestOf(repository, 'v1'));
  });

  it('a build that is evicted because its node runs out of memory, however long it had worked', async function () {
    need(this, environment.adminKubeconfig, 'admin (KFOPS_TEST_ADMIN_KUBECONFIG)');
    const source = await project(
      { path: uniqueName('evicted'), images: [{ name: 'evicted', cache: false }] },
      { 'evicted/Dockerfile': `FROM ${BUSYBOX}\nRUN sleep 8\n` },
    );
    const ended = async (maxDuration?: string): Promise<Finished> => {
      const { submitted } = await run(
        { settings: testSettings(), name: uniqueName('test') },
        {
          source,
          openStore: (_, plan) => Promise.resolve(store(plan.objectStore.bucket)),
          runner: { submit: (workflow) => runner.submit(withWindow(workflow, maxDuration)) },
        },
      );
      await evicted(
        submitted.name,
        ({ images: [image] }) => image?.attempts === 2 || image?.state === 'failed',
      );
      return finish(submitted.name);
    };
    // By then the first attempt has begun more than a second ago: within that window none is made again.
    const [windowed, finished] = await Promise.all([ended('1s'), ended()]);
    await record('evicted', finished);
    expect(windowed.result.images[0]).to.include({ state: 'failed', attempts: 1 });
    expect(finished.result.phase, JSON.stringify(finished.result)).to.equal('succeeded');
    expect(finished.result.images[0]!.attempts).to.equal(2);
  });

  it('but not a build that fills more disk than it may', async () => {
    const limits = { 'ephemeral-storage': '50Mi' };
    const source = await project(
      { path: uniqueName('disk'), images: [{ name: 'disk', cache: false, resources: { limits } }] },
      { 'disk/Dockerfile': `FROM ${BUSYBOX}\nRUN head -c 60000000 /dev/zero >/big; sleep 120\n` },
    );
    const { result } = await build(source, {}, 'out-of-disk');

    expect(result.images[0]).to.include({ state: 'failed', attempts: 1 });
    expect(result.images[0]!.failure).to.include({ kind: 'out_of_disk' });
  });

  it('a push that the registry answers with 503 twice', async function () {
    const host = environment.nodeAddress;
    need(this, host, 'address of this machine for pods (KFOPS_TEST_NODE_ADDRESS)');
    let refused = 0;
    server = await serve(
      host,
      proxyTo(environment.registry, (request, response) => {
        const push = request.method === 'PUT' && (request.url ?? '').includes('/manifests/');
        if (!push || refused === 2) return false;
        refused += 1;
        response.writeHead(503).end();
        return true;
      }),
    );
    const source = await project(
      { path: uniqueName('busy'), registry: server.address, images: [{ name: 'busy', cache: false }] },
      { 'busy/Dockerfile': `FROM ${BUSYBOX}\nRUN echo busy\n`, '.empty': '' },
    );
    const { result } = await build(source);

    expect(refused).to.equal(2);
    expect(result.phase, JSON.stringify(result)).to.equal('succeeded');
    expect(result.images[0]!.attempts, 'Kaniko itself tried again').to.equal(1);
  });

  it('says so when the registry refuses a push for good', async function () {
    const host = environment.nodeAddress;
    need(this, host, 'address of this machine for pods (KFOPS_TEST_NODE_ADDRESS)');
    const answers: Readonly<Record<string, number>> = { unauthorised: 401, forbidden: 403, broken: 503 };
    server = await serve(
      host,
      proxyTo(environment.registry, (request, response) => {
        const status = answers[/^\/v2\/[^/]+\/(\w+)\/blobs\/uploads/.exec(request.url ?? '')?.[1] ?? ''];
        if (status === undefined) return false;
        const code = { 401: 'UNAUTHORIZED', 403: 'DENIED' }[status];
        // A registry that is broken says nothing that a client could read.
        response.writeHead(status, { 'content-type': code ? 'application/json' : 'text/html' });
        response.end(code ? JSON.stringify({ errors: [{ code, message: 'said by the test' }] }) : 'broken');
        return true;
      }),
    );
    const names = Object.keys(answers);
    const source = await project(
      {
        path: uniqueName('refused'),
        registry: server.address,
        images: names.map((name) => ({ name, cache: false })),
      },
      Object.fromEntries(names.map((name) => [`${name}/Dockerfile`, `FROM ${BUSYBOX}\nRUN echo ${name}\n`])),
    );
    const { result } = await build(source, {}, 'push-refused');

    for (const image of result.images) {
      expect(image.failure, JSON.stringify(image)).to.include({ kind: 'push_refused' });
      expect(image.failure!.reason).to.contain(String(answers[image.name]));
    }
  });
});

import { once } from 'node:events';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { connect } from 'node:tls';

import { expect } from 'chai';
import { parse, parseAllDocuments, stringify } from 'yaml';

import { apiPath, workflowPath } from '../../argo/client/client.js';
import { KubernetesError } from '../../argo/client/errors.js';
import { checkRetryRights } from '../../argo/doctor/argo-server.js';
import { readWorkflow } from '../../argo/workflows/read.js';
import type { WorkflowResult } from '../../generator/results/result.js';
import { LABELS } from '../../generator/workflow/names.js';
import { kfops, type Result } from '../cli/kfops.js';
import { type RunningArgoServer, startArgoServer } from './support/argo-server.js';
import { admin, client, finish, settingsFile, uniqueName, until } from './support/build.js';
import { environment, NAMESPACE, need } from './support/environment.js';
import { BUSYBOX, folder, projectFiles, removeFolders } from './support/project.js';
import { proxyTo, serve, type TestServer } from './support/proxy.js';
import { digestOf } from './support/registry.js';

const ROLE = new URL('../../deploy/argo-server/retry.yaml', import.meta.url);

interface Rbac {
  readonly kind: 'Role' | 'RoleBinding';
  readonly metadata: { readonly name: string; readonly namespace: string };
}

let server: RunningArgoServer | undefined;
let registry: TestServer | undefined;
/** Images whose push the registry refuses. */
const refused = new Set<string>();
/** Of each image, how often its manifest was pushed. */
const pushed = new Map<string, number>();

/** Gives the developer what deploy/ has for this, or takes it away. */
async function giveRights(give: boolean): Promise<void> {
  const documents = parseAllDocuments(await readFile(ROLE, 'utf8')).map((each) => each.toJS() as Rbac);
  for (const document of documents) {
    const { kind, metadata } = document;
    const path = apiPath(
      ...['apis', 'rbac.authorization.k8s.io', 'v1', 'namespaces', metadata.namespace],
      kind === 'Role' ? 'roles' : 'rolebindings',
    );
    const what = `the ${kind} ${metadata.name}`;
    await admin
      .call(
        give
          ? { what, method: 'POST', path, body: document }
          : { what, method: 'DELETE', path: `${path}/${metadata.name}` },
      )
      .catch((error: unknown) => {
        if (!(error instanceof KubernetesError) || error.status !== (give ? 409 : 404)) throw error;
      });
  }
  // The API server's own copy of the rules follows a moment later.
  while ((await checkRetryRights(client, NAMESPACE)).length > 0 === give) await wait(50);
}

function cli(args: readonly string[], cwd: string): Promise<Result> {
  return kfops(args, { cwd, env: { KUBECONFIG: environment.kubeconfig, KFOPS_SETTINGS: 'settings.yaml' } });
}

async function repository(images: Readonly<Record<string, string>>): Promise<string> {
  const run = uniqueName('run');
  const cwd = await folder({
    ...projectFiles({
      path: uniqueName('argo-server'),
      registry: registry!.address,
      images: Object.keys(images).map((name) => ({ name, cache: false })),
    }),
    ...Object.fromEntries(
      Object.entries(images).map(([name, command]) => [
        `${name}/Dockerfile`,
        `FROM ${BUSYBOX}\nLABEL run=${run}\nRUN ${command}\n`,
      ]),
    ),
  });
  await useServer(cwd, { endpoint: `https://${server!.address}`, verify: false });
  return cwd;
}

/** The settings of a repository with this `argo.server`. */
async function useServer(cwd: string, settings: object): Promise<void> {
  const { argo, ...others } = parse(settingsFile()) as { argo: object };
  const text = stringify({ ...others, argo: { ...argo, server: settings } });
  await writeFile(join(cwd, 'settings.yaml'), text);
}

async function statusOf(name: string, cwd: string): Promise<WorkflowResult> {
  const { code, stdout, stderr } = await cli(['status', name, '--json'], cwd);
  expect(code, stderr).to.equal(0);
  return JSON.parse(stdout) as WorkflowResult;
}

describe('kfops retry by Argo’s server', () => {
  before(async function () {
    const { argoCli, adminKubeconfig, nodeAddress } = environment;
    need(this, argoCli, 'argo CLI (KFOPS_TEST_ARGO_CLI)');
    need(this, adminKubeconfig, 'admin (KFOPS_TEST_ADMIN_KUBECONFIG)');
    need(this, nodeAddress, 'address of this machine for pods (KFOPS_TEST_NODE_ADDRESS)');
    server = await startArgoServer(argoCli, adminKubeconfig);
    registry = await serve(
      nodeAddress,
      proxyTo(environment.registry, (request, response) => {
        const [, image = '', part] =
          /^\/v2\/[^/]+\/([\w-]+)\/(blobs\/uploads|manifests)\//.exec(request.url ?? '') ?? [];
        if (part === 'manifests' && request.method === 'PUT') pushed.set(image, (pushed.get(image) ?? 0) + 1);
        if (part !== 'blobs/uploads' || !refused.has(image)) return false;
        response.writeHead(403, { 'content-type': 'application/json' });
        response.end(JSON.stringify({ errors: [{ code: 'DENIED', message: 'said by the test' }] }));
        return true;
      }),
    );
  });

  after(async () => {
    await giveRights(false);
    await registry?.close();
    await server?.close();
    await removeFolders();
  });

  it('goes on within the same workflow: only what failed is built again', async () => {
    refused.add('late');
    const cwd = await repository({ good: 'echo built well', late: 'echo built late' });
    const built = await cli(['build', '--wait', '--tag', 'v1'], cwd);
    expect(built.code, built.stderr).to.equal(1);
    const name = built.stdout.trim();
    const before = await readWorkflow(client, NAMESPACE, name);
    const failed = await statusOf(name, cwd);
    expect(failed.images.map(({ state }) => state)).to.deep.equal(['succeeded', 'failed']);
    expect(failed.images[1]!.failure).to.include({ kind: 'push_refused' });
    // As the chatops server marks a workflow whose end it has told.
    await client.call({
      what: 'marking it as told',
      method: 'PATCH',
      path: workflowPath(NAMESPACE, name),
      contentType: 'application/merge-patch+json',
      body: { metadata: { labels: { [LABELS.reported]: 'failed' } } },
    });

    await useServer(cwd, { endpoint: `https://${server!.address}` });
    const untrusted = await cli(['retry', name], cwd);
    expect(untrusted.code, untrusted.stderr).to.equal(3);
    expect(untrusted.stderr)
      .to.include('its certificate is not trusted')
      .and.to.include('argo.server.ca_file');

    await useServer(cwd, { endpoint: `https://${server!.address}`, verify: false });
    const doctor = await cli(['doctor'], cwd);
    expect(doctor.code, doctor.stdout).to.equal(0);
    expect(doctor.stdout).to.include(`at https://${server!.address}`);
    expect(doctor.stdout).to.include('? Right to delete pods in kfops');
    const forbidden = await cli(['retry', name], cwd);
    expect(forbidden.code, forbidden.stderr).to.equal(3);
    expect(forbidden.stderr).to.include('(403: pods ').and.to.include('deploy/argo-server/retry.yaml');
    expect(forbidden.stderr).to.include(`kfops retry --new -n ${NAMESPACE} ${name}`);
    expect((await statusOf(name, cwd)).phase).to.equal('failed');

    await giveRights(true);
    refused.delete('late');
    const again = await cli(['retry', name, '--wait'], cwd);
    expect(again.code, again.stderr).to.equal(0);
    expect(again.stdout.trim()).to.equal(name);
    expect(again.stderr).to.include('Builds again: late').and.to.include('Takes over:   good');
    expect(again.stderr).to.include(`${name} continues in ${NAMESPACE}, through Argo’s server at https://`);
    expect(again.stderr).to.include(`https://argo.example/workflows/${NAMESPACE}/${name}`);

    const { metadata } = await readWorkflow(client, NAMESPACE, name);
    expect(metadata.uid).to.equal(before.metadata.uid);
    expect(metadata.labels).not.to.have.property(LABELS.reported);
    const after = await statusOf(name, cwd);
    expect(after.phase).to.equal('succeeded');
    const [good, late] = after.images;
    expect(good).to.deep.equal(failed.images[0]);
    expect(late).to.include({ state: 'succeeded', attempts: 1 });
    expect(late!.digest).to.equal(await digestOf(late!.repository, 'v1'));
    expect(Object.fromEntries(pushed)).to.deep.equal({ good: 1, late: 1 });
  });

  it('begins anew after a cancel, which Argo’s retry cannot mend, and takes over what is built', async () => {
    await giveRights(true);
    const cwd = await repository({ quick: 'true', slow: 'sleep 10' });
    const name = (await cli(['build'], cwd)).stdout.trim();
    await until(name, ({ images }) => images[0]?.state === 'succeeded' && images[1]?.state === 'running');
    expect((await cli(['cancel', name], cwd)).code).to.equal(0);
    const stopped = await statusOf(name, cwd);
    expect(stopped.phase).to.equal('stopped');

    const again = await cli(['retry', name], cwd);
    expect(again.code, again.stderr).to.equal(0);
    expect(again.stderr).to.include('Builds again: slow').and.to.include('As a new workflow: it was stopped');
    const { result } = await finish(again.stdout.trim());
    expect(result.phase, JSON.stringify(result)).to.equal('succeeded');
    expect(result.images.map(({ attempts }) => attempts)).to.deep.equal([0, 1]);
    expect(result.images[0]!.digest).to.equal(stopped.images[0]!.digest);
  });

  it('takes the server’s certificate from a file', async () => {
    const cwd = await repository({ none: 'true' });
    const [host = '', port = ''] = server!.address.split(':');
    const socket = connect({ host, port: Number(port), rejectUnauthorized: false });
    await once(socket, 'secureConnect');
    const certificate = socket.getPeerX509Certificate();
    socket.destroy();
    await writeFile(join(cwd, 'ca.pem'), certificate?.toString() ?? '');
    await useServer(cwd, { endpoint: `https://localhost:${port}`, ca_file: 'ca.pem' });
    const { stdout } = await cli(['doctor'], cwd);
    expect(stdout).to.match(new RegExp(`✓ Argo’s server .* at https://localhost:${port}`));
  });

  it('begins anew with --new', async () => {
    refused.add('never');
    const cwd = await repository({ never: 'true' });
    const name = (await cli(['build', '--wait'], cwd)).stdout.trim();
    const anew = await cli(['retry', '--new', name], cwd);
    expect(anew.code, anew.stderr).to.equal(0);
    expect(anew.stdout.trim()).not.to.equal(name);
    expect(anew.stderr).to.include('Submitted');
    await finish(anew.stdout.trim());
  });
});

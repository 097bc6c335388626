import { readFileSync } from 'node:fs';

import { expect } from 'chai';

import type { ObservedWorkflow } from '../../argo/status/observed.js';
import { fakeApi, json, type FakeApi } from '../unit/argo/fake-api.js';
import { kfops, type Result } from './kfops.js';
import { temporaryFolder, write } from './project.js';

const WORKFLOWS = '/apis/argoproj.io/v1alpha1/namespaces/kfops/workflows';
const NAME = 'kfops-iris-x7k2p';

/** A build that failed this many hours ago. */
function failed(hours: number): ObservedWorkflow {
  const file = new URL('../fixtures/argo/one-of-five-broken.json', import.meta.url);
  const { workflow } = JSON.parse(readFileSync(file, 'utf8')) as { workflow: ObservedWorkflow };
  const finishedAt = new Date(Date.now() - hours * 3_600_000).toISOString();
  return {
    ...workflow,
    metadata: { ...workflow.metadata, name: NAME, namespace: 'kfops' },
    status: { ...workflow.status, finishedAt },
  };
}

describe('kfops retry with argo.server', () => {
  const cwd = temporaryFolder();
  let api: FakeApi;
  let workflow: ObservedWorkflow;
  let status: number;
  let mark: number;

  /** The API server and Argo's server, at one address. */
  before(async () => {
    api = await fakeApi((request, response) => {
      const { pathname } = new URL(request.url ?? '', 'http://api');
      if (pathname === `/api/v1/workflows/kfops/${NAME}/retry`)
        json(response, status, status === 200 ? workflow : { code: 7, message: 'said by the test' });
      else if (pathname === '/api/v1/version') json(response, 200, { version: 'v3.7.18' });
      else if (pathname === '/version') json(response, 200, { gitVersion: 'v1.34.4' });
      else if (pathname === `${WORKFLOWS}/${NAME}`) json(response, 200, workflow);
      else if (pathname === WORKFLOWS && request.method === 'POST') json(response, 201, {});
      else if (pathname.endsWith('/selfsubjectaccessreviews'))
        json(response, 201, { status: { allowed: false } });
      else json(response, 404, { message: 'not found' });
    });
    const { address } = api.client;
    write(cwd, {
      kubeconfig: JSON.stringify({
        apiVersion: 'v1',
        kind: 'Config',
        clusters: [{ name: 'c', cluster: { server: address, 'insecure-skip-tls-verify': true } }],
        users: [{ name: 'u', user: { token: 't' } }],
        contexts: [{ name: 'c', context: { cluster: 'c', user: 'u' } }],
        'current-context': 'c',
      }),
      'settings.yaml': `argo: {url: 'https://argo.example', server: {endpoint: '${address}'}}\n`,
      'no-token.yaml': `argo: {server: {endpoint: '${address}', token_file: nowhere}}\n`,
    });
  });
  after(() => api.close());
  beforeEach(() => {
    [workflow, status, mark] = [failed(1), 200, api.requests.length];
  });

  function call(args: readonly string[], settings = 'settings.yaml'): Promise<Result> {
    return kfops([...args, '--settings', settings], { cwd, env: { KUBECONFIG: 'kubeconfig' } });
  }

  /** What was asked for since the test began, but for reading. */
  function changes(): readonly string[] {
    return api.requests.slice(mark).filter((each) => !each.startsWith('GET'));
  }

  it('goes on in the same workflow, and says so', async () => {
    const { code, stdout, stderr } = await call(['retry', NAME]);
    expect(code, stderr).to.equal(0);
    expect(stdout).to.equal(`${NAME}\n`);
    expect(stderr).to.include(`✓ ${NAME} continues in kfops, through Argo’s server at ${api.client.address}`);
    expect(stderr).to.include(`https://argo.example/workflows/kfops/${NAME}`).and.to.include('kfops watch');
    expect(changes()).to.deep.equal([`PUT /api/v1/workflows/kfops/${NAME}/retry`]);
  });

  it('names the way without the server where that refuses', async () => {
    status = 403;
    const { code, stdout, stderr } = await call(['retry', NAME]);
    expect({ code, stdout }).to.deep.equal({ code: 3, stdout: '' });
    expect(stderr).to.include('Argo’s server at http://').and.to.include('(403: said by the test)');
    expect(stderr).to.include(`kfops retry --new -n kfops ${NAME}`);
  });

  it('submits a new workflow where Argo’s retry would not do, and says why', async () => {
    workflow = failed(23.5);
    const { code, stdout, stderr } = await call(['retry', NAME]);
    expect(code, stderr).to.equal(0);
    expect(stderr).to.include('As a new workflow: at ').and.to.include('✓ Submitted');
    expect(stdout).to.not.include(NAME);
    expect(changes()).to.deep.equal([`POST ${WORKFLOWS}`]);
  });

  it('submits a new workflow with --new', async () => {
    const { code, stderr } = await call(['retry', '--new', NAME]);
    expect(code, stderr).to.equal(0);
    expect(stderr).to.not.include('As a new workflow');
    expect(changes()).to.deep.equal([`POST ${WORKFLOWS}`]);
  });

  it('says which file of the settings cannot be read', async () => {
    const { code, stderr } = await call(['retry', NAME], 'no-token.yaml');
    expect(code).to.equal(2);
    expect(stderr).to.include('nowhere').and.to.include('argo.server.token_file');
  });

  it('doctor asks the server, and tells of rights that it may need', async () => {
    const { stdout } = await call(['doctor']);
    expect(stdout).to.include(`✓ Argo’s server  v3.7.18 at ${api.client.address}`);
    expect(stdout).to.include('? Right to update workflows.argoproj.io in kfops');
    expect(stdout)
      .to.include('? Right to delete pods in kfops')
      .and.to.include('deploy/argo-server/retry.yaml');
    const wrong = await call(['doctor'], 'no-token.yaml');
    expect(wrong.stdout).to.match(/✗ Argo’s server {2}.*nowhere: It cannot be read \(ENOENT\)/);
  });
});

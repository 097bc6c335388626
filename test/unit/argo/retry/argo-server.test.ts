import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { KubeConfig } from '@kubernetes/client-node';
import { expect } from 'chai';

import { ArgoServerError } from '../../../../argo/retry/argo-server-errors.js';
import { type ArgoServer, argoServer, type ArgoServerAddress } from '../../../../argo/retry/argo-server.js';
import { ConfigError } from '../../../../schema/index.js';
import { certificate, key } from '../../../fixtures/tls.js';
import { fakeApi, json, type FakeApi, type Handler } from '../fake-api.js';

const ANSWER = { metadata: { name: 'w' }, spec: {}, status: { phase: 'Running' } };

let server: FakeApi | undefined;
let folder: string;
before(async () => (folder = await mkdtemp(join(tmpdir(), 'kfops-argo-server-'))));
after(() => rm(folder, { recursive: true }));
afterEach(async () => {
  await server?.close();
  server = undefined;
});

/** A stand-in for Argo's server. */
async function open(
  handler: Handler,
  address: Partial<ArgoServerAddress> = {},
  kubeConfig?: KubeConfig,
  timeout?: number,
): Promise<ArgoServer> {
  server = await fakeApi(handler);
  const { client } = server;
  const endpoint = `${client.address}${address.endpoint ?? ''}`;
  return argoServer({ verify: true, ...address, endpoint }, kubeConfig ?? client.kubeConfig, timeout);
}

async function failure(work: Promise<unknown>): Promise<ArgoServerError> {
  const error = await work.then(
    () => undefined,
    (error: unknown) => error,
  );
  expect(error).to.be.instanceOf(ArgoServerError);
  return error as ArgoServerError;
}

async function refusal(status: number, body: unknown): Promise<ArgoServerError> {
  const argo = await open((_, response) => {
    json(response, status, body);
  });
  const error = await failure(argo.retry('ns', 'w'));
  await server?.close();
  return error;
}

describe('argo/argo-server', () => {
  it('asks for a retry as Argo’s own command does, with the token of the kubeconfig', async () => {
    const seen: unknown[] = [];
    const argo = await open(
      ({ headers }, response, body) => {
        seen.push(headers.authorization, headers['content-type'], body);
        json(response, 200, ANSWER);
      },
      { endpoint: '/argo/' },
    );
    expect(await argo.retry('n/s', 'w')).to.deep.equal(ANSWER);
    expect(server!.requests).to.deep.equal(['PUT /argo/api/v1/workflows/n%2Fs/w/retry']);
    expect(seen).to.deep.equal(['Bearer token-of-the-test', 'application/json', '{}']);
  });

  it('shows the token of a file in place of that, and none where there is none', async () => {
    const seen: unknown[] = [];
    const handler: Handler = ({ headers }, response) => {
      seen.push(headers.authorization);
      json(response, 200, { version: 'v3.7.18' });
    };
    const tokenFile = join(folder, 'token');
    await writeFile(tokenFile, 'of-the-file\n');
    expect(await (await open(handler, { tokenFile })).version()).to.equal('v3.7.18');
    await server!.close();

    const certificate = new KubeConfig();
    certificate.loadFromClusterAndUser(
      { name: 'c', server: 'https://cluster.example', skipTLSVerify: true },
      { name: 'u' },
    );
    await (await open(handler, {}, certificate)).version();
    expect(seen).to.deep.equal(['Bearer of-the-file', undefined]);
  });

  it('says which file cannot be used', async () => {
    const empty = join(folder, 'empty');
    await writeFile(empty, '\n');
    for (const [address, problem] of [
      [{ tokenFile: join(folder, 'nowhere') }, 'It cannot be read (ENOENT).'],
      [{ tokenFile: empty }, 'It holds no token.'],
      [{ caFile: folder }, 'It cannot be read (EISDIR).'],
    ] as const) {
      const open = (): ArgoServer =>
        argoServer({ endpoint: 'https://argo.example', verify: true, ...address }, new KubeConfig());
      expect(open).to.throw(ConfigError, problem);
    }
  });

  it('tells refusals apart, with Argo’s words and what to do next', async () => {
    const cases: readonly [status: number, said: string, nextStep: string, passing: boolean][] = [
      [400, 'Cannot retry a workflow in phase Running', 'kfops status', false],
      [401, 'token not valid', 'argo.server.token_file', false],
      [403, 'pods "p" is forbidden', 'deploy/argo-server/retry.yaml', false],
      [404, 'workflows.argoproj.io "w" not found', 'argo.server.endpoint', false],
      [409, 'the object has been modified', 'somebody else', true],
      [429, 'rate limit', 'in a moment', true],
      [500, 'couldn’t find parent node', 'the server’s log', true],
      [501, 'Not Implemented', 'version', false],
      [503, 'no connection', 'the server’s log', true],
    ];
    for (const [status, message, nextStep, passing] of cases) {
      const error = await refusal(status, { code: 0, message });
      expect(error.message).to.match(
        /^Argo’s server at http:\/\/127\.0\.0\.1:\d+: retrying the workflow w in ns/,
      );
      expect(error.message).to.include(`was refused (${status}: ${message})`);
      expect(error.nextStep, String(status)).to.include(nextStep);
      expect(error, String(status)).to.include({ status, passing });
    }
  });

  it('does not take a login page or another service for Argo, and follows no redirection', async () => {
    const handlers: readonly Handler[] = [
      (_, response) => response.writeHead(302, { location: '/login' }).end(),
      (_, response) => response.writeHead(200, { 'content-type': 'text/html' }).end('<html>'),
      (_, response) => response.writeHead(404).end('404 page not found'),
      (_, response) => {
        json(response, 200, { metadata: {} });
      },
    ];
    for (const handler of handlers) {
      const error = await failure((await open(handler)).retry('ns', 'w'));
      expect(error.message).to.include('is not the API of Argo’s server');
      expect(error.nextStep).to.include('argo.server.endpoint');
      expect(server!.requests).to.have.length(1);
      await server!.close();
    }
  });

  it('says so when nothing answers', async () => {
    const argo = await open(() => undefined);
    await server!.close();
    const gone = await failure(argo.version());
    expect(gone.message).to.include('asking for its version failed: the connection was refused');
    expect(gone.passing).to.equal(true);
  });

  it('says so when no answer comes in time, or the connection is cut', async () => {
    const silent = await open(() => undefined, {}, undefined, 50);
    expect((await failure(silent.version())).message).to.include('no answer in time');
    await server!.close();
    const cut = await open((_, response) => response.destroy());
    expect((await failure(cut.version())).message).to.include('the connection was closed');
  });

  it('says so when the server does not speak https', async () => {
    server = await fakeApi(() => undefined);
    const endpoint = server.client.address.replace('http:', 'https:');
    const error = await failure(argoServer({ endpoint, verify: false }, server.client.kubeConfig).version());
    expect(error.message).to.include('it does not speak https');
    expect(error.passing).to.equal(false);
  });

  it('shows its token to nobody whose certificate is not trusted, unless that is not to be checked', async () => {
    const tokens: unknown[] = [];
    const secure = createServer({ key, cert: certificate }, ({ headers }, response) => {
      tokens.push(headers.authorization);
      json(response, 200, { version: 'v3.7.18' });
    }).listen(0, '127.0.0.1');
    try {
      await once(secure, 'listening');
      const endpoint = `https://127.0.0.1:${(secure.address() as AddressInfo).port}`;
      const caFile = join(folder, 'ca.pem');
      const tokenFile = join(folder, 'token');
      await Promise.all([writeFile(caFile, certificate), writeFile(tokenFile, 'secret')]);
      const version = (address: Omit<ArgoServerAddress, 'endpoint'>): Promise<string> =>
        argoServer({ endpoint, tokenFile, ...address }, new KubeConfig()).version();

      const error = await failure(version({ verify: true }));
      expect(error.message).to.include('its certificate is not trusted');
      expect(error.nextStep).to.include('argo.server.ca_file');
      expect(error.passing).to.equal(false);
      expect(tokens).to.deep.equal([]);
      expect(await version({ verify: true, caFile })).to.equal('v3.7.18');
      expect(await version({ verify: false })).to.equal('v3.7.18');
      expect(tokens).to.deep.equal(['Bearer secret', 'Bearer secret']);
    } finally {
      secure.closeAllConnections();
      secure.close();
    }
  });

  it('ends when it is told to', async () => {
    const stop = new AbortController();
    const argo = await open(() => {
      stop.abort(new Error('enough'));
    });
    const error = await argo.version(stop.signal).catch((error: unknown) => error);
    expect(error).to.have.property('message', 'enough');
  });
});

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { expect } from 'chai';

import { kfpClient, KfpRefusal } from '../../../pipeline/kfp.js';
import { pipelineName } from '../../../pipeline/kfp-names.js';
import { ServiceError } from '../../../schema/errors.js';
import { KfpServer } from '../../fixtures/kfp-server.js';
import { failure } from './failure.js';

const GET = { method: 'GET', path: '/healthz' } as const;

describe('kfpClient', () => {
  const folder = mkdtempSync(join(tmpdir(), 'kfops-kfp-'));
  const tokenFile = join(folder, 'token');
  let server: KfpServer;
  beforeEach(async () => {
    server = await KfpServer.start();
  });
  afterEach(() => server.stop());
  after(() => {
    rmSync(folder, { recursive: true });
  });

  it('reads the token for every call, and tries again with the new one', async () => {
    writeFileSync(tokenFile, 'old\n');
    server.token = 'new';
    const client = kfpClient({ endpoint: server.endpoint, tokenFile, pause: 0 });
    const rotate = { status: 401 };
    server.misbehave(rotate, {
      when: () => {
        writeFileSync(tokenFile, 'new\n');
        return true;
      },
    });
    expect(await client.call({ ...GET, again: false })).to.include({ tag_name: '2.17.0' });
    expect(server.calls.map(({ authorization }) => authorization)).to.deep.equal([
      'Bearer old',
      'Bearer new',
    ]);
  });

  it('sends no header without a token', async () => {
    await kfpClient({ endpoint: server.endpoint }).call(GET);
    expect(server.calls[0]).not.to.have.property('authorization');
  });

  it('tries again after what may pass, and not after a refusal', async () => {
    const client = kfpClient({ endpoint: server.endpoint, pause: 0, attempts: 4 });
    server.misbehave({ status: 503 });
    server.misbehave({ cut: 'before' });
    server.misbehave({ status: 429 });
    await client.call(GET);
    expect(server.calls).to.have.length(4);

    server.misbehave({ status: 503, body: 'upstream' }, { times: 4 });
    expect((await failure(client.call(GET), KfpRefusal)).status).to.equal(503);
    expect(server.calls).to.have.length(8);

    server.misbehave({ status: 409 });
    expect((await failure(client.call(GET), KfpRefusal)).status).to.equal(409);
    expect(server.calls).to.have.length(9);
    server.misbehave({ cut: 'before' });
    await failure(client.call({ ...GET, again: false }), ServiceError);
    expect(server.calls).to.have.length(10);
  });

  it('says the server’s words on one line, and what to do', async () => {
    const client = kfpClient({ endpoint: server.endpoint, pause: 0 });
    server.misbehave({ status: 403, body: '{"code":7,"message":"no\\nrights"}' });
    const grpc = await failure(client.call(GET), KfpRefusal);
    expect(grpc.message).to.include('it refuses with 403: no rights');
    expect(grpc.nextStep).to.include('kubeflow-pipelines-edit');
    server.misbehave({ status: 400, body: '{"error_message":"bad file","error_details":"x"}' });
    expect((await failure(client.call(GET), KfpRefusal)).message).to.include('it refuses with 400: bad file');
    expect(server.calls).to.have.length(2);
  });

  it('cuts long words in their middle: KFP comes to the point at the end', async () => {
    const client = kfpClient({ endpoint: server.endpoint, pause: 0 });
    const message = `Failed to create a new run: ${'Failed to do so: '.repeat(100)}unknown field "x"`;
    server.misbehave({ status: 400, body: JSON.stringify({ code: 3, message }) });
    const { problem } = await failure(client.call(GET), KfpRefusal);
    expect(problem).to.match(/^it refuses with 400: Failed to create a new run: .*….*: unknown field "x"$/);
    expect(problem.length).to.be.lessThan(550);
  });

  it('does not follow a login, nor take a page for an answer', async () => {
    const client = kfpClient({ endpoint: server.endpoint, pause: 0, attempts: 1 });
    server.misbehave({ status: 302, headers: { location: 'https://login.example/' } });
    expect((await failure(client.call(GET), KfpRefusal)).nextStep).to.include('asks for a login');
    server.misbehave({ status: 200, body: '<html></html>' });
    expect((await failure(client.call(GET), ServiceError)).message).to.include('no JSON object');
  });

  it('gives up on a server that does not answer', async () => {
    server.misbehave({ stall: true });
    const client = kfpClient({ endpoint: server.endpoint, timeout: 50, attempts: 1 });
    expect((await failure(client.call(GET), ServiceError)).message).to.include('no answer within 0.05 s');
  });

  it('says that nothing listens', async () => {
    const { endpoint } = server;
    await server.stop();
    const client = kfpClient({ endpoint, attempts: 1 });
    expect((await failure(client.call(GET), ServiceError)).message).to.include('nothing listens there');
    server = await KfpServer.start();
  });

  it('says that there is no token', async () => {
    const client = kfpClient({ endpoint: server.endpoint, tokenFile: join(folder, 'none'), attempts: 1 });
    expect((await failure(client.call(GET), ServiceError)).message).to.include('cannot be read (ENOENT)');
  });

  it('takes http and https without credentials only', () => {
    for (const endpoint of ['ml-pipeline:8888', 'ftp://x', 'http://user:secret@x', ''])
      expect(() => kfpClient({ endpoint })).to.throw(ServiceError, 'no address');
  });
});

describe('pipelineName', () => {
  it('is a DNS label, the same for the same text', () => {
    expect(pipelineName('Sklearn Iris')).to.equal('sklearn-iris');
    expect(pipelineName('a_b.c')).to.equal('a-b-c');
    for (const name of ['花', 'Größe', '--', 'x'.repeat(300), '{"a":1}', '../x'])
      expect(pipelineName(name)).to.match(/^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/);
    expect(pipelineName('花')).not.to.equal(pipelineName('木'));
  });
});

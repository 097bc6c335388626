import { expect } from 'chai';
import fc from 'fast-check';

import { kfpClient, KfpRefusal, type KfpClient } from '../../../pipeline/kfp.js';
import { publish } from '../../../pipeline/publish.js';
import { followRun, startRun } from '../../../pipeline/run.js';
import { WorkError } from '../../../schema/errors.js';
import { KfpApi } from '../../fixtures/kfp-api.js';
import { KfpServer, type KfpFault } from '../../fixtures/kfp-server.js';
import { failure } from './failure.js';
import { isCall, REQUEST, runRequest } from './flowers.js';

const NAME = /^flowers-more-[0-9a-f]{8}$/;

describe('publishing and running', () => {
  let server: KfpServer;
  let client: KfpClient;
  beforeEach(async () => {
    server = await KfpServer.start();
    client = kfpClient({ endpoint: server.endpoint, pause: 0 });
  });
  afterEach(async () => {
    await server.stop();
    expect(server.problems).to.deep.equal([]);
  });

  it('the description knows a wrong call', () => {
    const wrong = {
      method: 'POST',
      path: '/experiments',
      query: new URLSearchParams('x=1'),
      body: { displayname: 'x' },
      status: 200,
      answer: { experiment_id: 1 },
    };
    const api = new KfpApi();
    expect(api.check(wrong)).to.have.length(3);
    expect(api.check({ ...wrong, path: '/nope' })).to.have.length(1);
  });

  describe('publish', () => {
    it('creates the pipeline and uploads the version', async () => {
      const { pipelineId, versionId, version, warnings } = await publish(client, REQUEST);
      expect(version).to.equal(REQUEST.version);
      expect(warnings).to.deep.equal([]);
      const pipeline = server.pipelines.get(pipelineId)!;
      expect(pipeline.name).to.match(NAME);
      expect(pipeline.object).to.include({
        display_name: 'Flowers & more',
        namespace: 'data-science',
        description: 'Of the garden',
      });
      const uploaded = server.versions.get(versionId)!;
      expect(uploaded.compiled).to.equal(REQUEST.compiled);
      expect(uploaded.object).to.include({ description: 'of a commit', pipeline_id: pipelineId });
    });

    it('adds a version to the pipeline that is there', async () => {
      const first = await publish(client, REQUEST);
      const second = await publish(client, { ...REQUEST, version: 'pr-18' });
      expect(second.pipelineId).to.equal(first.pipelineId);
      expect(second.versionId).not.to.equal(first.versionId);
      const other = await publish(client, { ...REQUEST, namespace: 'elsewhere' });
      expect(other.pipelineId).not.to.equal(first.pipelineId);
    });

    it('says that the server is older than kfp, before and when it refuses', async () => {
      server.tagName = '2.14.3';
      expect((await publish(client, REQUEST)).warnings).to.have.length(1);
      server.misbehave(
        { status: 400, body: '{"error_message":"unknown field \\"x\\""}' },
        { times: 2, when: isCall('POST', '/pipelines/upload_version') },
      );
      const error = await failure(publish(client, { ...REQUEST, version: 'pr-18' }), WorkError);
      expect(error.message).to.include('unknown field "x"');
      expect(error.nextStep).to.include('compiled with kfp 2.17.0, and the server is 2.14.3');
    });

    for (const tag of ['2.17.0', '2.18.1', 'v3.0.0', 'unknown', ''])
      it(`says nothing where the server is \`${tag}\``, async () => {
        server.tagName = tag;
        expect((await publish(client, REQUEST)).warnings).to.deep.equal([]);
      });

    it('refuses names that are no versions, and files that are no pipelines', async () => {
      for (const version of ['', 'a b', 'x'.repeat(128), '../x'])
        await failure(publish(client, { ...REQUEST, version }), WorkError);
      await failure(publish(client, { ...REQUEST, compiled: 'a: 1' }), WorkError);
      expect(server.calls).to.deep.equal([]);
    });

    it('says so, too, where an older server answers a newer pipeline with an error of its own', async () => {
      server.tagName = '2.14.3';
      const body = '{"error_message":"Failed to create a pipeline version: unknown field \\"x\\""}';
      server.misbehave(
        { status: 500, body },
        { times: 6, when: isCall('POST', '/pipelines/upload_version') },
      );
      const error = await failure(publish(client, REQUEST), WorkError);
      expect(error.nextStep).to.include('the server is 2.14.3');
      server.tagName = '2.17.0';
      server.misbehave(
        { status: 500, body },
        { times: 6, when: isCall('POST', '/pipelines/upload_version') },
      );
      expect((await failure(publish(client, REQUEST), KfpRefusal)).status).to.equal(500);
    });

    it('tells missing rights from a wrong pipeline, though an upload is refused with 400 for both', async () => {
      await publish(client, REQUEST);
      server.authorise = ({ method }) =>
        Promise.resolve(method === 'GET' ? undefined : "User 'x' is not authorized");
      const error = await failure(publish(client, { ...REQUEST, version: 'pr-18' }), KfpRefusal);
      expect(error.status).to.equal(403);
      expect(error.nextStep).to.include('kubeflow-pipelines-edit');
      expect(server.seen('POST', '/pipelines/upload_version').at(-1)?.query.get('name')).to.equal('pr-18');
    });

    it('uploads again after a refusal that was not for the pipeline', async () => {
      server.misbehave(
        { status: 400, body: '{"error_message":"authorization could not be completed"}' },
        { when: isCall('POST', '/pipelines/upload_version') },
      );
      const { versionId } = await publish(client, REQUEST);
      expect([...server.versions.keys()]).to.deep.equal([versionId]);
    });

    it('makes a pipeline anew that is deleted before the upload', async () => {
      const isUpload = isCall('POST', '/pipelines/upload_version');
      server.misbehave(
        { status: 500 },
        {
          when: (call) => {
            if (isUpload(call) && server.seen('POST', '/pipelines/upload_version').length === 1)
              server.pipelines.clear();
            return false;
          },
        },
      );
      const { pipelineId, versionId } = await publish(client, REQUEST);
      expect([...server.pipelines.keys()]).to.deep.equal([pipelineId]);
      expect(server.versions.get(versionId)!.object.pipeline_id).to.equal(pipelineId);
    });

    it('ends where it has no rights', async () => {
      server.misbehave({ status: 403 }, { when: isCall('POST', '/pipelines') });
      expect((await failure(publish(client, REQUEST), KfpRefusal)).status).to.equal(403);
    });
  });

  for (const path of ['/pipelines', '/pipelines/upload_version', '/experiments', '/runs'])
    for (const fault of [{ cut: 'after' }, { cut: 'before' }, { status: 503 }] satisfies KfpFault[])
      it(`there is one of each after ${JSON.stringify(fault)} at POST ${path}`, async () => {
        server.misbehave(fault, { when: isCall('POST', path) });
        const { runId } = await startRun(client, await runRequest(client));
        expect([...server.runs.keys()]).to.deep.equal([runId]);
        expect(server.seen('POST', path)).to.have.length(
          path === '/runs' && 'cut' in fault && fault.cut === 'after' ? 1 : 2,
        );
        expect([server.pipelines.size, server.versions.size, server.experiments.size]).to.deep.equal([
          1, 1, 1,
        ]);
      });

  it('whatever is lost on the way, there is one of each in the end', async () => {
    const fault = fc.constantFrom<KfpFault>(
      { status: 503 },
      { cut: 'before' },
      { cut: 'after' },
      { status: 429 },
    );
    await fc.assert(
      fc.asyncProperty(fc.array(fc.tuple(fc.nat(14), fault), { maxLength: 3 }), async (faults) => {
        const own = await KfpServer.start();
        try {
          let calls = 0;
          for (const [at, fault] of faults) {
            const from = at;
            own.misbehave(fault, { when: () => calls >= from });
          }
          const patient: KfpClient = kfpClient({ endpoint: own.endpoint, pause: 0 });
          const counted: KfpClient = {
            call: (call) => {
              calls++;
              return patient.call(call);
            },
          };
          const { runId } = await startRun(counted, await runRequest(counted));
          expect((await followRun(counted, runId, { interval: 0 })).state).to.equal('SUCCEEDED');
          expect([own.pipelines.size, own.versions.size, own.experiments.size, own.runs.size]).to.deep.equal([
            1, 1, 1, 1,
          ]);
        } finally {
          await own.stop();
        }
        expect(own.problems).to.deep.equal([]);
      }),
      { numRuns: 20 },
    );
  });
});

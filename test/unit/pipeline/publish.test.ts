import { readFileSync } from 'node:fs';

import { expect } from 'chai';
import fc from 'fast-check';

import { kfpClient, KfpRefusal, type KfpClient } from '../../../pipeline/kfp.js';
import { publish, type PublishRequest } from '../../../pipeline/publish.js';
import { followRun, parametersOf, startRun, terminateRun, type RunRequest } from '../../../pipeline/run.js';
import { ServiceError, WorkError } from '../../../schema/errors.js';
import { KfpApi } from '../../fixtures/kfp-api.js';
import { KfpServer, type KfpFault, type SeenCall } from '../../fixtures/kfp-server.js';
import { sharedFile } from '../../support/shared.js';
import { failure } from './failure.js';

const compiled = readFileSync(new URL('../../fixtures/pipelines/flowers.yaml', import.meta.url), 'utf8');
const REQUEST: PublishRequest = {
  name: 'Flowers & more',
  namespace: 'data-science',
  description: 'Of the garden',
  version: 'pr-17-1a2b3c4d5e6f-99',
  versionDescription: 'of a commit',
  compiled,
};
const NAME = /^flowers-more-[0-9a-f]{8}$/;

describe('publishing and running', () => {
  let api: KfpApi;
  let server: KfpServer;
  let client: KfpClient;
  before(function () {
    api = new KfpApi(sharedFile(this, 'kfp-api/v2.17.0.swagger.json'));
  });
  beforeEach(async () => {
    server = await KfpServer.start(api);
    client = kfpClient({ endpoint: server.endpoint, pause: 0 });
  });
  afterEach(async () => {
    await server.stop();
    expect(server.problems).to.deep.equal([]);
  });

  const runRequest = async (by = client): Promise<RunRequest> => ({
    name: 'pr-17-1a2b3c4d5e6f-99',
    namespace: 'data-science',
    experiment: 'Our flowers',
    published: await publish(by, REQUEST),
    arguments: { rows: 5, image: 3.11, nope: true },
  });

  it('the description knows a wrong call', () => {
    const wrong = {
      method: 'POST',
      path: '/apis/v2beta1/experiments',
      query: new URLSearchParams('x=1'),
      body: { displayname: 'x' },
      status: 200,
      answer: { experiment_id: 1 },
    };
    expect(api.check(wrong)).to.have.length(3);
    expect(api.check({ ...wrong, path: '/apis/v2beta1/nope' })).to.have.length(1);
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
      expect(uploaded.compiled).to.equal(compiled);
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

  describe('startRun', () => {
    it('sends what the pipeline declares, with the version, and says what it left out', async () => {
      const request = await runRequest();
      const { runId, experimentId, ignored } = await startRun(client, request);
      expect(ignored).to.deep.equal(['nope']);
      expect(server.experiments.get(experimentId)!.name).to.equal('Our flowers');
      expect(server.runs.get(runId)!.object.runtime_config).to.deep.equal({
        parameters: { image: '3.11', rows: 5, version_id: REQUEST.version },
      });
    });

    it('gives the same run again', async () => {
      const request = await runRequest();
      const first = await startRun(client, request);
      expect(await startRun(client, request)).to.deep.equal(first);
      expect(server.runs.size).to.equal(1);
      // A new version of the same name is another run.
      const published = await publish(client, { ...REQUEST, version: 'pr-18' });
      expect((await startRun(client, { ...request, published })).runId).not.to.equal(first.runId);
    });

    it('says that the name of the experiment is too long, which KFP calls an error of its own', async () => {
      const request = { ...(await runRequest()), experiment: 'ü'.repeat(65) };
      expect((await failure(startRun(client, request), WorkError)).message).to.include('128 bytes');
      expect(server.seen('POST', '/experiments')).to.have.length(0);
    });

    it('ends with KFP’s words where it refuses the arguments', async () => {
      const request = await runRequest();
      server.misbehave(
        { status: 400, body: '{"code":3,"message":"rows is a text"}' },
        { when: isCall('POST', '/runs') },
      );
      expect((await failure(startRun(client, request), WorkError)).message).to.include('rows is a text');
      expect(server.seen('POST', '/runs')).to.have.length(1);
    });
  });

  for (const path of ['/pipelines', '/pipelines/upload_version', '/experiments', '/runs'])
    for (const fault of [{ cut: 'after' }, { cut: 'before' }, { status: 503 }] satisfies KfpFault[])
      it(`there is one of each after ${JSON.stringify(fault)} at POST ${path}`, async () => {
        server.misbehave(fault, { when: isCall('POST', path) });
        const { runId } = await startRun(client, await runRequest());
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
        const own = await KfpServer.start(api);
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

  describe('followRun', () => {
    const started = async (states: readonly string[]): Promise<string> => {
      server.states = states;
      return (await startRun(client, await runRequest())).runId;
    };

    for (const state of ['SUCCEEDED', 'FAILED', 'SKIPPED', 'CANCELED'])
      it(`ends with ${state}`, async () => {
        const states: string[] = [];
        const runId = await started(['PENDING', 'RUNNING', 'RUNNING', state]);
        const result = await followRun(client, runId, { interval: 0, onState: (each) => states.push(each) });
        expect(result).to.deep.equal(
          state === 'FAILED' ? { state, message: 'in the step train' } : { state },
        );
        expect(states).to.deep.equal(['PENDING', 'RUNNING', state]);
      });

    it('ends with CANCELED where the run was told to stop, which KFP calls FAILED', async () => {
      const runId = await started(['RUNNING']);
      const result = followRun(client, runId, {
        interval: 0,
        onState: (state) => {
          if (state === 'RUNNING') void terminateRun(client, runId);
        },
      });
      expect(await result).to.deep.equal({ state: 'CANCELED' });
      expect(server.runs.get(runId)!.object.state).to.equal('FAILED');
      expect(await followRun(client, runId, { interval: 0 })).to.deep.equal({ state: 'CANCELED' });
    });

    it('does not wait for ever for a run that KFP cannot read', async () => {
      const runId = await started(['RUNNING']);
      const body = JSON.stringify({ run_id: runId, error: { code: 13, message: 'invalid plugins_input' } });
      server.misbehave({ status: 200, body }, { times: Infinity });
      const error = await failure(followRun(client, runId, { interval: 0, patience: -1 }), ServiceError);
      expect(error.message).to.include('it cannot read the run: invalid plugins_input');
    });

    it('goes on when KFP is away for a while', async () => {
      const runId = await started(['RUNNING', 'SUCCEEDED']);
      server.misbehave({ status: 503 }, { times: 20 });
      expect((await followRun(client, runId, { interval: 0 })).state).to.equal('SUCCEEDED');
    });

    it('ends when KFP is away for too long, or the run is deleted', async () => {
      const runId = await started(['RUNNING']);
      server.misbehave({ status: 503 }, { times: 6 });
      await failure(followRun(client, runId, { interval: 0, patience: -1 }), ServiceError);
      server.runs.clear();
      expect((await failure(followRun(client, runId, { interval: 0 }), KfpRefusal)).status).to.equal(404);
    });

    it('stops when it is told to', async () => {
      const runId = await started(['RUNNING']);
      const stop = new AbortController();
      const end = followRun(client, runId, {
        signal: stop.signal,
        onState: () => {
          stop.abort();
        },
      });
      expect((await failure(end, Error)).name).to.equal('AbortError');
    });
  });
});

describe('parametersOf', () => {
  const parameters = new Map([
    ['rows', { type: 'NUMBER_INTEGER', optional: false }],
    ['note', { type: 'STRING', optional: true }],
    ['version_id', { type: 'STRING', optional: false }],
    ['__proto__', { type: 'STRUCT', optional: true }],
  ]);

  it('gives version_id, unless the configuration has one', () => {
    expect(parametersOf({ parameters }, { rows: 1 }, 'v').parameters).to.deep.equal({
      rows: 1,
      version_id: 'v',
    });
    const own = parametersOf({ parameters }, { rows: 1, version_id: 'mine' }, 'v');
    expect(own.parameters.version_id).to.equal('mine');
    expect(own.ignored).to.deep.equal([]);
  });

  it('is not declared, not sent', () => {
    expect(parametersOf({ parameters: new Map() }, {}, 'v')).to.deep.equal({ parameters: {}, ignored: [] });
  });

  it('writes numbers as texts where a text is declared, and leaves what may be left out', () => {
    const { parameters: sent } = parametersOf({ parameters }, { rows: 1, note: true }, 'v');
    expect(sent.note).to.equal('true');
    expect(parametersOf({ parameters }, { rows: 1, note: null }, 'v').parameters).not.to.have.property(
      'note',
    );
  });

  it('names every value that is missing', () => {
    expect(() => parametersOf({ parameters }, {}, 'v')).to.throw(WorkError, 'the pipeline needs `rows`');
  });
});

function isCall(method: string, path: string): (call: SeenCall) => boolean {
  return (call) => call.method === method && call.path === path;
}

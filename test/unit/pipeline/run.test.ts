import { expect } from 'chai';

import { kfpClient, KfpRefusal, type KfpClient } from '../../../pipeline/kfp.js';
import { publish } from '../../../pipeline/publish.js';
import { followRun, startRun, terminateRun } from '../../../pipeline/run.js';
import { ServiceError, WorkError } from '../../../schema/errors.js';
import { KfpServer } from '../../fixtures/kfp-server.js';
import { failure } from './failure.js';
import { isCall, REQUEST, runRequest } from './flowers.js';

describe('running', () => {
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

  describe('startRun', () => {
    it('sends what the pipeline declares, with the version, and says what it left out', async () => {
      const request = await runRequest(client);
      const { runId, experimentId, ignored } = await startRun(client, request);
      expect(ignored).to.deep.equal(['nope']);
      expect(server.experiments.get(experimentId)!.name).to.equal('Our flowers');
      expect(server.runs.get(runId)!.object.runtime_config).to.deep.equal({
        parameters: { image: '3.11', rows: 5, version_id: REQUEST.version },
      });
    });

    it('gives the same run again', async () => {
      const request = await runRequest(client);
      const first = await startRun(client, request);
      expect(await startRun(client, request)).to.deep.equal(first);
      expect(server.runs.size).to.equal(1);
      // A new version of the same name is another run.
      const published = await publish(client, { ...REQUEST, version: 'pr-18' });
      expect((await startRun(client, { ...request, published })).runId).not.to.equal(first.runId);
    });

    it('says that the name of the experiment is too long, which KFP calls an error of its own', async () => {
      const request = { ...(await runRequest(client)), experiment: 'ü'.repeat(65) };
      expect((await failure(startRun(client, request), WorkError)).message).to.include('128 bytes');
      expect(server.seen('POST', '/experiments')).to.have.length(0);
    });

    it('ends with KFP’s words where it refuses the arguments', async () => {
      const request = await runRequest(client);
      server.misbehave(
        { status: 400, body: '{"code":3,"message":"rows is a text"}' },
        { when: isCall('POST', '/runs') },
      );
      expect((await failure(startRun(client, request), WorkError)).message).to.include('rows is a text');
      expect(server.seen('POST', '/runs')).to.have.length(1);
    });
  });

  describe('followRun', () => {
    const started = async (states: readonly string[]): Promise<string> => {
      server.states = states;
      return (await startRun(client, await runRequest(client))).runId;
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

    it('says once what the run waits for, and that it goes on', async () => {
      const look = (...states: readonly string[]): Record<string, unknown> => ({
        state: 'RUNNING',
        run_details: { task_details: states.map((state, i) => ({ display_name: `step-${i}`, state })) },
      });
      const looks = [
        look('PENDING'),
        look('RUNNING'),
        look('SUCCEEDED', 'PENDING', 'PENDING'),
        look('SUCCEEDED', 'PENDING', 'PENDING'),
        look('SUCCEEDED', 'PENDING', 'PENDING'),
        look('SUCCEEDED', 'RUNNING', 'PENDING'),
        look('SUCCEEDED', 'RUNNING', 'PENDING'),
        { state: 'SUCCEEDED' },
      ];
      const slow: KfpClient = { ...client, call: () => Promise.resolve(looks.shift()!) };
      const waiting: string[] = [];
      await followRun(slow, 'run', { interval: 0, onWaiting: (steps) => waiting.push(steps.join(' ')) });
      expect(waiting).to.deep.equal(['step-1 step-2', '']);
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

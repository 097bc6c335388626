import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { expect } from 'chai';

import type { RunOutput } from '../../../../generator/results/step-outputs.js';
import { kfpClient, type KfpClient } from '../../../../pipeline/kfp.js';
import { lastSuccessfulRun } from '../../../../pipeline/outputs/base-run.js';
import { produced } from '../../../../pipeline/outputs/produced.js';
import { publish } from '../../../../pipeline/publish.js';
import { runStep } from '../../../../pipeline/run-step.js';
import { followRun, startRun } from '../../../../pipeline/run.js';
import { findVersion } from '../../../../pipeline/version.js';
import { KfpServer } from '../../../fixtures/kfp-server.js';
import { MetadataStoreServer } from '../../../fixtures/metadata-store.js';
import { REQUEST } from '../flowers.js';

const METRICS = { type: 'system.Metrics', name: 'metrics' };

describe('what a run produced', () => {
  const folder = mkdtempSync(join(tmpdir(), 'kfops-outputs-'));
  let store: MetadataStoreServer;
  let kfp: KfpServer;
  let client: KfpClient;

  before(async function () {
    store = await MetadataStoreServer.startOrSkip(this);
  });
  after(async () => {
    rmSync(folder, { recursive: true });
    await (store as MetadataStoreServer | undefined)?.stop();
  });
  beforeEach(async () => {
    kfp = await KfpServer.start();
    client = kfpClient({ endpoint: kfp.endpoint, attempts: 1 });
  });
  afterEach(async () => {
    await kfp.stop();
    expect(kfp.problems).to.deep.equal([]);
  });

  /** Publishes a version and runs it to its end. */
  const ran = async (version: string, states: readonly string[] = ['SUCCEEDED'], experiment = 'Garden') => {
    const request = { name: 'Flowers', namespace: 'ds', version, compiled: REQUEST.compiled };
    await publish(client, request);
    const published = await findVersion(client, { namespace: 'ds', pipeline: 'Flowers', version });
    kfp.states = states;
    const run = await startRun(client, {
      name: `${version} ${kfp.runs.size}`,
      namespace: 'ds',
      experiment,
      published,
      arguments: { rows: 7 },
    });
    await followRun(client, run.runId, { interval: 0 });
    return { ...run, pipelineId: published.pipelineId };
  };

  it('is compared with the newest successful run of the base branch, in its experiment', async () => {
    const base = await ran('main-0a1b2c3d4e5f');
    await ran('main-1a1b2c3d4e5f', ['FAILED']);
    await ran('main-2a1b2c3d4e5f', ['SUCCEEDED'], 'Elsewhere');
    await ran('main-2-3a1b2c3d4e5f');
    await ran('pr-1-main-4a1b2c3d4e5f');
    const run = await ran('pr-1-5a1b2c3d4e5f');
    expect(await lastSuccessfulRun(client, { ...run, branch: 'main' })).to.deep.equal({
      runId: base.runId,
      version: 'main-0a1b2c3d4e5f',
    });
    const rebuilt = await ran('main-0a1b2c3d4e5f-abc123');
    expect((await lastSuccessfulRun(client, { ...run, branch: 'main' }))?.runId).to.equal(rebuilt.runId);
    expect(await lastSuccessfulRun(client, { ...run, branch: 'release' })).to.equal(undefined);
  });

  const request = ({ runId, experimentId, pipelineId }: Awaited<ReturnType<typeof ran>>) => ({
    from: `grpc://${store.host}`,
    run: { run_id: runId, experiment_id: experimentId, pipeline_id: pipelineId },
  });

  it('has the metrics of both runs', async () => {
    const [base, run] = [await ran('main-0a1b2c3d4e5f'), await ran('pr-1-5a1b2c3d4e5f')];
    await store.put(base.runId, [{ ...METRICS, metrics: { accuracy: 0.9 } }]);
    await store.put(run.runId, [{ ...METRICS, metrics: { accuracy: 0.95 } }]);
    expect(await produced({ ...request(run), branch: 'main' }, () => client)).to.deep.equal({
      metrics: [{ name: 'accuracy', value: 0.95, base: 0.9 }],
      artifacts: [],
      moreMetrics: 0,
      moreArtifacts: 0,
      base: { branch: 'main', runId: base.runId, version: 'main-0a1b2c3d4e5f' },
    });
  });

  it('says that no run of the base branch has succeeded yet', async () => {
    const run = await ran('pr-1-5a1b2c3d4e5f');
    await store.put(run.runId, [{ ...METRICS, metrics: { accuracy: 0.95 } }]);
    const outputs = await produced({ ...request(run), branch: 'main' }, () => client);
    expect(outputs).to.deep.include({ base: { branch: 'main' } });
  });

  it('is told where the base branch’s runs can’t be read', async () => {
    const run = await ran('pr-1-5a1b2c3d4e5f');
    await store.put(run.runId, [{ ...METRICS, metrics: { accuracy: 0.95 } }]);
    kfp.misbehave({ status: 403, body: '{"message":"not for you"}' }, { times: 9 });
    const outputs = await produced({ ...request(run), branch: 'main' }, () => client);
    expect(outputs).to.deep.include({ metrics: [{ name: 'accuracy', value: 0.95 }] });
    expect(outputs).to.have.nested.property('base.unknown').that.includes('it refuses with 403: not for you');
  });

  it('is unknown for an address that is none', async () => {
    const run = await ran('pr-1-5a1b2c3d4e5f');
    const outputs = await produced({ ...request(run), from: 'http://store' }, () => client);
    expect(outputs).to.deep.equal({ unknown: '"http://store" is no address of a metadata store' });
  });

  describe('in the step that runs the pipeline', () => {
    const lines: string[] = [];
    const arguments_ = async (version: string, ...more: string[]): Promise<string[]> => {
      await publish(client, { name: 'Flowers', namespace: 'ds', version, compiled: REQUEST.compiled });
      const file = join(folder, 'arguments.json');
      writeFileSync(file, '{"rows": 7}');
      return [
        `--endpoint=${kfp.endpoint}`,
        '--namespace=ds',
        `--output=${join(folder, 'out')}`,
        '--experiment=Garden',
        `--name=${version}`,
        '--pipeline=Flowers',
        `--version=${version}`,
        `--arguments=${file}`,
        ...more,
      ];
    };
    const io = { log: (line: string) => lines.push(line), interval: 0 };
    const result = (): RunOutput =>
      JSON.parse(readFileSync(join(folder, 'out/result.json'), 'utf8')) as RunOutput;
    beforeEach(() => {
      lines.length = 0;
    });

    it('is in its result, without a text that Argo would take for a template', async () => {
      const name = '{{workflow.name}}';
      const args = await arguments_('pr-1-6a1b2c3d4e5f', `--outputs=grpc://${store.host}`);
      const put = new Promise<void>((resolve, reject) => {
        kfp.told.once('call', () => {
          const poll = (): void => {
            const [run] = kfp.runs.keys();
            if (run === undefined) kfp.told.once('call', poll);
            else store.put(run, [{ ...METRICS, metrics: { [name]: 1 } }]).then(resolve, reject);
          };
          poll();
        });
      });
      // It runs until its metrics are stored.
      kfp.states = ['RUNNING'];
      const running = runStep(args, io);
      await put;
      for (const run of kfp.runs.values()) run.states.splice(0, run.states.length, 'SUCCEEDED');
      await running;
      expect(result().outputs).to.deep.include({ metrics: [{ name, value: 1 }] });
      expect(readFileSync(join(folder, 'out/result.json'), 'utf8')).not.to.include('{{');
    });

    it('threat 97: a metadata store that hangs does not fail it', async () => {
      const silent = createServer((socket) => socket.on('error', () => undefined).resume());
      await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve));
      const { port } = silent.address() as AddressInfo;
      kfp.states = ['SUCCEEDED'];
      const sockets: { destroy(): void }[] = [];
      silent.on('connection', (socket) => sockets.push(socket));
      const outputs = await produced(
        {
          from: `grpc://127.0.0.1:${port}`,
          run: { run_id: 'r', experiment_id: 'e', pipeline_id: 'p' },
          timeout: 300,
        },
        () => client,
      );
      expect(outputs)
        .to.have.property('unknown')
        .that.matches(/no answer within 0\.3 s|no connection/);
      silent.close();
      for (const socket of sockets) socket.destroy();
    });

    it('is unknown where nothing listens, and the step succeeds', async () => {
      kfp.states = ['SUCCEEDED'];
      await runStep(await arguments_('pr-1-7a1b2c3d4e5f', '--outputs=grpc://127.0.0.1:1'), io);
      const unknown =
        'Metadata store at 127.0.0.1:1: no connection. Check `kfp.outputs`, and that NetworkPolicies let the step `run` reach the address';
      expect(result()).to.deep.include({ state: 'SUCCEEDED', outputs: { unknown } });
      expect(lines.at(-1)).to.equal(`warning: what the run produced is unknown: ${unknown}`);
    });

    it('is not looked for without an address', async () => {
      kfp.states = ['SUCCEEDED'];
      await runStep(await arguments_('pr-1-8a1b2c3d4e5f'), io);
      expect(result()).not.to.have.property('outputs');
    });
  });
});

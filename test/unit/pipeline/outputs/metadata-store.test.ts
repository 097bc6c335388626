import { once } from 'node:events';
import { createServer, type AddressInfo, type Server, type Socket } from 'node:net';

import { expect } from 'chai';

import { metadataStore } from '../../../../pipeline/outputs/metadata-store.js';
import type { OutputsStore } from '../../../../pipeline/outputs/ports.js';
import { ServiceError } from '../../../../schema/errors.js';
import { MetadataStoreServer } from '../../../fixtures/metadata-store.js';
import { failure } from '../failure.js';

const RUN = '0b5f0d1e-7c11-4f0a-9d1c-3f8f1a2b3c4d';
const SALT = 'ad7c0c36-52c5-4a0e-8a3b-2f9e7d6c5b4a';
const ROOT = 'minio://mlpipeline/v2/artifacts';
const MODEL = `${ROOT}/flowers/${RUN}/train/${SALT}/model`;
const METRICS = {
  type: 'system.Metrics',
  name: 'metrics',
  uri: `${ROOT}/flowers/${RUN}/train/${SALT}/metrics`,
};

describe('the metadata store', () => {
  let server: MetadataStoreServer;
  const opened: OutputsStore[] = [];
  const open = (host = server.host, timeout = 30_000, signal?: AbortSignal): OutputsStore => {
    const store = metadataStore({ host, secure: false }, { timeout, ...(signal && { signal }) });
    opened.push(store);
    return store;
  };

  before(async function () {
    server = await MetadataStoreServer.startOrSkip(this);
  });
  after(async () => {
    for (const store of opened) store.close();
    await (server as MetadataStoreServer | undefined)?.stop();
  });

  it('tells a run’s metrics and artifacts, each with its step', async () => {
    await server.put(RUN, [
      { ...METRICS, metrics: { accuracy: 0.93, rows: 1200 } },
      { type: 'system.Model', name: 'model', uri: MODEL },
      { type: 'system.Dataset', name: 'elsewhere', uri: 's3://bucket/of/its/own' },
      { type: 'system.ClassificationMetrics', name: 'matrix' },
    ]);
    await server.put('another', [{ ...METRICS, metrics: { accuracy: 0.5 } }]);
    const { metrics, artifacts, unread } = await open().read(RUN);
    expect(metrics.toSorted((a, b) => (a.name < b.name ? -1 : 1))).to.deep.equal([
      { name: 'accuracy', value: 0.93, step: 'train' },
      { name: 'rows', value: 1200, step: 'train' },
    ]);
    expect(artifacts).to.deep.equal([
      { type: 'Model', name: 'model', uri: MODEL, step: 'train' },
      { type: 'Dataset', name: 'elsewhere', uri: 's3://bucket/of/its/own' },
      { type: 'ClassificationMetrics', name: 'matrix', uri: '' },
    ]);
    expect(unread).to.equal(0);
  });

  it('knows nothing of a run without outputs', async () => {
    expect(await open().read('unknown')).to.deep.equal({ metrics: [], artifacts: [], unread: 0 });
  });

  it('reads page after page, in the order in which it was stored', async () => {
    const names = Array.from({ length: 230 }, (_, i) => `output-${i}`);
    await server.put(
      'pages',
      names.map((name) => ({ type: 'system.Artifact', name })),
    );
    const { artifacts } = await open().read('pages');
    expect(artifacts.map(({ name }) => name)).to.deep.equal(names);
  });

  it('reads names of any length and form', async () => {
    const name = `{{workflow.name}}|\n${'x'.repeat(100_000)}`;
    await server.put('hostile', [{ ...METRICS, metrics: { [name]: 1 } }]);
    expect((await open().read('hostile')).metrics).to.deep.equal([{ name, value: 1, step: 'train' }]);
  });

  it('says what to check where nothing listens', async () => {
    const error = await failure(open('127.0.0.1:1').read(RUN), ServiceError);
    expect(error.message).to.equal('Metadata store at 127.0.0.1:1: no connection');
    expect(error.nextStep).to.equal(
      'Check `kfp.outputs`, and that NetworkPolicies let the step `run` reach the address.',
    );
  });

  describe('that hangs', () => {
    let silent: Server;
    let host: string;
    const sockets: Socket[] = [];
    before(async () => {
      silent = createServer((socket) => sockets.push(socket.on('error', () => undefined).resume()));
      silent.listen(0, '127.0.0.1');
      await once(silent, 'listening');
      host = `127.0.0.1:${(silent.address() as AddressInfo).port}`;
    });
    after(() => {
      silent.close();
      for (const socket of sockets) socket.destroy();
    });

    it('gives no answer within the time limit', async () => {
      const error = await failure(open(host, 200).read(RUN), ServiceError);
      expect(error.problem).to.match(/^no (?:answer within 0\.2 s|connection)$/);
    });

    it('is left at once by a step that is stopped', async () => {
      const stop = new AbortController();
      const reading = open(host, 600_000, stop.signal).read(RUN);
      stop.abort(new Error('stopped'));
      expect((await failure(reading, Error)).message).to.equal('stopped');
    });
  });
});

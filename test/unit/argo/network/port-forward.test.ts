import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import { type AddressInfo, connect, type Socket } from 'node:net';

import { KubeConfig } from '@kubernetes/client-node';
import { expect } from 'chai';

import { clientFor, type ClusterClient } from '../../../../argo/client/client.js';
import { forwardService, type ForwardedPort } from '../../../../argo/network/port-forward.js';
import { forwardStore, readStoreKeys } from '../../../../argo/network/reach-store.js';
import { ServiceError } from '../../../../schema/errors.js';
import { fakeApi, json } from '../fake-api.js';
import { acceptWebSocket, type WebSocketEnd } from '../web-socket.js';

const MINIO = { service: 'minio', namespace: 'store', port: 9000, certain: true };
const POD = {
  metadata: { name: 'minio-0' },
  spec: { containers: [{ ports: [{ name: 'api', containerPort: 9123 }] }] },
  status: { conditions: [{ type: 'Ready', status: 'True' }] },
};

/** An API server with one Service, whose pods say back what they are told. */
class Cluster {
  service: unknown = { spec: { selector: { app: 'minio' }, ports: [{ port: 9000, targetPort: 'api' }] } };
  pods: unknown[] = [POD];
  /** Instead of a web socket. */
  refuse: number | undefined;
  /** What comes on the channel for errors. */
  complaint: string | undefined;
  readonly forwards: string[] = [];
  readonly tunnels: WebSocketEnd[] = [];
  #server: Server | undefined;
  client!: ClusterClient;

  async start(): Promise<void> {
    const server = createServer((request, response) => {
      if (request.url?.includes('/services/')) json(response, this.service ? 200 : 404, this.service ?? {});
      else json(response, 200, { items: this.pods });
    });
    server.on('upgrade', (request, socket) => {
      this.forwards.push(request.url ?? '');
      if (this.refuse !== undefined) {
        socket.end(`HTTP/1.1 ${this.refuse} No\r\ncontent-length: 0\r\nconnection: close\r\n\r\n`);
        return;
      }
      const end = acceptWebSocket(request, socket, (message) => {
        // The first byte is the channel: data, and nothing else comes from here.
        expect(message[0]).to.equal(0);
        end.send(message);
      });
      this.tunnels.push(end);
      // Each channel begins with the port.
      const port = Buffer.from([0x23, 0xa3]);
      end.send(Buffer.concat([Buffer.from([0]), port]));
      end.send(Buffer.concat([Buffer.from([1]), port]));
      if (this.complaint !== undefined)
        end.send(Buffer.concat([Buffer.from([1]), Buffer.from(this.complaint)]));
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    this.#server = server;
    const kubeConfig = new KubeConfig();
    const { port } = server.address() as AddressInfo;
    kubeConfig.loadFromClusterAndUser(
      { name: 'fake', server: `http://127.0.0.1:${port}`, skipTLSVerify: true },
      { name: 'user', token: 'token' },
    );
    this.client = clientFor(kubeConfig);
  }

  stop(): void {
    for (const tunnel of this.tunnels) tunnel.close();
    this.#server?.closeAllConnections();
    this.#server?.close();
  }
}

async function open(port: ForwardedPort): Promise<Socket> {
  const [host, number] = port.endpoint.split(':');
  const socket = connect(Number(number), host);
  await once(socket, 'connect');
  return socket;
}

/** Sends, and reads back as many bytes. */
async function echo(socket: Socket, data: Buffer): Promise<Buffer> {
  socket.write(data);
  const chunks: Buffer[] = [];
  let length = 0;
  while (length < data.length) {
    const [chunk] = (await once(socket, 'data')) as [Buffer];
    chunks.push(chunk);
    length += chunk.length;
  }
  return Buffer.concat(chunks);
}

async function failure(work: Promise<unknown>): Promise<ServiceError> {
  const error = await work.then(
    () => undefined,
    (error: unknown) => error,
  );
  expect(error).to.be.instanceOf(ServiceError);
  return error as ServiceError;
}

describe('argo/port-forward', () => {
  let cluster: Cluster;
  let port: ForwardedPort | undefined;
  beforeEach(async () => {
    cluster = new Cluster();
    await cluster.start();
  });
  afterEach(async () => {
    await port?.close();
    port = undefined;
    cluster.stop();
  });

  it('leads to a ready pod of the Service, at the port on which it listens, on this machine only', async () => {
    port = await forwardService(cluster.client, MINIO);
    expect(port.endpoint).to.match(/^127\.0\.0\.1:\d+$/);
    const socket = await open(port);
    expect((await echo(socket, Buffer.from('hello'))).toString()).to.equal('hello');
    expect(cluster.forwards).to.deep.equal(['/api/v1/namespaces/store/pods/minio-0/portforward?ports=9123']);
    expect(port.failure()).to.equal(undefined);
    socket.destroy();
  });

  it('carries several connections at once, byte for byte', async () => {
    port = await forwardService(cluster.client, MINIO);
    const sockets = await Promise.all([open(port), open(port), open(port)]);
    const data = sockets.map(() => randomBytes(3 * 1024 * 1024));
    const back = await Promise.all(sockets.map((socket, at) => echo(socket, data[at]!)));
    for (const [at, bytes] of back.entries()) expect(bytes.equals(data[at]!)).to.equal(true);
    expect(cluster.forwards).to.have.length(3);
    for (const socket of sockets) socket.destroy();
  });

  it('looks for another pod for the next connection when the pod has gone', async () => {
    port = await forwardService(cluster.client, MINIO);
    const first = await open(port);
    await echo(first, Buffer.from('x'));
    cluster.pods = [{ ...POD, metadata: { name: 'minio-1' } }];
    const closed = once(first, 'close');
    cluster.tunnels[0]!.close();
    await closed;

    const second = await open(port);
    expect((await echo(second, Buffer.from('again'))).toString()).to.equal('again');
    expect(cluster.forwards.at(-1)).to.include('/pods/minio-1/');
    second.destroy();
  });

  it('closes its connections with itself', async () => {
    port = await forwardService(cluster.client, MINIO);
    const socket = await open(port);
    await echo(socket, Buffer.from('x'));
    const closed = once(socket, 'close');
    await port.close();
    await closed;
    port = undefined;
  });

  it('says that a right is missing, and what to do without it', async () => {
    cluster.refuse = 403;
    port = await forwardService(cluster.client, MINIO);
    const socket = await open(port);
    await once(socket, 'close');
    expect(port.failure()).to.include({ status: 403 });
    expect(port.failure()!.problem).to.include('minio-0 in store');
    expect(port.failure()!.nextStep).to.include('KFOPS_MINIO_ENDPOINT').and.to.include('reach-minio.yaml');
  });

  it('says that nothing listens in the pod', async () => {
    cluster.complaint = 'connection refused';
    port = await forwardService(cluster.client, MINIO);
    const socket = await open(port);
    await once(socket, 'close');
    expect(port.failure()!.message).to.include('minio in store').and.to.include('connection refused');
  });

  const unusable: readonly (readonly [what: string, prepare: (cluster: Cluster) => void, says: string])[] = [
    ['no Service', (cluster) => (cluster.service = undefined), 'reading the Service minio in store'],
    [
      'no such port',
      (cluster) => (cluster.service = { spec: { ports: [{ port: 80 }] } }),
      'has no port 9000',
    ],
    [
      'no selector',
      (cluster) => (cluster.service = { spec: { ports: [{ port: 9000 }] } }),
      'selects no pods',
    ],
    ['no pod', (cluster) => (cluster.pods = []), 'none of the 0 pods'],
    [
      'no pod that is ready',
      (cluster) =>
        (cluster.pods = [{ ...POD, status: { conditions: [{ type: 'Ready', status: 'False' }] } }]),
      'none of the 1 pods',
    ],
    [
      'a pod that is going',
      (cluster) =>
        (cluster.pods = [
          { ...POD, metadata: { name: 'minio-0', deletionTimestamp: '2026-01-01T00:00:00Z' } },
        ]),
      'none of the 1 pods',
    ],
  ];
  for (const [what, prepare, says] of unusable) {
    it(`refuses ${what} before it opens anything`, async () => {
      prepare(cluster);
      const error = await failure(forwardService(cluster.client, MINIO));
      expect(error.message).to.include(says);
      expect(error.nextStep).to.not.equal('');
    });
  }
});

describe('argo/reach-store', () => {
  it('takes a host that is no Service as it is', async () => {
    const api = await fakeApi((_, response) => {
      json(response, 404, {});
    });
    try {
      expect(await forwardStore(api.client, 'play.min.example.com:9000')).to.equal(undefined);
      expect(api.requests).to.deep.equal([]);
      expect(await forwardStore(api.client, 'minio.example:9000')).to.equal(undefined);
      await failure(forwardStore(api.client, 'minio.store.svc:9000'));
    } finally {
      await api.close();
    }
  });

  it('reads the keys from the first Secret that it may read', async () => {
    const api = await fakeApi((request, response) => {
      if (request.url?.includes('/namespaces/store/')) json(response, 403, { reason: 'Forbidden' });
      else json(response, 200, { data: { a: 'bWluaW8=', s: 'c2VjcmV0Cg==' } });
    });
    try {
      const secret = { name: 'keys', access_key: 'a', secret_key: 's' };
      expect(await readStoreKeys(api.client, ['store', 'kfops'], secret)).to.deep.equal({
        accessKey: 'minio',
        secretKey: 'secret',
      });
      const refused = await failure(readStoreKeys(api.client, ['store', 'store'], secret));
      expect(refused.nextStep).to.include('KFOPS_MINIO_ACCESS_KEY');
      const empty = await failure(readStoreKeys(api.client, ['kfops'], { ...secret, access_key: 'other' }));
      expect(empty.problem).to.include('does not hold other and s');
    } finally {
      await api.close();
    }
  });
});

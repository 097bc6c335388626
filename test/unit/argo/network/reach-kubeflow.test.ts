import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import { type AddressInfo, connect } from 'node:net';

import { KubeConfig } from '@kubernetes/client-node';
import { expect } from 'chai';

import { clientFor, type ClusterClient } from '../../../../argo/client/client.js';
import { KubernetesError } from '../../../../argo/client/errors.js';
import { reachKubeflow, type ReachedKubeflow } from '../../../../argo/network/reach-kubeflow.js';
import { kfpClient } from '../../../../pipeline/kfp.js';
import { listSchedules } from '../../../../pipeline/schedules/apply-schedules.js';
import { ServiceError } from '../../../../schema/errors.js';
import { KfpServer } from '../../../fixtures/kfp-server.js';
import { json } from '../fake-api.js';
import { acceptWebSocket } from '../web-socket.js';

const POD = {
  metadata: { name: 'ml-pipeline-0' },
  spec: { containers: [{ ports: [{ containerPort: 8888 }] }] },
  status: { conditions: [{ type: 'Ready', status: 'True' }] },
};
const PLACE = {
  endpoint: 'http://ml-pipeline.kubeflow.svc.cluster.local:8888',
  audience: 'pipelines.kubeflow.org',
  account: 'kfops-publisher',
  namespace: 'kfops',
};
const OWNER = { repository: 'acme/flowers', namespace: 'ds' };

/** An API server that forwards to the stand-in of Kubeflow Pipelines, and gives tokens. */
describe('argo/reach-kubeflow', () => {
  let kubeflow: KfpServer;
  let api: Server;
  let client: ClusterClient;
  let reached: ReachedKubeflow | undefined;
  /** Statuses of refusals, by what is asked for. */
  let refused: Partial<Record<'token' | 'service' | 'portforward', number>>;
  const asked: unknown[] = [];
  const forwards: string[] = [];

  beforeEach(async () => {
    asked.length = 0;
    forwards.length = 0;
    refused = {};
    kubeflow = await KfpServer.start();
    kubeflow.token = 'of-the-publisher';
    api = createServer((request, response) => {
      const { url = '' } = request;
      let body = '';
      request.on('data', (chunk: Buffer) => (body += chunk.toString()));
      request.on('end', () => {
        if (url.endsWith('/token')) {
          asked.push([url, JSON.parse(body)]);
          const { token = 201 } = refused;
          json(
            response,
            token,
            token < 300 ? { status: { token: 'of-the-publisher' } } : { message: 'no token' },
          );
        } else if (url.includes('/services/')) {
          const spec = { selector: { app: 'ml-pipeline' }, ports: [{ port: 8888 }] };
          json(response, refused.service ?? 200, { spec });
        } else json(response, 200, { items: [POD] });
      });
    });
    api.on('upgrade', (request, socket) => {
      forwards.push(request.url ?? '');
      if (refused.portforward !== undefined) {
        socket.end(`HTTP/1.1 ${refused.portforward} No\r\ncontent-length: 0\r\nconnection: close\r\n\r\n`);
        return;
      }
      const { port } = new URL(kubeflow.endpoint);
      const target = connect(Number(port), '127.0.0.1');
      target.on('error', () => undefined);
      const end = acceptWebSocket(request, socket, (message) => target.write(message.subarray(1)));
      for (const channel of [0, 1]) end.send(Buffer.from([channel, 0xb8, 0x22]));
      target.on('data', (chunk: Buffer) => {
        end.send(Buffer.concat([Buffer.from([0]), chunk]));
      });
      socket.on('close', () => target.destroy());
    });
    api.listen(0, '127.0.0.1');
    await once(api, 'listening');
    const kubeConfig = new KubeConfig();
    kubeConfig.loadFromClusterAndUser(
      {
        name: 'fake',
        server: `http://127.0.0.1:${(api.address() as AddressInfo).port}`,
        skipTLSVerify: true,
      },
      { name: 'user', token: 'of-the-user' },
    );
    client = clientFor(kubeConfig);
  });
  afterEach(async () => {
    await reached?.close();
    reached = undefined;
    api.closeAllConnections();
    api.close();
    await kubeflow.stop();
  });

  /** Lists through what was reached, as the command does. */
  const list = async (place = PLACE): Promise<readonly unknown[]> => {
    reached = await reachKubeflow(client, place);
    const { endpoint, token } = reached;
    return listSchedules(kfpClient({ endpoint, ...(token !== undefined && { token }), attempts: 1 }), OWNER);
  };
  const failure = async (work: Promise<unknown>): Promise<ServiceError> => {
    const error = await work.then(
      () => undefined,
      (each: unknown) => each,
    );
    expect(error).to.be.instanceOf(ServiceError);
    return error as ServiceError;
  };

  it('forwards a port to the pod, and asks with a token that is for Kubeflow Pipelines only', async () => {
    expect(await list()).to.deep.equal([]);
    expect(forwards).to.deep.equal(['/api/v1/namespaces/kubeflow/pods/ml-pipeline-0/portforward?ports=8888']);
    expect(asked).to.deep.equal([
      [
        '/api/v1/namespaces/kfops/serviceaccounts/kfops-publisher/token',
        {
          apiVersion: 'authentication.k8s.io/v1',
          kind: 'TokenRequest',
          spec: { audiences: ['pipelines.kubeflow.org'], expirationSeconds: 600 },
        },
      ],
    ]);
    expect(kubeflow.calls[0]?.authorization).to.equal('Bearer of-the-publisher');
  });

  it('asks at another address directly, and keeps its path', async () => {
    expect(await list({ ...PLACE, endpoint: kubeflow.endpoint })).to.deep.equal([]);
    expect(forwards).to.deep.equal([]);
    for (const named of ['https://kfp.example.com/pipeline', 'https://ml-pipeline.kubeflow.svc:8888'])
      expect((await reachKubeflow(client, { ...PLACE, endpoint: named })).endpoint).to.equal(named);
    expect(forwards).to.deep.equal([]);
  });

  it('goes on without a token where none is given: an installation for one user needs none', async () => {
    refused = { token: 403 };
    kubeflow.token = undefined;
    expect(await list()).to.deep.equal([]);
    expect(reached?.token).to.equal(undefined);
    expect(reached?.withoutToken?.problem).to.include('kfops-publisher in kfops').and.to.include('no token');
    expect(reached?.withoutToken?.nextStep).to.include('deploy/laptop/reach-kubeflow.yaml');
    refused = { token: 404 };
    const { withoutToken } = await reachKubeflow(client, { ...PLACE, endpoint: kubeflow.endpoint });
    expect(withoutToken?.nextStep).to.include('`service_accounts.publisher`');
  });

  it('says which right is missing', async () => {
    refused = { service: 403 };
    const service = await failure(reachKubeflow(client, PLACE));
    expect(service).to.be.instanceOf(KubernetesError);
    expect(service.nextStep).to.include('kfops-reach-kubeflow').and.not.to.include('MINIO');
    refused = { portforward: 403 };
    const error = await failure(list());
    const told = reached?.explain(error) as ServiceError;
    expect(told.problem).to.include('ml-pipeline-0').and.to.include('refused (403)');
    expect(told.nextStep).to.include('kfops-reach-kubeflow');
  });

  it('says that the settings name no Service', async () => {
    refused = { service: 404 };
    expect((await failure(reachKubeflow(client, PLACE))).nextStep).to.include('check `kfp.endpoint`');
    const host = { ...PLACE, endpoint: 'http://kfp.example:8888' };
    expect((await reachKubeflow(client, host)).endpoint).to.equal(host.endpoint);
  });
});

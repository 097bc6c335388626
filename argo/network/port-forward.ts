import { once } from 'node:events';
import { createServer, type AddressInfo, type Socket } from 'node:net';
import { PassThrough, Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';

import { PortForward } from '@kubernetes/client-node';

import { ServiceError } from '../../schema/errors.js';
import type { ClusterClient } from '../client/client.js';
import { KubernetesError, noAnswer } from '../client/errors.js';
import type { ServiceName } from './service-name.js';
import { findServicePod, type ServicePod } from './service-pod.js';

/** A port of this machine that leads to a Service of the cluster. */
export interface ForwardedPort {
  /** `127.0.0.1:port` */
  readonly endpoint: string;
  /** Why the last connection through it failed; undefined when it did not. */
  readonly failure: () => ServiceError | undefined;
  /** Ends it with every connection. */
  readonly close: () => Promise<void>;
}

/** The web socket of one connection, as far as it is used. */
interface Tunnel {
  readonly send: (data: Uint8Array, sent: (error?: Error) => void) => void;
  readonly close: () => void;
  onclose: (() => void) | null;
}

/** The number of the data stream, in front of each message. */
const DATA = Buffer.from([0]);

/**
 * Forwards a port of this machine, open to this machine only, to a pod behind a Service, as `kubectl port-forward`
 * does. Each connection is a web socket of its own; where the pod has gone meanwhile, the next connection looks for
 * another one.
 *
 * @throws ServiceError when there is no such Service or no pod behind it, before anything is opened
 */
export async function forwardService(client: ClusterClient, name: ServiceName): Promise<ForwardedPort> {
  const forwarder = new PortForward(client.kubeConfig);
  const sockets = new Set<Socket>();
  let target: ServicePod | undefined = await findServicePod(client, name);
  let failure: ServiceError | undefined;

  async function connect(socket: Socket): Promise<void> {
    failure = undefined;
    const { pod, port } = (target ??= await findServicePod(client, name));
    const said = new PassThrough();
    said.once('data', (text: Buffer) => {
      failure = broken(client, name, text.toString('utf8').trim());
      socket.destroy();
    });
    const input = new PassThrough();
    const tunnel = await open(forwarder, [name.namespace, pod, [port], socket, said, input]).catch(
      (error: unknown) => {
        throw explainOpening(client, name, pod, error);
      },
    );
    tunnel.onclose = () => {
      // The pod or the way to it has gone: the next connection looks again.
      if (!socket.destroyed) target = undefined;
      socket.destroy();
    };
    try {
      // By `send`'s own answer: the library would take in the whole of an upload before the network has it.
      await pipeline(socket, framesTo(tunnel));
    } finally {
      tunnel.close();
    }
  }

  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
    // Either end may break off; the client at this end sees it and tries again.
    socket.on('error', () => undefined);
    connect(socket).catch((error: unknown) => {
      target = undefined;
      if (error instanceof ServiceError) failure = error;
      socket.destroy();
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    endpoint: `127.0.0.1:${(server.address() as AddressInfo).port}`,
    failure: () => failure,
    close: async () => {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

function framesTo(tunnel: Tunnel): Writable {
  return new Writable({
    write(chunk: Buffer, _encoding, done) {
      tunnel.send(Buffer.concat([DATA, chunk]), done);
    },
  });
}

/** The library rejects with an event that holds the error, and gives a type that only browsers know. */
async function open(
  forwarder: PortForward,
  arguments_: Parameters<PortForward['portForward']>,
): Promise<Tunnel> {
  try {
    const opened: unknown = await forwarder.portForward(...arguments_);
    return opened as Tunnel;
  } catch (event) {
    throw event instanceof Error ? event : ((event as { error?: Error }).error ?? new Error('no connection'));
  }
}

function explainOpening(
  client: ClusterClient,
  { namespace }: ServiceName,
  pod: string,
  error: unknown,
): ServiceError {
  const what = `forwarding a port to the pod ${pod} in ${namespace}`;
  // All that the web socket library keeps of an answer is its status, in the text.
  const status = Number(/^Unexpected server response: (\d+)$/.exec((error as Error).message)?.[1] ?? 0);
  if (status === 0) return noAnswer(client.address, what, error);
  const refused = `${what} was refused (${status})`;
  const nextStep =
    status === 401 || status === 403
      ? `set KFOPS_MINIO_ENDPOINT to an address at which this machine reaches the object store, or ask for the Role kfops-reach-minio in ${namespace} (deploy/laptop/reach-minio.yaml)`
      : 'try again; a proxy between here and the API server must let web sockets through';
  return new KubernetesError(client.address, refused, nextStep, status, '', { cause: error });
}

function broken(
  client: ClusterClient,
  { service, namespace, port }: ServiceName,
  said: string,
): ServiceError {
  return new ServiceError(
    'Kubernetes API',
    client.address,
    `the port ${port} that is forwarded to ${service} in ${namespace} leads nowhere: ${said}`,
    `check that its pod listens there: kubectl -n ${namespace} get pods`,
  );
}

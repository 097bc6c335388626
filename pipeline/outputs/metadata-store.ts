import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

import { Client, credentials, Metadata, status, type ServiceError as GrpcError } from '@grpc/grpc-js';
import { loadSync, type MethodDefinition } from '@grpc/proto-loader';

import { backoffMs, jitter } from '../../common/backoff.js';
import { recordOf, type JsonRecord } from '../../common/json.js';
import { ServiceError } from '../../schema/errors.js';
import { outputsOf, type StoredArtifact } from './metadata-artifacts.js';
import { MOST_READ, type OutputsStore, type StoreOptions } from './ports.js';

/** Where the metadata store is. */
export interface StoreAddress {
  /** `host:port` */
  readonly host: string;
  readonly secure: boolean;
}

/** Client of https://github.com/google/ml-metadata: its server calls a run a context of this type. */
const RUN_TYPE = 'system.PipelineRun';
const PAGE = 100;
/** Of one answer, in bytes: names and values come from code of the repository. */
const LARGEST_ANSWER = 16 * 2 ** 20;
const ATTEMPTS = 3;
const BACKOFF = { firstMs: 500, longestMs: 4000 };
/** Nothing is written, so that each call can be repeated. */
const PASSING = new Set([status.UNAVAILABLE, status.ABORTED]);
const LONGEST_DETAILS = 300;

/** The calls of the service. */
type Method = 'GetContextByTypeAndName' | 'GetArtifactsByContext';

const METHODS = loadSync(fileURLToPath(new URL('metadata_store.proto', import.meta.url)), {
  longs: String,
  keepCase: true,
})['ml_metadata.MetadataStoreService'] as unknown as Readonly<
  Record<Method, MethodDefinition<object, object>>
>;

/**
 * Kubeflow's metadata store (`metadata-grpc-service`), which Kubeflow Pipelines up to 2.17 writes. It asks nobody who
 * they are.
 */
export function metadataStore({ host, secure }: StoreAddress, options: StoreOptions): OutputsStore {
  const { timeout, signal } = options;
  const deadline = Date.now() + timeout;
  const client = new Client(host, secure ? credentials.createSsl() : credentials.createInsecure(), {
    'grpc.max_receive_message_length': LARGEST_ANSWER,
    // It is in the cluster, as the endpoint of Kubeflow Pipelines is.
    'grpc.enable_http_proxy': 0,
  });
  const call = async (method: Method, request: object): Promise<JsonRecord> => {
    for (let attempt = 1; ; attempt++) {
      try {
        return await once(client, method, request, deadline, signal);
      } catch (error) {
        signal?.throwIfAborted();
        const { code, details } = error as GrpcError;
        const pause = jitter(backoffMs(BACKOFF, attempt));
        if (!PASSING.has(code) || attempt >= ATTEMPTS || Date.now() + pause >= deadline)
          throw refusal(host, code, details, timeout);
        await sleep(pause, undefined, signal && { signal });
      }
    }
  };
  return {
    read: async (runId) => {
      const { context } = await call('GetContextByTypeAndName', {
        type_name: RUN_TYPE,
        context_name: runId,
      });
      const { id } = recordOf(context);
      return outputsOf(id === undefined ? [] : await artifactsOf(call, id));
    },
    close: () => {
      client.close();
    },
  };
}

async function artifactsOf(
  call: (method: Method, request: object) => Promise<JsonRecord>,
  contextId: unknown,
): Promise<readonly StoredArtifact[]> {
  const found: StoredArtifact[] = [];
  let page: unknown;
  do {
    const { artifacts, next_page_token: next } = await call('GetArtifactsByContext', {
      context_id: contextId,
      options: {
        max_result_size: PAGE,
        order_by_field: { field: 'ID', is_asc: true },
        ...(page !== undefined && { next_page_token: page }),
      },
    });
    found.push(...((artifacts ?? []) as readonly StoredArtifact[]));
    page = next;
  } while (typeof page === 'string' && page !== '' && found.length < MOST_READ);
  return found;
}

function once(
  client: Client,
  name: Method,
  request: object,
  deadline: number,
  signal: AbortSignal | undefined,
): Promise<JsonRecord> {
  const { path, requestSerialize, responseDeserialize } = METHODS[name];
  return new Promise((resolve, reject) => {
    signal?.throwIfAborted();
    const call = client.makeUnaryRequest(
      path,
      requestSerialize,
      responseDeserialize,
      request,
      new Metadata(),
      { deadline },
      (error, answer) => {
        signal?.removeEventListener('abort', cancel);
        if (error) reject(error);
        else resolve(recordOf(answer));
      },
    );
    const cancel = (): void => {
      call.cancel();
    };
    signal?.addEventListener('abort', cancel, { once: true });
  });
}

function refusal(host: string, code: status, details: string, timeout: number): ServiceError {
  const [problem, nextStep] = explain(code, details, timeout);
  return new ServiceError('Metadata store', host, problem, nextStep);
}

function explain(code: status, details: string, timeout: number): [problem: string, nextStep: string] {
  if (code === status.DEADLINE_EXCEEDED)
    return [`no answer within ${timeout / 1000} s`, 'Check that metadata-grpc-deployment runs.'];
  if (code === status.UNAVAILABLE)
    return [
      'no connection',
      'Check `kfp.outputs`, and that NetworkPolicies let the step `run` reach the address.',
    ];
  // eslint-disable-next-line no-control-regex -- these are what is replaced
  const said = details.replace(/[\u0000-\u001f\u007f]+/g, ' ').slice(0, LONGEST_DETAILS);
  return [`${status[code]}: ${said}`, 'Check that `kfp.outputs` is the address of metadata-grpc-service.'];
}

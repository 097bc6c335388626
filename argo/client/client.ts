import { request as httpRequest, type IncomingMessage } from 'node:http';
import { request as httpsRequest, type RequestOptions } from 'node:https';

import type { KubeConfig } from '@kubernetes/client-node';

import { trimEndOf } from '../../schema/trim-end.js';
import { parseAnswer } from './answer.js';
import { needsMending, noAnswer, refusal, unusableCredentials } from './errors.js';
import { loadKubeConfig, type ClusterChoice } from './kubeconfig.js';
import { CALL_PATIENCE, FOLLOW_PATIENCE, type Patience } from './patience.js';
import { readBody } from './read-body.js';

/** One call of the Kubernetes API. */
export interface ApiCall {
  /** For error messages: "creating the workflow x". */
  readonly what: string;
  readonly method?: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** From the server's root, each segment encoded: {@link apiPath}. */
  readonly path: string;
  readonly query?: Readonly<Record<string, string | number | boolean | undefined>>;
  readonly body?: unknown;
  readonly contentType?: string;
  /** Default: `application/json`. */
  readonly accept?: string;
  readonly signal?: AbortSignal | undefined;
}

/** The Kubernetes API as the parts of this folder use it. */
export interface ClusterClient {
  /** The API server, as the kubeconfig names it. */
  readonly address: string;
  /** The namespace of the kubeconfig's context, if it names one. */
  readonly namespace: string | undefined;
  readonly kubeConfig: KubeConfig;
  /** This process runs in a pod of the cluster. */
  readonly inCluster: boolean;
  /** With one call. */
  readonly patience: Patience;
  /** With a workflow that is being followed. */
  readonly followPatience: Patience;
  /**
   * Calls and reads the whole answer.
   *
   * @throws KubernetesError
   */
  call<T>(call: ApiCall): Promise<T>;
  /**
   * Calls and gives the answer as it comes (a watch, a log). The caller ends it by `signal` or by destroying it.
   *
   * @throws KubernetesError
   */
  stream(call: ApiCall): Promise<IncomingMessage>;
}

/** How a client retries when the cluster does not answer. */
export interface ClientOptions {
  /** Milliseconds after which a call without an answer is given up. Default: 30 s. */
  readonly timeoutMs?: number;
  /** Default: {@link CALL_PATIENCE}. */
  readonly patience?: Patience;
  /** Default: {@link FOLLOW_PATIENCE}. */
  readonly followPatience?: Patience;
  /**
   * Until the cluster has answered once, a refused connection, an unknown host and a certificate that is not trusted
   * are final: somebody waits, and only a person can mend them. Afterwards the API server restarts.
   */
  readonly failFast?: boolean;
}

const TIMEOUT_MS = 30_000;

/**
 * A client for the cluster that is chosen. Talks to nobody yet.
 *
 * @throws ConfigError when there is no such cluster
 */
export function connectCluster(choice: ClusterChoice = {}, options: ClientOptions = {}): ClusterClient {
  return clientFor(loadKubeConfig(choice), options);
}

/** A client for the current context of a kubeconfig. */
export function clientFor(
  kubeConfig: KubeConfig,
  {
    timeoutMs = TIMEOUT_MS,
    patience = CALL_PATIENCE,
    followPatience = FOLLOW_PATIENCE,
    failFast = false,
  }: ClientOptions = {},
): ClusterClient {
  const address = trimEndOf(kubeConfig.getCurrentCluster()?.server ?? '', '/');
  let answered = false;

  async function open(call: ApiCall, signal: AbortSignal): Promise<IncomingMessage> {
    const url = new URL(address + call.path);
    for (const [name, value] of Object.entries(call.query ?? {})) {
      if (value !== undefined) url.searchParams.set(name, String(value));
    }
    const options: RequestOptions = {
      method: call.method ?? 'GET',
      signal,
      headers: { accept: call.accept ?? 'application/json' },
    };
    const body = call.body === undefined ? undefined : JSON.stringify(call.body);
    if (body !== undefined) {
      options.headers = {
        accept: call.accept ?? 'application/json',
        'content-type': call.contentType ?? 'application/json',
        'content-length': Buffer.byteLength(body),
      };
    }
    // Adds the authorization header and an agent with the cluster's certificates and proxy.
    await kubeConfig.applyToHTTPSOptions(options).catch((error: unknown) => {
      throw unusableCredentials(address, error);
    });
    const response = await new Promise<IncomingMessage>((resolve, reject) => {
      const request = (url.protocol === 'http:' ? httpRequest : httpsRequest)(url, options, resolve);
      request.on('error', reject);
      request.end(body);
    });
    answered = true;
    const status = response.statusCode ?? 0;
    if (status >= 200 && status < 300) return response;
    throw refusal(address, call.what, status, await readBody(response), response.headers['retry-after']);
  }

  /** Runs `work` with a signal that also fires when it takes too long; turns what is not an answer into our error. */
  async function within<T>(
    call: ApiCall,
    work: (signal: AbortSignal, inTime: () => void) => Promise<T>,
  ): Promise<T> {
    const late = new AbortController();
    const timer = setTimeout(() => {
      late.abort(Object.assign(new Error('no answer in time'), { code: 'ETIMEDOUT' }));
    }, timeoutMs);
    const inTime = (): void => {
      clearTimeout(timer);
    };
    try {
      return await work(call.signal ? AbortSignal.any([call.signal, late.signal]) : late.signal, inTime);
    } catch (error) {
      if (call.signal?.aborted) throw call.signal.reason;
      if (late.signal.aborted) throw noAnswer(address, call.what, late.signal.reason);
      if (error instanceof Error && error.name === 'ServiceError') throw error;
      throw noAnswer(address, call.what, error, failFast && !answered && needsMending(error));
    } finally {
      inTime();
    }
  }

  return {
    address,
    namespace: kubeConfig.getContextObject(kubeConfig.getCurrentContext())?.namespace,
    kubeConfig,
    patience,
    followPatience,
    // The name that the library gives to a pod's own service account.
    inCluster: kubeConfig.getCurrentContext() === 'inClusterContext',
    call: <T>(call: ApiCall) =>
      within(call, async (signal) => parseAnswer(await readBody(await open(call, signal))) as T),
    stream: (call) =>
      within(call, async (signal, inTime) => {
        const response = await open(call, signal);
        inTime();
        return response;
      }),
  };
}

/** `apiPath('api', 'v1', 'namespaces', name)`: each segment encoded, so that a name never becomes a path. */
export function apiPath(...segments: readonly string[]): string {
  return segments.map((segment) => `/${encodeURIComponent(segment)}`).join('');
}

/** Path of a namespace's workflows, or of one of them. */
export function workflowPath(namespace: string, ...rest: readonly string[]): string {
  return apiPath('apis', 'argoproj.io', 'v1alpha1', 'namespaces', namespace, 'workflows', ...rest);
}

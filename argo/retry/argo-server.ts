import { readFileSync } from 'node:fs';
import { request as httpRequest, type IncomingMessage, type RequestOptions } from 'node:http';
import { request as httpsRequest } from 'node:https';

import type { KubeConfig } from '@kubernetes/client-node';

import { ConfigError } from '../../schema/diagnostic.js';
import { trimEndOf } from '../../schema/trim-end.js';
import { apiPath } from '../client/client.js';
import { jsonOf, unusableCredentials } from '../client/errors.js';
import { readBody } from '../client/read-body.js';
import type { ObservedWorkflow } from '../status/observed.js';
import { notArgo, refused, unanswered } from './argo-server-errors.js';

/** Where Argo's server is, and how it is known. */
export interface ArgoServerAddress {
  /** `https://argo.example.com`, and the path before `/api/v1`. */
  readonly endpoint: string;
  /** File with the certificates (PEM) that vouch for it. */
  readonly caFile?: string;
  /** Whether its certificate is checked. */
  readonly verify: boolean;
  /** File with the token that it is shown; default: the token of the kubeconfig. */
  readonly tokenFile?: string;
}

/**
 * Argo's server, as far as it is used. It does what it is asked with the rights of the token that it is shown
 * (`--auth-mode client`), or with those that it has itself.
 * https://argo-workflows.readthedocs.io/en/release-3.7/rest-api/
 */
export interface ArgoServer {
  readonly address: string;
  /**
   * Its version.
   *
   * @throws ArgoServerError
   */
  version(signal?: AbortSignal): Promise<string>;
  /**
   * Continues a workflow that failed or was stopped: what failed and what depends on it runs again, under the same
   * name.
   *
   * @returns the workflow, running
   * @throws ArgoServerError
   */
  retry(namespace: string, name: string, signal?: AbortSignal): Promise<ObservedWorkflow>;
}

/** Milliseconds after which a call without an answer is given up. The server deletes the pods of what failed first. */
const TIMEOUT_MS = 60_000;

/**
 * Argo's server at this address. Nothing is sent yet.
 *
 * @param kubeConfig - its token is shown to the server where the address has none of its own
 * @throws ConfigError when a file cannot be used
 */
export function argoServer(
  { endpoint, caFile, verify, tokenFile }: ArgoServerAddress,
  kubeConfig: KubeConfig,
  timeout = TIMEOUT_MS,
): ArgoServer {
  const address = trimEndOf(endpoint, '/');
  const secure = address.startsWith('https:');
  const tls = secure
    ? { rejectUnauthorized: verify, ...(caFile !== undefined && { ca: fileOf(caFile, 'ca_file') }) }
    : {};
  const token = tokenFile === undefined ? undefined : tokenOf(tokenFile);

  async function call<T>(
    what: string,
    method: string,
    path: string,
    isAnswer: (value: unknown) => value is T,
    signal: AbortSignal | undefined,
  ): Promise<T> {
    const authorization = token === undefined ? await bearerOf(kubeConfig) : `Bearer ${token}`;
    const late = AbortSignal.timeout(timeout);
    const options: RequestOptions = {
      method,
      ...tls,
      // A new connection: a kept one, about to be closed by the server, would look like a lost answer.
      agent: false,
      signal: signal ? AbortSignal.any([signal, late]) : late,
      headers: {
        accept: 'application/json',
        ...(authorization !== undefined && { authorization }),
        ...(method === 'PUT' && { 'content-type': 'application/json', 'content-length': 2 }),
      },
    };
    let status: number;
    let body: string;
    try {
      const response = await new Promise<IncomingMessage>((resolve, reject) => {
        const request = (secure ? httpsRequest : httpRequest)(`${address}${path}`, options, resolve);
        request.on('error', reject);
        request.end(method === 'PUT' ? '{}' : undefined);
      });
      status = response.statusCode ?? 0;
      body = await readBody(response);
    } catch (error) {
      if (signal?.aborted) throw signal.reason;
      throw unanswered(address, what, late.aborted ? late.reason : error);
    }
    // A redirection is not followed: the token is for this address.
    if (status < 200 || status >= 300) throw refused(address, what, status, body);
    const answer = jsonOf(body);
    if (!isAnswer(answer)) throw notArgo(address, what, status);
    return answer;
  }

  return {
    address,
    version: async (signal) =>
      (await call('asking for its version', 'GET', '/api/v1/version', isVersion, signal)).version,
    retry: (namespace, name, signal) =>
      call(
        `retrying the workflow ${name} in ${namespace}`,
        'PUT',
        apiPath('api', 'v1', 'workflows', namespace, name, 'retry'),
        isWorkflow,
        signal,
      ),
  };
}

function isVersion(value: unknown): value is { readonly version: string } {
  return typeof (value as { version?: unknown } | undefined)?.version === 'string';
}

function isWorkflow(value: unknown): value is ObservedWorkflow {
  const { metadata, spec } = (value ?? {}) as Partial<ObservedWorkflow>;
  return typeof metadata?.name === 'string' && typeof spec === 'object';
}

/**
 * What the kubeconfig's user shows to the Kubernetes API in a header, login programs included. Certificates stay out:
 * Argo's server does not ask for them.
 */
async function bearerOf(kubeConfig: KubeConfig): Promise<string | undefined> {
  const options: RequestOptions = {};
  await kubeConfig.applyToHTTPSOptions(options).catch((error: unknown) => {
    throw unusableCredentials(kubeConfig.getCurrentCluster()?.server ?? '', error);
  });
  const header = (options.headers as Readonly<Record<string, unknown>> | undefined)?.Authorization;
  return typeof header === 'string' ? header : undefined;
}

/** A token that a header can carry. */
function tokenOf(file: string): string {
  const token = fileOf(file, 'token_file').trim();
  if (/^[\x21-\x7e]+$/.test(token)) return token;
  throw unusable(file, 'it holds no token', 'token_file');
}

function fileOf(file: string, setting: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    throw unusable(file, `it cannot be read (${(error as NodeJS.ErrnoException).code ?? 'error'})`, setting);
  }
}

function unusable(file: string, problem: string, setting: string): ConfigError {
  const hint = `argo.server.${setting} in the settings names it`;
  return new ConfigError([{ code: 'FILE_UNREADABLE', severity: 'error', message: problem, file, hint }]);
}

import { readFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';

import { parseRecord } from '../common/json.js';
import { ServiceError } from '../schema/errors.js';
import { explain, refusalOf, type Refusal } from './kfp-errors.js';
import { trimEndOf } from '../schema/trim-end.js';

/** How Kubeflow Pipelines is reached. */
export interface KfpOptions {
  /** `http://ml-pipeline.kubeflow.svc.cluster.local:8888`; a path in front of `/apis` is kept. */
  readonly endpoint: string;
  /** File with a service account's token; read for every call, because the kubelet replaces it. */
  readonly tokenFile?: string;
  /** The token itself, where there is no file. */
  readonly token?: string;
  /** For one call, in milliseconds. Default: a minute (the first experiment of a server took 20 s). */
  readonly timeout?: number;
  /** How often a call is tried. Default: 6. */
  readonly attempts?: number;
  /** The pause before the second try, in milliseconds; it doubles each time. Default: 1000. */
  readonly pause?: number;
  readonly signal?: AbortSignal;
}

/** One call of KFP's REST API v2beta1: https://www.kubeflow.org/docs/components/pipelines/reference/api/ */
export interface KfpCall {
  readonly method: 'GET' | 'POST' | 'DELETE';
  /** Below `/apis/v2beta1`; its parts are encoded already. */
  readonly path: string;
  readonly query?: Readonly<Record<string, string | undefined>>;
  readonly body?: unknown;
  /** A compiled pipeline, sent as a form. */
  readonly upload?: string;
  /** Try again after a failure that may pass. Off: where doing it twice would do harm. Default: on. */
  readonly again?: boolean;
}

/** KFP said no: `status` and its own words. Other failures are plain {@link ServiceError}s. */
export class KfpRefusal extends ServiceError {
  constructor(
    address: string,
    /** HTTP's. */
    readonly status: number,
    refusal: Refusal,
  ) {
    super('Kubeflow Pipelines', address, refusal.problem, refusal.nextStep);
  }

  /** It may have been done, or may work the next time. */
  get mayPass(): boolean {
    return PASSING.has(this.status);
  }
}

/** Talks to Kubeflow Pipelines. */
export interface KfpClient {
  /**
   * @returns the answer's JSON object
   * @throws KfpRefusal for an answer that is no 2xx
   * @throws ServiceError for no answer, or an answer that isn't KFP's
   */
  call(call: KfpCall): Promise<Readonly<Record<string, unknown>>>;
}

const PASSING = new Set([408, 425, 429, 500, 502, 503, 504]);
const LONGEST_PAUSE_MS = 15_000;

/** @throws ServiceError when the endpoint is no URL */
export function kfpClient(options: KfpOptions): KfpClient {
  const base = baseOf(options.endpoint);
  const { attempts = 6, pause = 1000 } = options;
  return {
    call: async (call) => {
      for (let attempt = 1; ; attempt++) {
        try {
          return await once(base, options, call);
        } catch (error) {
          if (options.signal?.aborted || attempt >= attempts || !mayPass(error, call)) throw error;
          const wait = Math.min(pause * 2 ** (attempt - 1), LONGEST_PAUSE_MS);
          await sleep(wait, undefined, options.signal && { signal: options.signal });
        }
      }
    },
  };
}

function mayPass(error: unknown, { again = true }: KfpCall): boolean {
  if (!(error instanceof ServiceError)) return false;
  // Nothing was done with a token that ran out just now; the next try reads the new one.
  if (error instanceof KfpRefusal && error.status === 401) return true;
  return again && (!(error instanceof KfpRefusal) || error.mayPass);
}

async function once(
  base: string,
  { tokenFile, token, timeout = 60_000, signal }: KfpOptions,
  { method, path, query = {}, body, upload }: KfpCall,
): Promise<Readonly<Record<string, unknown>>> {
  const parameters = new URLSearchParams(
    Object.entries(query).filter((entry): entry is [string, string] => entry[1] !== undefined),
  );
  const address = `${base}/apis/v2beta1${path}`;
  const deadline = AbortSignal.timeout(timeout);
  const headers: Record<string, string> = { accept: 'application/json' };
  const bearer = tokenFile === undefined ? token : await readToken(tokenFile, base);
  if (bearer !== undefined) headers.authorization = `Bearer ${bearer}`;
  if (body !== undefined) headers['content-type'] = 'application/json';
  let answer: Response;
  let text: string;
  try {
    answer = await fetch(parameters.size > 0 ? `${address}?${parameters.toString()}` : address, {
      method,
      headers,
      ...(body !== undefined && { body: JSON.stringify(body) }),
      ...(upload !== undefined && { body: form(upload) }),
      // A login page is no answer, and the token is for this address only.
      redirect: 'manual',
      signal: signal ? AbortSignal.any([deadline, signal]) : deadline,
    });
    text = await answer.text();
  } catch (error) {
    if (signal?.aborted) throw error;
    throw new ServiceError('Kubeflow Pipelines', base, ...explain(error, deadline.aborted, timeout), {
      cause: error,
    });
  }
  const value = parseRecord(text);
  if (!answer.ok) throw new KfpRefusal(base, answer.status, refusalOf(answer.status, value));
  if (value) return value;
  const problem = `the answer to ${method} ${path} is no JSON object`;
  throw new ServiceError(
    'Kubeflow Pipelines',
    base,
    problem,
    'Check that `kfp.endpoint` is the API server, not the UI.',
  );
}

async function readToken(file: string, address: string): Promise<string> {
  try {
    return (await readFile(file, 'utf8')).trim();
  } catch (error) {
    const why = (error as NodeJS.ErrnoException).code ?? 'unknown error';
    const problem = `the token in ${file} cannot be read (${why})`;
    const nextStep = 'Mount a projected token with the audience pipelines.kubeflow.org there.';
    throw new ServiceError('Kubeflow Pipelines', address, problem, nextStep, { cause: error });
  }
}

/** KFP looks at the file's ending. */
function form(pipeline: string): FormData {
  const data = new FormData();
  data.append('uploadfile', new Blob([pipeline], { type: 'application/yaml' }), 'pipeline.yaml');
  return data;
}

function baseOf(endpoint: string): string {
  const url = URL.canParse(endpoint) ? new URL(endpoint) : undefined;
  if ((url?.protocol === 'http:' || url?.protocol === 'https:') && url.username === '' && url.password === '')
    return `${url.origin}${trimEndOf(url.pathname, '/')}`;
  throw new ServiceError(
    'Kubeflow Pipelines',
    endpoint,
    'this is no address',
    'Write `kfp.endpoint` like http://ml-pipeline.kubeflow.svc.cluster.local:8888.',
  );
}

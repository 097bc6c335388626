import { recordOf } from '../../common/json.js';
import { ServiceError } from '../../schema/errors.js';
import { quoteOutput } from '../../schema/quote.js';
import { parseAnswer } from './answer.js';

/** The Kubernetes API did not answer, or refused. */
export class KubernetesError extends ServiceError {
  constructor(
    address: string,
    problem: string,
    nextStep: string,
    /** HTTP status of the answer; 0 when there was none. */
    readonly status: number,
    /** Kubernetes' own word for it: `AlreadyExists`, `Forbidden`, `Invalid`, …; '' when there was no answer. */
    readonly reason: string,
    options?: ErrorOptions & { readonly retryAfterSeconds?: number; readonly final?: boolean },
  ) {
    super('Kubernetes API', address, problem, nextStep, options);
    this.retryAfterSeconds = options?.retryAfterSeconds;
    this.#final = options?.final ?? false;
  }

  /** Repeating the request is of no use to this caller. */
  readonly #final: boolean;

  /** Seconds after which the server wants to be asked again. */
  readonly retryAfterSeconds: number | undefined;

  /** Whether the same request may do better later: no answer, too many requests, or the server's own trouble. */
  get passing(): boolean {
    if (this.#final) return false;
    return this.status === 0 || this.status === 429 || this.status >= 500;
  }
}

/** The body of a refusal: `kind: Status` of the API machinery. */
interface StatusBody {
  readonly message?: string;
  readonly reason?: string;
  readonly details?: { readonly retryAfterSeconds?: number };
}

/** The error for an answer that is not 2xx. */
export function refusal(
  address: string,
  what: string,
  status: number,
  body: string,
  retryAfter: string | undefined,
): KubernetesError {
  const parsed = parseStatus(body);
  const refused = `${what} was refused (${status}`;
  const seconds = Number(retryAfter ?? parsed.details?.retryAfterSeconds ?? NaN);
  return new KubernetesError(
    address,
    // A proxy on the way answers with a page of its own.
    parsed.message === undefined
      ? quoteOutput(`${refused})`, body.slice(0, 500))
      : `${refused}: ${parsed.message})`,
    nextStep(status),
    status,
    parsed.reason ?? '',
    Number.isFinite(seconds) ? { retryAfterSeconds: seconds } : {},
  );
}

function parseStatus(body: string): StatusBody {
  return recordOf(jsonOf(body));
}

/** What an answer's body says; undefined where it is no JSON. */
export function jsonOf(body: string): unknown {
  try {
    return parseAnswer(body);
  } catch {
    return undefined;
  }
}

function nextStep(status: number): string {
  switch (status) {
    case 400:
    case 422:
      return 'the object itself is not accepted: compare the message with the workflow that `kfops generate` writes, and the cluster’s Argo with the versions that kfops supports (3.6 to 4.1)';
    case 401:
      return 'log in to the cluster again: the credentials of this kubeconfig are not accepted';
    case 403:
      return 'ask your cluster admin to bind you to the Role kfops-submitter (deploy/build-namespace/2-submitter.yaml)';
    case 404:
      return 'check the namespace and the name, and that Argo Workflows is installed (`kubectl get crd workflows.argoproj.io`)';
    case 409:
      return 'an object of this name is there already: choose another name, or look for it with `kfops status --all`';
    case 429:
      return 'the API server is busy: try again in a moment';
    default:
      return 'try again; if this persists, ask your cluster admin to check the API server’s log';
  }
}

const NO_ANSWER: Readonly<Record<string, readonly [problem: string, nextStep: string]>> = {
  ENOTFOUND: ['no such host', 'check the server’s name in the kubeconfig, and the VPN if it needs one'],
  EAI_AGAIN: [
    'the host’s name cannot be resolved now',
    'check this machine’s network, and the VPN if it needs one',
  ],
  ECONNREFUSED: ['the connection was refused', 'check that the cluster runs (`kubectl get nodes`)'],
  ECONNRESET: ['the connection was closed', 'try again'],
  ETIMEDOUT: ['no answer in time', 'check that the cluster is reachable from here (VPN, firewall)'],
  EHOSTUNREACH: ['no way to the host', 'check that the cluster is reachable from here (VPN, firewall)'],
  ENETUNREACH: ['no way to the network', 'check that the cluster is reachable from here (VPN, firewall)'],
  CERT_HAS_EXPIRED: [
    'the server’s certificate has expired',
    'fetch a new kubeconfig, or have the certificate renewed',
  ],
  SELF_SIGNED_CERT_IN_CHAIN: [
    'the server’s certificate is not trusted',
    'check certificate-authority in the kubeconfig',
  ],
  DEPTH_ZERO_SELF_SIGNED_CERT: [
    'the server’s certificate is not trusted',
    'check certificate-authority in the kubeconfig',
  ],
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: [
    'the server’s certificate is not trusted',
    'check certificate-authority in the kubeconfig',
  ],
  ERR_TLS_CERT_ALTNAME_INVALID: [
    'the server’s certificate is for another name',
    'check server in the kubeconfig',
  ],
};

/**
 * Whether a person has to mend what is wrong: nobody listens at the address, there is no such host, or its certificate
 * is not trusted.
 */
export function needsMending(cause: unknown): boolean {
  return /^(?:ECONNREFUSED|ENOTFOUND|EPROTO|ERR_SSL_|ERR_TLS_|CERT_|UNABLE_TO_|(?:DEPTH_ZERO_)?SELF_SIGNED_)/.test(
    codeOf(cause),
  );
}

/**
 * The error for a request that got no answer.
 *
 * @param final - repeating it is of no use
 */
export function noAnswer(address: string, what: string, cause: unknown, final = false): KubernetesError {
  const code = codeOf(cause);
  const [problem, next] = NO_ANSWER[code] ?? [
    cause instanceof Error ? cause.message : String(cause),
    'try again',
  ];
  return new KubernetesError(address, `${what} failed: ${problem}`, next, 0, '', { cause, final });
}

/** The code of what went wrong on the way: `ECONNREFUSED`; '' where there is none. */
export function codeOf(error: unknown): string {
  if (!(error instanceof Error)) return '';
  if (error.name === 'TimeoutError') return 'ETIMEDOUT';
  return 'code' in error && typeof error.code === 'string' ? error.code : codeOf(error.cause);
}

/**
 * The error for a kubeconfig whose credentials give nothing to ask with: a login program that is not there or failed, a
 * certificate file that is gone, plain http that is not allowed. Asking again does not help.
 */
export function unusableCredentials(address: string, cause: unknown): ServiceError {
  const why = cause instanceof Error ? cause.message : String(cause);
  return new ServiceError(
    'Kubernetes API',
    address,
    quoteOutput('this kubeconfig cannot be used', why),
    'try `kubectl get namespaces` with the same kubeconfig; log in again if it fails, too',
    { cause },
  );
}

import { ServiceError } from '../../schema/errors.js';
import { quoteOutput } from '../../schema/quote.js';
import { codeOf, jsonOf } from '../client/errors.js';

/** Argo's server did not answer, or refused. */
export class ArgoServerError extends ServiceError {
  constructor(
    address: string,
    problem: string,
    nextStep: string,
    /** HTTP status of the answer; 0 when there was none. */
    readonly status: number,
    /** Whether the same request may do better in a moment. */
    readonly passing: boolean,
    options?: ErrorOptions,
  ) {
    super('Argo’s server', address, problem, nextStep, options);
  }
}

/** The error for an answer that is not 2xx: its body is `{"code": 7, "message": "…"}`, as gRPC's gateway writes it. */
export function refused(address: string, what: string, status: number, body: string): ArgoServerError {
  const said = messageOf(body);
  // 400 and 405 are also what proxies and other protocols' servers say.
  if (said === undefined && (status < 400 || [400, 404, 405].includes(status)))
    return notArgo(address, what, status);
  const refused = `${what} was refused (${status}`;
  return new ArgoServerError(
    address,
    said === undefined ? quoteOutput(`${refused})`, body.slice(0, 500)) : `${refused}: ${said})`,
    nextStep(status),
    status,
    // 409: somebody else's change of the workflow was faster.
    status === 409 || status === 429 || (status >= 500 && status !== 501),
  );
}

/** The error for an answer that Argo does not give: a login page, another service. */
export function notArgo(address: string, what: string, status: number): ArgoServerError {
  return new ArgoServerError(
    address,
    `${what} failed: what answers there (status ${status}) is not the API of Argo’s server`,
    'check argo.server.endpoint in the settings: it is the address before /api/v1, without a login page in front of it',
    status,
    false,
  );
}

function messageOf(body: string): string | undefined {
  const { message } = (jsonOf(body) ?? {}) as { message?: unknown };
  return typeof message === 'string' ? message : undefined;
}

function nextStep(status: number): string {
  switch (status) {
    case 400:
    case 409:
      return 'look at the workflow with `kfops status`: somebody else may have retried or changed it';
    case 401:
      return 'log in to the cluster again; where the kubeconfig has no token (a certificate is none), name a file with one in argo.server.token_file, such as `kubectl create token` writes';
    case 403:
      return 'ask your cluster admin for the Role kfops-retry (deploy/argo-server/retry.yaml)';
    case 404:
      return 'check that argo.server.endpoint in the settings is the server of this cluster, and sees this namespace';
    case 429:
      return 'the server is busy: try again in a moment';
    case 501:
      return 'check argo.server.endpoint in the settings, and the server’s version: 3.6 to 4.1 are supported';
    default:
      return 'try again; if this persists, ask your cluster admin to check the server’s log';
  }
}

const CERTIFICATE = [
  'its certificate is not trusted',
  'name a file with its authority in argo.server.ca_file; for a certificate that Argo made up for itself, and only where nobody else can answer at this address: argo.server.verify: false',
] as const;
const UNREACHABLE = [
  'no way to the host',
  'check that this machine reaches it (VPN, firewall), or forward a port: `kubectl port-forward -n argo svc/argo-server 2746`',
] as const;
const OTHER_PROTOCOL = ['it does not speak https', 'write http:// in argo.server.endpoint'] as const;

const NO_ANSWER: Readonly<Record<string, readonly [problem: string, nextStep: string]>> = {
  ENOTFOUND: ['no such host', UNREACHABLE[1]],
  EAI_AGAIN: ['the host’s name cannot be resolved now', UNREACHABLE[1]],
  ECONNREFUSED: ['the connection was refused', 'check that the server runs, and argo.server.endpoint'],
  ECONNRESET: ['the connection was closed', 'try again; check whether the server speaks https, not http'],
  ETIMEDOUT: ['no answer in time', UNREACHABLE[1]],
  EHOSTUNREACH: UNREACHABLE,
  ENETUNREACH: UNREACHABLE,
  CERT_HAS_EXPIRED: ['its certificate has expired', 'have the certificate renewed'],
  SELF_SIGNED_CERT_IN_CHAIN: CERTIFICATE,
  DEPTH_ZERO_SELF_SIGNED_CERT: CERTIFICATE,
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: CERTIFICATE,
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: CERTIFICATE,
  ERR_TLS_CERT_ALTNAME_INVALID: [
    'its certificate is for another name',
    'write the name that the certificate has in argo.server.endpoint',
  ],
  EPROTO: OTHER_PROTOCOL,
  ERR_SSL_WRONG_VERSION_NUMBER: OTHER_PROTOCOL,
  ERR_SSL_PACKET_LENGTH_TOO_LONG: OTHER_PROTOCOL,
};

/** Failures that mostly pass in a moment: the server restarts, or a proxy does. */
const MAY_PASS: ReadonlySet<string> = new Set(['EAI_AGAIN', 'ECONNREFUSED', 'ECONNRESET', 'ETIMEDOUT']);

/** The error for a request that got no answer. */
export function unanswered(address: string, what: string, cause: unknown): ArgoServerError {
  const code = codeOf(cause);
  const [problem, next] = NO_ANSWER[code] ?? [
    cause instanceof Error ? cause.message : String(cause),
    'try again',
  ];
  return new ArgoServerError(address, `${what} failed: ${problem}`, next, 0, MAY_PASS.has(code), { cause });
}

import { ServiceError } from '../schema/errors.js';
import { FailedAttempt, property } from './minio-errors.js';
import type { Exchange } from './minio-transport.js';
import { RETRIED_STATUSES } from './minio-transport.js';

/** Where an attempt failed. */
export interface Target {
  /** `http://host:port` */
  readonly address: string;
  readonly secure: boolean;
  readonly bucket: string;
}

/** Makes of a failed attempt what a user can act on; any other error is returned as it is. */
export function explain(error: unknown, target: Target): unknown {
  if (!(error instanceof FailedAttempt)) return error;
  const [problem, nextStep] = problemOf(error, target);
  return new ServiceError('Object store', target.address, problem, nextStep, { cause: error.cause });
}

type Explanation = readonly [problem: string, nextStep: string];

const CHECK_ADDRESS = 'Check the address: KFOPS_MINIO_ENDPOINT, or minio.endpoint of the settings.';
const FROM_LAPTOP =
  'Is the address reachable from this machine? From outside of the cluster, forward a port ' +
  '(kubectl port-forward -n kubeflow svc/minio-service 9000:9000) and set KFOPS_MINIO_ENDPOINT=localhost:9000.';
const CHECK_KEYS = 'Check KFOPS_MINIO_ACCESS_KEY and KFOPS_MINIO_SECRET_KEY (or the files that they name).';
const CHECK_SERVER = "Look at the object store's state and logs, then try again.";
const OTHER_SCHEME = {
  http: 'Does it want https? Set KFOPS_MINIO_ENDPOINT=https://…, or minio.secure: true in the settings.',
  https:
    'Does it want plain http? Set KFOPS_MINIO_ENDPOINT=http://…, or minio.secure: false in the settings.',
};
const TRUST_CA = "Set NODE_EXTRA_CA_CERTS to a file with the authority's certificate (PEM).";

// Maps, not objects: a code is what the other side wrote, and could be `constructor`.

const SYSTEM_CODES: ReadonlyMap<string, Explanation> = table({
  InvalidEndpointError: ['this is not the address of an object store.', CHECK_ADDRESS],
  InvalidBucketNameError: [
    'the name of the bucket is not valid.',
    'Choose another bucket: context_files_bucket_name in config.yaml.',
  ],
  ENOTFOUND: ['there is no such host.', FROM_LAPTOP],
  EAI_AGAIN: ['its name could not be looked up.', 'Check the network and its name server, then try again.'],
  ECONNREFUSED: ['the connection was refused.', FROM_LAPTOP],
  ECONNECTTIMEOUT: ['it could not be reached in time.', FROM_LAPTOP],
  ETIMEDOUT: ['it could not be reached in time.', FROM_LAPTOP],
  EHOSTUNREACH: ['there is no way to this host.', FROM_LAPTOP],
  ENETUNREACH: ['there is no way to its network.', FROM_LAPTOP],
  EIDLETIMEOUT: ['it stopped answering.', CHECK_SERVER],
  ECONNRESET: ['it broke the connection off.', CHECK_SERVER],
  ECONNABORTED: ['it broke the connection off.', CHECK_SERVER],
  EPIPE: ['it broke the connection off.', CHECK_SERVER],
  EPROTO: ['what answers there does not speak TLS.', OTHER_SCHEME.https],
  CERT_HAS_EXPIRED: [
    'its certificate has expired.',
    'Renew the certificate, or check the clock of this machine.',
  ],
  ERR_TLS_CERT_ALTNAME_INVALID: ['its certificate is for another name.', CHECK_ADDRESS],
  DEPTH_ZERO_SELF_SIGNED_CERT: ['its certificate is self-signed.', TRUST_CA],
  SELF_SIGNED_CERT_IN_CHAIN: ['its certificate comes from an authority that is not known here.', TRUST_CA],
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: [
    'its certificate comes from an authority that is not known here.',
    TRUST_CA,
  ],
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: [
    'its certificate comes from an authority that is not known here.',
    TRUST_CA,
  ],
});

/** By code of S3: https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html, and MinIO's own. */
const S3_CODES: ReadonlyMap<string, (target: Target, error: FailedAttempt) => Explanation> = table({
  InvalidAccessKeyId: () => ['it does not know the access key.', CHECK_KEYS],
  SignatureDoesNotMatch: () => ['the secret key does not belong to the access key.', CHECK_KEYS],
  AccessDenied: ({ bucket }) => [
    `these keys have no permission to read and write in the bucket ${bucket}.`,
    'Is it the right bucket? Give the keys s3:GetObject, s3:PutObject and s3:AbortMultipartUpload on its objects (docs/minio.md has a policy).',
  ],
  NoSuchBucket: ({ bucket }) => [
    `the bucket ${bucket} does not exist.`,
    'Try again: it is made at the start of an upload. Does something delete it?',
  ],
  RequestTimeTooSkewed: (_, { exchange }) => [
    `the clocks differ too much: here it is ${new Date().toISOString()}, there ${serverTime(exchange)}.`,
    'Set the clock that is wrong (timedatectl set-ntp true); at most 15 minutes apart are accepted.',
  ],
  XMinioStorageFull: () => ['its disk is full.', 'Free some space there: old contexts (ctx/…) may go.'],
  XMinioAdminBucketQuotaExceeded: ({ bucket }) => [
    `the quota of the bucket ${bucket} is used up.`,
    'Delete old contexts (ctx/…) or raise the quota.',
  ],
  AuthorizationHeaderMalformed: (_, { cause }) => [
    `it is in another region${regionOf(cause)}.`,
    'Set minio.region in the settings to its region.',
  ],
});

const REDIRECT: Explanation = ['it sends to another address, and redirects are not followed.', CHECK_ADDRESS];

function problemOf(error: FailedAttempt, target: Target): Explanation {
  const { code = '', exchange } = error;
  const known = S3_CODES.get(code)?.(target, error) ?? SYSTEM_CODES.get(code);
  if (known !== undefined) return known;
  const { status } = exchange;
  if (code.startsWith('ERR_SSL_')) return ['what answers there does not speak TLS.', OTHER_SCHEME.https];
  if (code.startsWith('HPE_')) return ['what answers there does not speak HTTP.', schemeHint(target)];
  if (status === undefined) return [`the request failed (${printable(code)}).`, CHECK_ADDRESS];
  if (status >= 300 && status < 400) return REDIRECT;
  if (RETRIED_STATUSES.has(status)) return [`it answered ${status}, again and again.`, CHECK_SERVER];
  // NotFound is what minio-js calls a 404 without a word; S3 would say of what.
  if (code !== '' && code !== 'NotFound')
    return [`it answered ${status} (${printable(code)}).`, CHECK_SERVER];
  return [`what answers there (status ${status}) is not an object store.`, notS3Hint(target, status)];
}

function table<T>(entries: Readonly<Record<string, T>>): ReadonlyMap<string, T> {
  return new Map(Object.entries(entries));
}

function schemeHint({ secure }: Target): string {
  return secure ? OTHER_SCHEME.https : OTHER_SCHEME.http;
}

function notS3Hint(target: Target, status: number): string {
  // What Go's servers answer to plain http on a TLS port has this status and no code.
  if (status === 400 && !target.secure) return OTHER_SCHEME.http;
  return `${CHECK_ADDRESS} MinIO's own pages, for people, are on another port.`;
}

function serverTime({ serverDate }: Exchange): string {
  const time = Date.parse(serverDate ?? '');
  return Number.isNaN(time) ? 'another time' : new Date(time).toISOString();
}

function regionOf(cause: unknown): string {
  const region = property(cause, 'region');
  return region === undefined ? '' : ` (${printable(region)})`;
}

/** A name from the other side, for a message. */
function printable(name: string): string {
  return /^[A-Za-z0-9_-]{1,64}$/.test(name) ? name : 'no known code';
}

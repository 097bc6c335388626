import { parseRecord, recordOf } from '../../common/json.js';
import { cutEnd } from '../../schema/cut.js';
import { ServiceError } from '../../schema/errors.js';
import { validText } from '../../schema/valid-text.js';
import { TooLargeError, type HttpAnswer } from './transport.js';

/** An image registry (or its token server) did not answer, or refused. */
export class RegistryError extends ServiceError {
  constructor(
    address: string,
    problem: string,
    nextStep: string,
    /** HTTP's, where it answered. */
    readonly status?: number,
    options?: ErrorOptions,
  ) {
    super('Registry', address, problem, nextStep, options);
  }
}

const CHECK_ADDRESS =
  'check container_registry_uri (and `insecure` for plain http); if only the cluster reaches this registry, ignore this';
const LONGEST_SAID = 200;

const NETWORK_PROBLEMS: ReadonlyMap<string, string> = new Map([
  ['ENOTFOUND', 'there is no such host'],
  ['EAI_AGAIN', 'its name cannot be looked up'],
  ['ECONNREFUSED', 'the connection was refused'],
  ['ECONNRESET', 'the connection was closed'],
  ['TimeoutError', 'it did not answer in time'],
  ['ETIMEDOUT', 'it did not answer in time'],
  ['UND_ERR_CONNECT_TIMEOUT', 'it did not answer in time'],
  ['ERR_SSL_WRONG_VERSION_NUMBER', 'it speaks plain http, not https'],
  ['EPROTO', 'it speaks plain http, not https'],
  ['DEPTH_ZERO_SELF_SIGNED_CERT', 'nobody vouches for its certificate'],
  ['SELF_SIGNED_CERT_IN_CHAIN', 'nobody vouches for its certificate'],
  ['UNABLE_TO_VERIFY_LEAF_SIGNATURE', 'nobody vouches for its certificate'],
  ['CERT_HAS_EXPIRED', 'its certificate has expired'],
  ['ERR_TLS_CERT_ALTNAME_INVALID', 'its certificate is for another host'],
]);

/** Why there was no answer from a registry. */
export function unanswered(address: string, error: unknown): RegistryError {
  if (error instanceof RegistryError) return error;
  const options = { cause: error };
  if (error instanceof TooLargeError)
    return new RegistryError(address, `its answer has ${error.message}`, CHECK_ADDRESS, undefined, options);
  const { code, name, cause } = (error ?? {}) as { code?: unknown; name?: unknown; cause?: unknown };
  const inner = (cause as { code?: unknown } | undefined)?.code;
  const key = [inner, code, name].find((each) => typeof each === 'string') ?? 'unknown error';
  const problem = NETWORK_PROBLEMS.get(key) ?? `it cannot be reached (${key})`;
  return new RegistryError(address, problem, CHECK_ADDRESS, undefined, options);
}

/** No URL can have this host, though it has the form of a registry's. */
export function notAHost(host: string): RegistryError {
  const nextStep = 'correct the host or port, in the name of the image or in container_registry_uri';
  return new RegistryError(host, 'this is not the name of a host', nextStep);
}

/** What answers there is not an image registry. */
export function notARegistry(address: string, status: number): RegistryError {
  const problem = `what answers there (status ${status}) is not an image registry`;
  return new RegistryError(address, problem, 'check container_registry_uri', status);
}

/** The registry, or what is in front of it, answers no request for now. */
export function unavailable(address: string, answer: HttpAnswer): RegistryError {
  return new RegistryError(
    address,
    `it answered with ${refusalText(answer)}`,
    'try again later',
    answer.status,
  );
}

/**
 * What a registry says of a request that it refused, for people: `403 DENIED: requested access is denied`. Its errors are
 * `{"errors":[{"code","message"}]}`.
 */
export function refusalText({ status, body }: HttpAnswer): string {
  const errors = parseRecord(body.toString('utf8'))?.errors;
  const { code, message } = recordOf(Array.isArray(errors) ? errors[0] : undefined);
  const said = [code, message].filter((each) => typeof each === 'string' && each !== '').join(': ');
  const line = cutEnd(validText(said).replaceAll(/\s+/g, ' ').trim(), LONGEST_SAID);
  return line === '' ? `${status}` : `${status} ${line}`;
}

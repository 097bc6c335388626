import { ServiceError } from '../../schema/index.js';

/**
 * What kind of trouble it is, by which it is decided whether the same call may do better later. `limited`: one of
 * GitHub's rate limits · `unavailable`: no answer, or GitHub's own trouble, and a write may have been done or not ·
 * `refused`: everything else.
 */
export type Trouble = 'limited' | 'unavailable' | 'refused';

/** GitHub did not answer, or refused. */
export class GitHubError extends ServiceError {
  /** HTTP status of the answer; 0 when there was none. */
  readonly status: number;
  readonly trouble: Trouble;
  /** Milliseconds after which GitHub wants to be asked again, where it says so. */
  readonly waitMs: number | undefined;
  /** The conversation is locked, and this account cannot comment there. */
  readonly locked: boolean;

  constructor(
    address: string,
    problem: string,
    nextStep: string,
    facts: {
      readonly status: number;
      readonly trouble: Trouble;
      readonly waitMs?: number | undefined;
      readonly locked?: boolean;
    },
    options?: ErrorOptions,
  ) {
    super('GitHub', address, problem, nextStep, options);
    this.status = facts.status;
    this.trouble = facts.trouble;
    this.waitMs = facts.waitMs;
    this.locked = facts.locked ?? false;
  }
}

/** Whether GitHub understood a request, but refuses what is in it: it would refuse it again. */
export function isUnprocessable(error: unknown): error is GitHubError {
  return error instanceof GitHubError && error.status === 422;
}

/**
 * Whether GitHub refused a comment because the conversation is locked. By its documentation ("Locking conversations"),
 * only people with write access and collaborators can comment there, and nobody can react. An App is neither, whatever its
 * permissions: it gets a 403 with "Unable to create comment because issue is locked." (probot/stale#25,
 * renovatebot/renovate#6215). Whether an App can edit a comment that it has is not documented: both are handled. The
 * account of a token can comment where it has write access.
 */
export function isLocked(error: unknown): error is GitHubError {
  return error instanceof GitHubError && error.locked;
}

/** The parts of octokit's RequestError that are used. Without `response` there was no answer, whatever `status` says. */
interface RequestFailure {
  readonly status: number;
  readonly request: { readonly method: string; readonly url: string };
  readonly response?: {
    readonly data?: unknown;
    readonly headers: Readonly<Record<string, string | number | undefined>>;
  };
  readonly cause?: unknown;
}

/**
 * The error for a call that octokit could not do. Octokit's own error is not kept as its cause: it carries the whole
 * request and answer, and this one ends up in logs and comments.
 */
export function toGitHubError(error: unknown, apiUrl: string): unknown {
  if (error instanceof GitHubError || !isFailure(error)) return error;
  const what = `${error.request.method} ${pathOf(error.request.url)}`;
  if (!error.response) return noAnswer(apiUrl, what, error.cause ?? error);
  const { status, response } = error;
  const { text, documentation } = sayingOf(response.data);
  const waitMs = waitOf(response.headers);
  const isLimited =
    status === 429 ||
    // Without further headers, only the documentation link distinguishes a secondary limit from a missing permission.
    (status === 403 && (waitMs !== undefined || documentation.includes('rate-limit')));
  const locked =
    status === 403 &&
    !isLimited &&
    (/\blocked\b/i.test(text) || documentation.includes('locking-conversations'));
  const trouble = isLimited ? 'limited' : status >= 500 ? 'unavailable' : 'refused';
  return new GitHubError(
    apiUrl,
    `${what} was ${isLimited ? 'put off' : 'refused'} (${status}${text === '' ? '' : `: ${text}`})`,
    locked ? 'unlock the conversation of the pull request' : nextStep(status, isLimited),
    { status, trouble, waitMs, locked },
  );
}

function isFailure(error: unknown): error is RequestFailure {
  return error instanceof Error && 'status' in error && 'request' in error;
}

/** Whether a token was rejected or not issued: the App may have been reinstalled, or its tokens revoked. */
export function isAboutAccess(error: unknown): boolean {
  return isFailure(error) && (error.status === 401 || pathOf(error.request.url).endsWith('/access_tokens'));
}

function pathOf(url: string): string {
  return URL.canParse(url) ? new URL(url).pathname : url;
}

/** GitHub's words: its message and the reasons of a refused request. */
function sayingOf(data: unknown): { text: string; documentation: string } {
  if (typeof data !== 'object' || data === null) return { text: '', documentation: '' };
  const { message, errors, documentation_url: documentation } = data as Record<string, unknown>;
  const reasons = Array.isArray(errors)
    ? errors.flatMap((each: unknown) => {
        const said = typeof each === 'object' && each !== null && 'message' in each ? each.message : each;
        return typeof said === 'string' ? [said] : [];
      })
    : [];
  const text = [typeof message === 'string' ? message : '', ...reasons].filter(Boolean).join('; ');
  return {
    text: text.slice(0, 500),
    documentation: typeof documentation === 'string' ? documentation : '',
  };
}

/**
 * How long GitHub wants to be left alone, by
 * {@link https://docs.github.com/rest/using-the-rest-api/rate-limits-for-the-rest-api#exceeding-the-rate-limit}. Its
 * times are compared with its own clock: this machine's may be wrong.
 */
function waitOf(headers: Readonly<Record<string, string | number | undefined>>): number | undefined {
  const retryAfter = Number(headers['retry-after'] ?? NaN);
  if (Number.isFinite(retryAfter)) return Math.max(0, retryAfter) * 1000;
  if (String(headers['x-ratelimit-remaining']) !== '0') return undefined;
  const reset = Number(headers['x-ratelimit-reset'] ?? NaN) * 1000;
  const now = Date.parse(String(headers.date));
  const wait = reset - (Number.isFinite(now) ? now : Date.now());
  // A second more: the header has no fractions.
  return Number.isFinite(wait) ? Math.max(0, wait) + 1000 : undefined;
}

function nextStep(status: number, isLimited: boolean): string {
  if (isLimited) return 'wait until the rate limit resets';
  switch (status) {
    case 401:
      return 'check the App’s id and private key, or the token, in settings.server.github';
    case 403:
      return 'run `kfops doctor --server`: it says which permissions of docs/install.md the App lacks, and where to accept them';
    case 404:
      return 'check that the App is installed in this repository, or that the token’s account has access to it';
    case 422:
      return 'this is a bug in kfops: report it with the text above';
    default:
      return status >= 500
        ? 'check https://www.githubstatus.com, then try again'
        : 'try again; if it fails again, report it with the text above';
  }
}

const NO_ANSWER: Readonly<Record<string, readonly [problem: string, nextStep: string]>> = {
  ENOTFOUND: ['no such host', 'check settings.server.github.api_url'],
  EAI_AGAIN: ['cannot resolve the host name right now', 'check DNS on the server’s host'],
  ECONNREFUSED: ['the connection was refused', 'check settings.server.github.api_url, and that GitHub is up'],
  ECONNRESET: ['the connection was closed', 'try again'],
  UND_ERR_SOCKET: ['the connection was closed', 'try again'],
  ETIMEDOUT: ['no answer in time', 'check that the server can reach GitHub (firewall, NetworkPolicy)'],
  UND_ERR_CONNECT_TIMEOUT: [
    'no answer in time',
    'check that the server can reach GitHub (firewall, NetworkPolicy)',
  ],
  CERT_HAS_EXPIRED: ['the certificate has expired', 'renew the certificate'],
  SELF_SIGNED_CERT_IN_CHAIN: ['the certificate is not trusted', 'add its CA to NODE_EXTRA_CA_CERTS'],
  DEPTH_ZERO_SELF_SIGNED_CERT: ['the certificate is not trusted', 'add its CA to NODE_EXTRA_CA_CERTS'],
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: ['the certificate is not trusted', 'add its CA to NODE_EXTRA_CA_CERTS'],
  ERR_TLS_CERT_ALTNAME_INVALID: [
    'the certificate is for another host name',
    'check settings.server.github.api_url',
  ],
};

/** The error for a call that got no answer, or only a part of one. */
function noAnswer(apiUrl: string, what: string, cause: unknown): GitHubError {
  const refusal = find(cause, (error) => error instanceof GitHubError);
  if (refusal) return refusal;
  const isTimeout = find(cause, (error): error is Error => error.name === 'TimeoutError') !== undefined;
  const code = isTimeout
    ? 'ETIMEDOUT'
    : (find(
        cause,
        (error): error is Error & { code: string } => 'code' in error && typeof error.code === 'string',
      )?.code ?? '');
  const [problem, next] = NO_ANSWER[code] ?? ['no answer', 'try again'];
  return new GitHubError(apiUrl, `${what} failed: ${problem}`, next, { status: 0, trouble: 'unavailable' });
}

/** The first of an error and its causes that is meant. */
function find<E extends Error>(error: unknown, isMeant: (error: Error) => error is E): E | undefined {
  for (let each = error; each instanceof Error; each = each.cause) if (isMeant(each)) return each;
  return undefined;
}

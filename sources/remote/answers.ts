import { quoteOutput } from '../../schema/quote.js';
import { RemoteError } from './errors.js';

/** What a git that failed against a remote meant. */
export type GitFailure =
  /** The remote does not have the object, or does not give it. */
  | { readonly kind: 'no-object' }
  | { readonly kind: 'disk-full' }
  | { readonly kind: 'error'; readonly error: RemoteError; readonly mayPass: boolean };

const STATUS = /The requested URL returned error: (\d{3})/;
const CREDENTIALS = /could not read (Username|Password)|Authentication failed/;
const NOT_FOUND = /^fatal: repository '.*' not found$/m;
const NO_OBJECT =
  /not our ref|unadvertised object|[Cc]ould(n't| not) find remote ref|did not send all necessary objects/;
const DISK_FULL = /No space left on device|Disk quota exceeded/;
const CERTIFICATE = /certificate|SSL peer|server verification failed/i;
const NAME = /Could not resolve (host|proxy)/;
const CONNECTION =
  /Failed to connect|Couldn't connect|Connection (refused|reset|timed out)|Empty reply|early EOF|unexpected disconnect|hung up|RPC failed|too slow|transfer closed|Recv failure|Send failure|SSL_ERROR|HTTP2|GnuTLS|timed out|i\/o timeout/i;

/**
 * Git tells what an HTTP server answered only in its messages (in English, as it is started with `LC_ALL=C`): this is
 * the one place that reads them.
 *
 * @param stderr - without secrets
 */
export function readAnswer(url: string, stderr: string): GitFailure {
  if (NO_OBJECT.test(stderr)) return { kind: 'no-object' };
  if (DISK_FULL.test(stderr)) return { kind: 'disk-full' };
  const status = Number(STATUS.exec(stderr)?.[1] ?? statusOf(stderr));
  if (status > 0) return byStatus(url, status);
  if (CERTIFICATE.test(stderr)) {
    const next = 'let git know the certificate by `http.sslCAInfo` or GIT_SSL_CAINFO';
    return failed('untrusted', url, 'its certificate is not trusted', next);
  }
  if (NAME.test(stderr)) {
    const next = 'see whether the name is right and resolves where the server runs';
    return failed('unreachable', url, 'its name cannot be resolved', next, true);
  }
  if (CONNECTION.test(stderr)) {
    const next = 'see whether it can be reached from where the server runs, then ask again';
    return failed('unreachable', url, 'the connection failed', next, true);
  }
  const next = 'see the server’s log, and whether `git fetch` from there works';
  return failed('unclear', url, quoteOutput('git failed', lastLine(stderr)), next);
}

/** Git asks for credentials after a 401, and names a 404. */
function statusOf(stderr: string): number {
  if (CREDENTIALS.test(stderr)) return 401;
  return NOT_FOUND.test(stderr) ? 404 : 0;
}

function byStatus(url: string, status: number): GitFailure {
  const rights = 'the GitHub App must be installed on the repository with the right contents:read';
  if (status === 401 || status === 403) {
    return failed('denied', url, `it refuses the server’s credentials (${status})`, rights);
  }
  if (status === 404) {
    const problem = 'the repository does not exist, or the server has no permission to see it (404)';
    return failed('not-found', url, problem, rights);
  }
  if (status >= 300 && status < 400) {
    const next = 'use the repository’s present address: redirects are not followed';
    return failed('redirected', url, `it was moved (${status})`, next);
  }
  if (status === 408 || status === 429 || status >= 500) {
    const next = 'see its status page, then ask again';
    return failed('busy', url, `it cannot answer now (${status})`, next, true);
  }
  const next = 'see whether this is the address of a git repository';
  return failed('unclear', url, `it answers with status ${status}`, next);
}

function failed(...[reason, url, problem, nextStep, mayPass = false]: Failure): GitFailure {
  return { kind: 'error', error: new RemoteError(reason, url, problem, nextStep), mayPass };
}
type Failure = [...ConstructorParameters<typeof RemoteError>, mayPass?: boolean];

/** What git ended with, no more than a line holds: the remote may have sent any text. */
function lastLine(stderr: string): string {
  const lines = stderr.split('\n').filter((line) => line.trim() !== '');
  const fatal = lines.findLast((line) => /^(fatal|error): /.test(line)) ?? lines.at(-1) ?? '';
  return fatal.slice(0, 300);
}

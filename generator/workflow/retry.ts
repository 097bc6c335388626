import type { RetryStrategy } from './types.js';

/**
 * Which failures are tried again: those that are not the user's. A pod that broke (deleted, its node lost) is an
 * Error; an eviction counts as Failed, as does a RUN step that failed; a context that is missing counts as Error.
 * So neither of Argo's policies `OnError` and `OnFailure` fits alone, and the expression decides.
 *
 * Argo evaluates it with expr-lang; `lastRetry.message` carries the container's name before the text since 3.7.
 */
const EXPRESSION = [
  `(lastRetry.status == "Error" && !(lastRetry.message matches "key does not exist|NoSuchKey|NoSuchBucket|AccessDenied|InvalidAccessKeyId|SignatureDoesNotMatch"))`,
  `(lastRetry.message matches "[Ee]victed|low on resource|[Nn]ode shutdown|[Pp]reempt|NodeLost")`,
].join(' || ');

/** What our own steps end with where a service was away: the command's exit code for it, too. */
const SERVICE_AWAY = `(lastRetry.exitCode == "3")`;

/**
 * The retry strategy of a leaf template: `retries` further attempts, further apart each time.
 *
 * @param service - also where a service that the step asks was away
 */
export function retryStrategy(retries: number, { service = false } = {}): RetryStrategy {
  return {
    limit: String(retries),
    retryPolicy: 'Always',
    expression: service ? `${EXPRESSION} || ${SERVICE_AWAY}` : EXPRESSION,
    backoff: { duration: '5s', factor: '2', maxDuration: '5m' },
  };
}

import type { LeafRetryStrategy, RetryStrategy } from './types.js';

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
export function retryStrategy(retries: number, { service = false } = {}): LeafRetryStrategy {
  return {
    limit: String(retries),
    // With an expression this is Argo's default, but a cluster's own default policy would come first.
    retryPolicy: 'Always',
    expression: service ? `${EXPRESSION} || ${SERVICE_AWAY}` : EXPRESSION,
    // No `maxDuration`: Argo counts it from the start of the first attempt, waiting and working included, refuses every
    // attempt after it, and cuts the next pod's deadline to what is left of it (processNodeRetries in operator.go).
    backoff: { duration: '5s', factor: '2' },
  };
}

/**
 * The retry strategy of a DAG: none, since each of its tasks has one. A DAG that leaves it out takes the cluster's
 * default, and Kubeflow's default repeats the whole DAG, with all its builds.
 *
 * Argo puts a node of type Retry above the DAG for it, also with limit 0. A failure that isn't transient keeps the
 * DAG's message under this policy; under the others it becomes "No more retries left".
 */
export const NO_RETRY: RetryStrategy = { limit: '0', retryPolicy: 'OnTransientError' };

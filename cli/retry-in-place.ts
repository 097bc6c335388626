import { ArgoServerError } from '../argo/retry/argo-server-errors.js';
import { retryInPlace } from '../argo/retry/retry-in-place.js';
import type { ObservedWorkflow } from '../argo/status/observed.js';
import { workflowUrl } from '../argo/workflows/runner.js';
import { ServiceError } from '../schema/errors.js';
import type { OpenedCluster } from './cluster.js';
import { commandLine } from './invocation.js';
import { type ArgoServerSettings, openArgoServer } from './open-argo-server.js';
import { reportSubmitted } from './report-submitted.js';
import type { Session } from './session.js';
import { waitingNotice } from './waiting.js';

/** Lets Argo continue a workflow, reports that, and follows it where that is wanted. */
export async function retried(
  session: Session,
  cluster: OpenedCluster,
  { workflow, server: settings }: { workflow: ObservedWorkflow; server: ArgoServerSettings },
  wait: boolean,
): Promise<void> {
  const { io, style } = session;
  const { client, namespace } = cluster;
  const { name } = workflow.metadata;
  const server = openArgoServer(io, settings, client);
  try {
    await waitingNotice(session, `Argo’s server at ${server.address}`).during(
      retryInPlace(client, server, workflow, { signal: io.interrupted }),
    );
  } catch (error) {
    if (!(error instanceof ArgoServerError)) throw error;
    const next = `${error.nextStep}; or do without it, in a new workflow: ${commandLine(session, 'retry', ['--new', '-n', namespace], [name])}`;
    throw new ServiceError(error.service, error.address, error.problem, next, { cause: error });
  }
  const { url } = cluster.settings.argo;
  await reportSubmitted(
    session,
    cluster,
    { name, ...(url !== undefined && { url: workflowUrl(url, namespace, name) }) },
    `${style.bold(name)} continues in ${namespace}, through Argo’s server at ${server.address}`,
    wait,
  );
}

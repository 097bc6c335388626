import { requireController } from '../../argo/discover/require-controller.js';
import { ServiceError } from '../../schema/index.js';
import type { ServerContext } from '../context.js';
import type { Logger } from '../telemetry/log.js';

/**
 * Logs at the server's start that no build can start in a namespace of builds that no Argo controller watches. The server continues:
 * the next build asks again, and its comment says the same.
 */
export async function warnOfController(
  { client, namespaces }: Pick<ServerContext['cluster'], 'client' | 'namespaces'>,
  log: Pick<Logger, 'error'>,
): Promise<void> {
  for (const namespace of namespaces) {
    try {
      await requireController(client, namespace);
    } catch (error) {
      if (!(error instanceof ServiceError)) throw error;
      log.error({ namespace, nextStep: error.nextStep }, `no build can start: ${error.message}`);
    }
  }
}

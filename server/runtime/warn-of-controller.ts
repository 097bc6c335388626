import { requireController } from '../../argo/discover/require-controller.js';
import { ServiceError } from '../../schema/index.js';
import type { ServerContext } from '../context.js';
import type { Logger } from '../telemetry/log.js';

/**
 * Logs at the server's start that no build will ever start: Argo's controllers watch other namespaces. The server continues:
 * the next build asks again, and its comment says the same.
 */
export async function warnOfController(
  { client, namespace }: ServerContext['cluster'],
  log: Pick<Logger, 'error'>,
): Promise<void> {
  try {
    await requireController(client, namespace);
  } catch (error) {
    if (!(error instanceof ServiceError)) throw error;
    log.error({ nextStep: error.nextStep }, `no build can start: ${error.message}`);
  }
}

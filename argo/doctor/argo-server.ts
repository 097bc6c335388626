import { ConfigError } from '../../schema/diagnostic.js';
import { ServiceError } from '../../schema/errors.js';
import type { ClusterClient } from '../client/client.js';
import type { ArgoServer } from '../retry/argo-server.js';
import { checkRights, type Check } from './doctor.js';

/**
 * Whether Argo's server answers, and its version.
 *
 * @param open - gives the server; it may throw ConfigError
 */
export async function checkArgoServer(open: () => ArgoServer): Promise<Check> {
  const name = 'Argo’s server';
  try {
    const server = open();
    return { name, state: 'ok', found: `${await server.version()} at ${server.address}` };
  } catch (error) {
    if (error instanceof ServiceError)
      return { name, state: 'problem', found: error.message, nextStep: error.nextStep };
    if (!(error instanceof ConfigError)) throw error;
    const [{ file, message, hint } = { message: '' }] = error.diagnostics;
    return {
      name,
      state: 'problem',
      found: `${file ?? ''}: ${message}`,
      ...(hint !== undefined && { nextStep: hint }),
    };
  }
}

/**
 * Whether the user has the rights with which Argo's server retries: the Role kfops-retry. A server with its own
 * rights needs none of them, which cannot be seen from here.
 */
export async function checkRetryRights(client: ClusterClient, namespace: string): Promise<readonly Check[]> {
  const rights = [
    { verb: 'update', resource: 'workflows.argoproj.io', namespace },
    { verb: 'delete', resource: 'pods', namespace },
  ];
  const checks = await checkRights(
    client,
    rights,
    '`kfops retry` needs it where Argo’s server takes your rights (--auth-mode client): ask your cluster admin for the Role kfops-retry (deploy/argo-server/retry.yaml)',
  );
  return checks
    .filter(({ state }) => state !== 'ok')
    .map((check) => (check.nextStep === undefined ? check : { ...check, state: 'unknown' as const }));
}

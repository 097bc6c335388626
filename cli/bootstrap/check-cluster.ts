import type { ClusterClient } from '../../argo/client/client.js';
import type { KubernetesObject } from '../../argo/objects/apply.js';
import type { Check } from '../../argo/doctor/doctor.js';
import { WorkError } from '../../schema/index.js';
import { checkText } from '../output/check-text.js';
import { say, type Session, stderrPrinter } from '../session.js';
import { formatCount } from '../../templates/units.js';

/**
 * Whether the cluster has what an installation needs: Argo with a controller for the namespace of the builds, and the
 * rights to apply the objects. Shows what it finds.
 *
 * @throws WorkError when something is missing, before anything is changed
 * @throws ServiceError when the cluster does not answer
 */
export async function checkCluster(
  session: Session,
  client: ClusterClient,
  builds: string,
  objects: readonly KubernetesObject[],
): Promise<void> {
  const [{ checkArgo }, { checkController }, { findControllers }, { missingRights }] = await Promise.all([
    import('../../argo/doctor/doctor.js'),
    import('../../argo/doctor/controller.js'),
    import('../../argo/discover/argo-controller.js'),
    import('../../argo/objects/rights.js'),
  ]);
  const controllers = await findControllers(client);
  const [argo, controller, rights] = await Promise.all([
    checkArgo(client),
    checkController(client, builds, controllers),
    missingRights(client, objects),
  ]);
  const checks = [
    argo,
    ...(argo.state === 'ok' ? [controller] : []),
    ...(rights.length > 0 ? [lacking(rights)] : []),
  ];
  for (const check of checks) say(session, checkText(check, stderrPrinter(session)));
  const problems = checks.filter(({ state }) => state === 'problem');
  if (problems.length > 0)
    throw new WorkError(
      `the cluster at ${client.address} isn't ready for Kfops`,
      'Correct what is marked above, then run the same command again. Nothing was changed.',
    );
}

const SHOWN = 6;

function lacking(rights: readonly string[]): Check {
  const more = rights.length > SHOWN ? `, and ${formatCount(rights.length - SHOWN, 'more right')}` : '';
  return {
    name: 'Rights to install',
    state: 'problem',
    found: `not granted: ${rights.slice(0, SHOWN).join(', ')}${more}`,
    nextStep:
      'ask your cluster admin to run this command; or give --dry-run, have the Secrets that it lists created, then the printed objects applied with kubectl',
  };
}

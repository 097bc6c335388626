import type { ClusterClient } from '../../argo/client/client.js';
import { writeOutput } from '../output/file.js';
import { type Ask, askYesNo, withQuestions } from '../questions.js';
import type { Session } from '../session.js';
import { applyAll } from './apply.js';
import { checkCluster } from './check-cluster.js';
import { checkBeforeApp } from './create-app.js';
import type { BootstrapFlags } from './flags.js';
import { gather } from './gather.js';
import { install } from './install.js';
import { wrongBuildValues } from './own-images.js';
import { knownGitHub, type Plan, planInstallation, plannedObjects } from './plan.js';
import { objectsText } from './print.js';
import { sayMissing } from './missing-parts.js';
import { saySummary } from './summary.js';
import { openTarget, reachTarget } from './target.js';
import { sayWarnings } from './warnings.js';

/**
 * Installs Kfops in a cluster: namespaces, Secrets, the bucket, Kfops' own images, the server and its GitHub App. Can be
 * run again; leaves what somebody else made.
 *
 * @throws ConfigError with everything that is wrong or missing, before anything is changed
 * @throws WorkError when the cluster lacks something, or the images cannot be built
 * @throws ServiceError when the cluster, the store or GitHub does not answer
 */
export async function bootstrap(session: Session, flags: BootstrapFlags): Promise<void> {
  const { stdin, stderr, interrupted, columns } = session.io;
  const asks = !flags.yes && stdin.isTTY === true && stderr.isTTY === true;
  if (!asks) return run(session, flags, undefined);
  await withQuestions({ input: stdin, output: stderr, signal: interrupted, columns }, (ask) =>
    run(session, flags, ask),
  );
}

async function run(session: Session, flags: BootstrapFlags, ask: Ask | undefined): Promise<void> {
  const target = await openTarget(session, flags);
  const problems = [...target.problems, ...(await wrongBuildValues(session, flags))];
  const choices = await gather(session, flags, ask, problems);
  sayWarnings(session, choices);
  const client = await reachTarget(session, flags, target);
  const plan = await planInstallation(session, flags, choices, client);
  saySummary(session, { ...plan, client });
  if (client === undefined || flags.dryRun) {
    await print(session, plan, client);
    return;
  }
  const known = knownGitHub(plan);
  const { first, rest } = plannedObjects(plan, known);
  await checkCluster(session, client, choices.builds, [...first, ...rest]);
  if (known.kind === 'unknown') await checkBeforeApp(session, choices);
  if (ask && !(await askYesNo(ask, 'Install?', 'yes'))) return;
  await install(session, flags, client, plan);
}

/** Prints all objects; with a cluster, also says what would happen to each. */
async function print(session: Session, plan: Plan, client: ClusterClient | undefined): Promise<void> {
  const known = knownGitHub(plan);
  const { first, github, rest } = plannedObjects(plan, known);
  const objects = [...first, ...(github ? [github] : []), ...rest];
  if (client) await applyAll(session, client, objects, { dryRun: true });
  await writeOutput(session.io, '-', objectsText(objects));
  // On a terminal, the objects have moved the summary out of sight.
  if (session.io.stdout.isTTY) saySummary(session, { ...plan, client });
  sayMissing(session, plan, client !== undefined);
}

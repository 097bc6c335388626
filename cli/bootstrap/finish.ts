import type { ClusterClient } from '../../argo/client/client.js';
import { waitForRollout } from '../../argo/objects/rollout.js';
import type { Check } from '../../argo/doctor/doctor.js';
import type { Settings } from '../../schema/index.js';
import { checkCluster } from '../diagnose-cluster.js';
import { ExitCode } from '../exit.js';
import { checkText } from '../output/check-text.js';
import { say, type Session, stderrPrinter } from '../session.js';
import type { Choices } from './choices.js';
import type { Plan } from './plan.js';

const ROLLOUT_MS = 5 * 60_000;
const DELIVERY_MS = 10_000;

/** Waits for the server, checks what a build needs, and says what is left to do. */
export async function finish(
  session: Session,
  client: ClusterClient,
  { choices, store }: Plan,
  settings: Settings,
): Promise<void> {
  const { style } = session;
  say(session, `\n${style.bold('Checks')}`);
  const checks: Check[] = [];
  const show = (check: Check): void => {
    checks.push(check);
    say(session, checkText(check, stderrPrinter(session)));
  };
  show(await checkServer(session, client, choices));
  const target = {
    settings,
    namespace: choices.builds,
    loaded: undefined,
    client,
    endpoint: store.endpoint,
  };
  for await (const check of checkCluster(session, client, target, [])) show(check);
  show(await checkDeliveries(choices));
  if (checks.some(({ state }) => state === 'problem')) session.exitCode = ExitCode.Failed;
}

async function checkServer(session: Session, client: ClusterClient, { server }: Choices): Promise<Check> {
  const name = 'Server';
  const rollout = await waitForRollout(client, server, 'kfops-server', {
    signal: session.io.interrupted,
    timeoutMs: ROLLOUT_MS,
  });
  if (rollout.state === 'ready')
    return { name, state: 'ok', found: `${rollout.replicas} replicas are ready` };
  return {
    name,
    state: 'problem',
    found: `not ready after ${ROLLOUT_MS / 60_000} min: ${rollout.why}`,
    nextStep: `see why, correct it, then run the same command again:\nkubectl logs -n ${server} deployment/kfops-server`,
  };
}

/** What the server answers to a GET at the address of deliveries. */
const ONLY_POST = 405;

/** Whether this machine reaches the server at the address that GitHub uses. */
async function checkDeliveries({ url, server }: Choices): Promise<Check> {
  const name = 'Address for GitHub';
  const address = `${url}/webhook`;
  try {
    const { status } = await fetch(address, { redirect: 'error', signal: AbortSignal.timeout(DELIVERY_MS) });
    if (status === ONLY_POST) return { name, state: 'ok', found: `${address} leads to the server` };
    return notReached(name, `${address} answers with ${status}`, server);
  } catch (error) {
    const timedOut = error instanceof Error && error.name === 'TimeoutError';
    return notReached(
      name,
      `${address} ${timedOut ? "doesn't answer" : "can't be reached from here"}`,
      server,
    );
  }
}

function notReached(name: string, found: string, server: string): Check {
  return {
    name,
    state: 'unknown',
    found,
    nextStep: `forward this address, with TLS, to the Service kfops-server in ${server}; GitHub must reach it`,
  };
}

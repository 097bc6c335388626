import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';

import type { ClusterClient } from '../argo/client/client.js';
import type { Check } from '../argo/doctor/doctor.js';
import { CONFIG_PATH } from '../generator/project/project.js';
import { ConfigError } from '../schema/diagnostic.js';
import type { Settings } from '../schema/index.js';
import { buildNamespaces } from '../server/rules/build-namespaces.js';
import { formatCount } from '../templates/units.js';
import { connectWaiting } from './cluster.js';
import { checkCluster } from './diagnose-cluster.js';
import { checkRegistries } from './diagnose-registries.js';
import { checkStepImages } from './diagnose-step-images.js';
import { checkStore } from './diagnose-minio.js';
import { diagnoseStore } from './diagnose-store.js';
import { checkLogin } from './diagnose-login.js';
import { problem } from './diagnosis-problem.js';
import type { DiagnosisTarget } from './diagnosis-target.js';
import { commandLine } from './invocation.js';
import { type LoadedPlan, loadPlan } from './load-plan.js';
import { readSettings } from './open-project.js';
import type { ClusterFlags, ProjectFlags } from './options.js';
import type { Session } from './session.js';
import { waitingNotice } from './waiting.js';

/** Seconds that a cluster may take to answer: somebody waits to see what is wrong. */
const TIMEOUT_SECONDS = 10;

/** Options of `kfops doctor`. */
export type DoctorFlags = ProjectFlags &
  ClusterFlags & {
    readonly namespace?: string;
    /** GitHub is checked, too. */
    readonly server?: true;
  };

/**
 * Checks everything that a build needs, one thing after the other, and reports each as soon as it is known. Nothing
 * is changed anywhere.
 *
 * @throws ConfigError when an argument or the settings are wrong
 */
export async function* diagnose(session: Session, dir: string, flags: DoctorFlags): AsyncGenerator<Check> {
  const { value: settings } = readSettings(session, flags.settings);
  const [namespace, ...others] =
    flags.namespace === undefined ? buildNamespaces(settings) : [flags.namespace];
  yield node();

  const { check, loaded } = await configuration(session, dir, flags);
  yield check;
  let client: ClusterClient | undefined;
  try {
    client = await connectWaiting(session, { ...flags, timeout: flags.timeout ?? TIMEOUT_SECONDS });
    yield { name: 'Kubeconfig', state: 'ok', found: contextOf(client, [namespace, ...others]) };
  } catch (error) {
    yield problem('Kubeconfig', error);
  }
  const api = client && (await (await import('../argo/doctor/doctor.js')).checkApi(client));
  if (client) yield* checkLogin(client, settings);
  if (api) yield api;
  const answers = api?.state === 'ok';
  if (client && answers) yield* clock(client);
  const store = await diagnoseStore(settings, loaded, answers ? client : undefined);
  const target: DiagnosisTarget = { settings, namespace, loaded, client, endpoint: store.endpoint };
  if (client && answers) yield* checkCluster(session, client, target, others);
  if (store.check) yield store.check;
  if (store.endpoint !== undefined) yield* await checkStore(session, target, store.endpoint, answers);
  yield* checkRegistries(session, target);
  yield* checkStepImages(session, target);
  if (flags.server) yield* checkGitHubOf(session, settings, flags.timeout ?? TIMEOUT_SECONDS);
}

async function* checkGitHubOf(session: Session, settings: Settings, seconds: number): AsyncGenerator<Check> {
  const { checkGitHub } = await import('../server/doctor/github.js');
  const checks = checkGitHub(settings, { env: session.io.env, timeoutMs: seconds * 1000 });
  const notice = waitingNotice(session, 'GitHub');
  for (;;) {
    const next = await notice.during(checks.next());
    if (next.done) return;
    yield next.value;
  }
}

function node(): Check {
  const { node } = process.versions;
  const [major = 0, minor = 0] = node.split('.').map(Number);
  if (major > 20 || (major === 20 && minor >= 19)) return { name: 'Node', state: 'ok', found: node };
  return {
    name: 'Node',
    state: 'problem',
    found: node,
    nextStep: 'install Node 20.19 or later: https://nodejs.org',
  };
}

async function configuration(
  session: Session,
  dir: string,
  flags: DoctorFlags,
): Promise<{ check: Check; loaded: LoadedPlan | undefined }> {
  const name = 'Configuration';
  const folder = resolve(session.io.cwd, dir);
  if (
    flags.config === undefined &&
    flags.commit === undefined &&
    dir === '.' &&
    !existsSync(join(folder, CONFIG_PATH))
  ) {
    const nextStep = 'name the repository’s root folder, to have that checked too';
    const found = `${CONFIG_PATH} is not here: what a repository needs is not checked`;
    return { check: { name, state: 'unknown', found, nextStep }, loaded: undefined };
  }
  try {
    const loaded = await loadPlan(session, dir, flags);
    const found = `valid, ${formatCount(loaded.plan.images.length, 'image')}`;
    return { check: { name, state: 'ok', found }, loaded };
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    const [first, ...more] = error.diagnostics.filter(({ severity }) => severity === 'error');
    const clause = (first?.message ?? '').replace(/\.$/, '');
    const found = `wrong: ${clause}${more.length > 0 ? `, and ${formatCount(more.length, 'more error')}` : ''}`;
    return {
      check: { name, state: 'problem', found, nextStep: commandLine(session, 'validate') },
      loaded: undefined,
    };
  }
}

/** With the namespaces that are looked at, whatever the context names. */
function contextOf({ kubeConfig, inCluster }: ClusterClient, namespaces: readonly string[]): string {
  const who = inCluster ? 'the service account of this pod' : `context ${kubeConfig.getCurrentContext()}`;
  return `${who}, ${namespaces.length === 1 ? 'namespace' : 'namespaces'} ${namespaces.join(', ')}`;
}

async function* clock(client: ClusterClient): AsyncGenerator<Check> {
  const { checkClock, readApiClock } = await import('../argo/doctor/clock.js');
  const reading = await readApiClock(client);
  if (reading) yield checkClock('the Kubernetes API', reading);
}

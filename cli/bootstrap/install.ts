import type { ClusterClient } from '../../argo/client/client.js';
import type { KubernetesObject } from '../../argo/objects/apply.js';
import { say, type Session } from '../session.js';
import { applyAll } from './apply.js';
import { ensureBucket, withStoreKeys } from './bucket.js';
import type { Choices } from './choices.js';
import { createApp } from './create-app.js';
import { finish } from './finish.js';
import type { BootstrapFlags } from './flags.js';
import { pushOwnImages } from './own-images.js';
import { knownGitHub, type Plan, plannedObjects } from './plan.js';
import { checkedSettings, type GitHubSettings } from './settings.js';
import { storeGitHub } from './store-github.js';

/** What runs Kfops' own image: applied when that is there. */
const PODS: readonly string[] = ['Deployment', 'CronWorkflow'];

/**
 * Changes the cluster, step by step. Each step finds what an earlier run has done.
 *
 * @throws WorkError when the images cannot be built
 * @throws ServiceError when the cluster or GitHub does not answer
 */
export async function install(
  session: Session,
  flags: BootstrapFlags,
  client: ClusterClient,
  plan: Plan,
): Promise<void> {
  const { choices, store, images } = plan;
  const known = knownGitHub(plan);
  const { value: settings } = checkedSettings({ ...plan, github: known });
  const { first, github: secret } = plannedObjects(plan, known);
  await applyAll(session, client, first);
  await ensureBucket(session, client, choices, store, settings);
  if (secret) await storeGitHub(session, client, secret);
  const github = known.kind === 'unknown' ? await createApp(session, client, choices) : known;
  const { rest } = plannedObjects(plan, github);
  const kept = await applyAll(session, client, rest.filter(isBeforePods));
  if (images === 'absent' || images === 'unknown')
    await pushOwnImages(withStoreKeys(session, store), choices, settings, flags);
  await applyAll(
    session,
    client,
    rest.filter((object) => !isBeforePods(object)),
  );
  await finish(session, client, plan, settings);
  sayNext(session, choices, github, kept);
}

function isBeforePods({ kind }: KubernetesObject): boolean {
  return !PODS.includes(kind);
}

function sayNext(
  session: Session,
  { repositories, url, server }: Choices,
  github: GitHubSettings,
  kept: readonly KubernetesObject[],
): void {
  const { style } = session;
  const keptSettings = kept.some(
    ({ kind, metadata }) => kind === 'ConfigMap' && metadata.namespace === server,
  );
  const steps = [
    ...(keptSettings
      ? [`The settings in ConfigMap kfops-settings were kept: compare them with \`--dry-run\``]
      : []),
    github.kind === 'token'
      ? `Add a webhook to ${repositories.join(', ')}: ${url}/webhook, content type application/json, events “issue comment” and “pull request”, with your secret`
      : `Install the GitHub App on ${repositories.join(', ')}`,
    'Comment /help on a pull request',
  ];
  say(session, `\n${style.bold('Next')}`);
  for (const step of steps) say(session, `  ${step}`);
}

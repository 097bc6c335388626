import type { ClusterClient } from '../../argo/client/client.js';
import { type KubernetesObject, readObject } from '../../argo/objects/apply.js';
import { recordOf } from '../../common/json.js';
import { ConfigError } from '../../schema/index.js';
import type { Choices } from './choices.js';
import { missingFlag } from './missing-flag.js';
import { APP_ANNOTATION, GITHUB_SECRET } from './secrets.js';
import type { GitHubSettings } from './settings.js';

/** How the server will sign in to GitHub. */
export type GitHubPlan =
  /** With what the flags name: the Secret is made of it. */
  | { readonly from: 'flags' }
  /** With the Secret that is in the cluster. */
  | { readonly from: 'cluster'; readonly settings: GitHubSettings }
  /** With an App that a person makes on the page. */
  | { readonly from: 'page' };

/**
 * @param client - absent for a dry run without a cluster
 * @param hasBrowser - a person can open the page
 * @throws ConfigError when there are no credentials, and no way to get any
 */
export async function planGitHub(
  { github, server }: Choices,
  client: ClusterClient | undefined,
  hasBrowser: boolean,
): Promise<GitHubPlan> {
  if (github) return { from: 'flags' };
  const metadata = { name: GITHUB_SECRET, namespace: server };
  const secret = client && (await readObject(client, { apiVersion: 'v1', kind: 'Secret', metadata }));
  if (secret) return { from: 'cluster', settings: settingsOf(secret) };
  if (hasBrowser) return { from: 'page' };
  const hint =
    'give these three; or --github-token-file and --webhook-secret-file; or run this command in a terminal, which makes the App with one click';
  throw new ConfigError(
    ['--github-app-id', '--github-key-file', '--webhook-secret-file'].map((flag) => missingFlag(flag, hint)),
  );
}

/** Which keys a Secret has says what it is for. */
function settingsOf({ data, metadata }: KubernetesObject): GitHubSettings {
  if (recordOf(data).token !== undefined) return { kind: 'token' };
  const id = Number(metadata.annotations?.[APP_ANNOTATION]);
  if (Number.isSafeInteger(id) && id > 0) return { kind: 'app', id };
  throw new ConfigError([
    missingFlag(
      '--github-app-id',
      `the Secret ${GITHUB_SECRET} is in the cluster and doesn't say which App it belongs to: run \`kubectl annotate secret -n ${metadata.namespace ?? ''} ${GITHUB_SECRET} ${APP_ANNOTATION}=NUMBER\` with the App's number`,
    ),
  ]);
}

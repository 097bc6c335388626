import type { ClusterClient } from '../../argo/client/client.js';
import type { KubernetesObject } from '../../argo/objects/apply.js';
import type { Session } from '../session.js';
import type { Choices } from './choices.js';
import type { BootstrapFlags } from './flags.js';
import { findPipelines, findStore, type Store } from './found.js';
import { type GitHubPlan, planGitHub } from './github.js';
import { namespaces, serverObjects } from './objects.js';
import { findOwnImages, type ImagesState } from './own-images.js';
import { githubSecret, ownSecrets } from './secrets.js';
import { checkedSettings, type GitHubSettings, settingsText } from './settings.js';
import { findForeign, hasPipelineRole, requireProfiles } from './surroundings.js';

/** Everything that is known before the cluster is changed. */
export interface Plan {
  readonly choices: Choices;
  readonly store: Store;
  readonly kfpEndpoint: string | undefined;
  readonly github: GitHubPlan;
  /** Absent: they are not looked for. */
  readonly images: ImagesState | undefined;
  /** Namespaces that somebody else made. */
  readonly foreign: ReadonlySet<string>;
  readonly isMultiUser: boolean;
}

/**
 * Looks at the cluster; changes nothing.
 *
 * @param client - absent for a dry run without a cluster
 * @throws ConfigError when something is missing, or the settings would be wrong
 * @throws ServiceError when the cluster does not answer
 */
export async function planInstallation(
  session: Session,
  flags: BootstrapFlags,
  choices: Choices,
  client: ClusterClient | undefined,
): Promise<Plan> {
  const store = await findStore(choices, client);
  const kfpEndpoint = await findPipelines(choices, client);
  const hasBrowser = flags.dryRun === true || session.io.stderr.isTTY === true;
  const github = await planGitHub(choices, client, hasBrowser);
  const { value: settings } = checkedSettings({ choices, store, kfpEndpoint, github: { kind: 'unknown' } });
  if (client) await requireProfiles(client, choices.profiles);
  const looks = flags.images !== false && !flags.dryRun;
  return {
    choices,
    store,
    kfpEndpoint,
    github,
    images: looks ? await findOwnImages(session, client, choices, settings) : undefined,
    foreign: client ? await findForeign(client, namespaces(choices)) : new Set(),
    isMultiUser: client ? await hasPipelineRole(client) : false,
  };
}

/** What is known about GitHub before an App is made. */
export function knownGitHub({ choices, github }: Plan): GitHubSettings {
  if (github.from === 'cluster') return github.settings;
  if (choices.github?.kind === 'app') return { kind: 'app', id: choices.github.id };
  return { kind: choices.github ? 'token' : 'unknown' };
}

/** All objects in the order in which they are applied. */
export interface PlannedObjects {
  /** The namespaces and the Secrets that the flags and the cluster hold. */
  readonly first: readonly KubernetesObject[];
  /** Absent where an App is still made, or its Secret is there. */
  readonly github?: KubernetesObject;
  readonly rest: readonly KubernetesObject[];
}

/** The objects of a plan, once it is known how the server signs in to GitHub. */
export function plannedObjects(plan: Plan, github: GitHubSettings): PlannedObjects {
  const { choices, store } = plan;
  return {
    first: [...namespaces(choices), ...ownSecrets(choices, store)],
    ...(choices.github && { github: githubSecret(choices.server, choices.github) }),
    rest: serverObjects({ ...plan, settings: settingsText({ ...plan, github }) }),
  };
}

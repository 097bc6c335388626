import type { ClusterClient } from '../../argo/client/client.js';
import type { KubernetesObject } from '../../argo/objects/apply.js';
import { ConfigError } from '../../schema/index.js';
import type { Session } from '../session.js';
import type { Choices } from './choices.js';
import type { BootstrapFlags } from './flags.js';
import { findPipelines, findStore, type Store } from './found.js';
import { type GitHubPlan, planGitHub } from './github.js';
import { namespaces, serverObjects } from './objects.js';
import { findOwnImages, type ImagesState } from './own-images.js';
import { githubSecret, ownSecrets } from './secrets.js';
import { checkedSettings, type GitHubSettings, settingsText } from './settings.js';
import { requireOwnKeys } from './store-secret.js';
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
  const hasBrowser = flags.dryRun === true || session.io.stderr.isTTY === true;
  const [store, kfpEndpoint, github] = await allOf([
    findStore(choices, client),
    findPipelines(choices, client),
    planGitHub(choices, client, hasBrowser),
    client && requireProfiles(client, choices.profiles),
    client && requireOwnKeys(client, choices),
  ]);
  const { value: settings } = checkedSettings({ choices, store, kfpEndpoint, github: { kind: 'unknown' } });
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

/**
 * All results.
 *
 * @throws ConfigError with the diagnostics of all ConfigErrors, where there are no other errors; else the first error
 */
async function allOf<T extends readonly unknown[]>(work: [...T]): Promise<{ [K in keyof T]: Awaited<T[K]> }> {
  const settled = await Promise.allSettled(work);
  const errors: unknown[] = settled.flatMap((each) =>
    each.status === 'rejected' ? [each.reason as unknown] : [],
  );
  const wrong = errors.filter((error) => error instanceof ConfigError);
  if (wrong.length > 0 && wrong.length === errors.length)
    throw new ConfigError(wrong.flatMap(({ diagnostics }) => diagnostics));
  return Promise.all(work);
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

import type { Octokit } from 'octokit';

import { systemClock, type Clock } from '../../common/clock.js';
import type { Settings } from '../../schema/index.js';
import { gitHubAddress, type GitHubAddress } from './address.js';
import { octokitApp } from './app-connection.js';
import type { ConnectionOptions, Named } from './connection.js';
import { readPrivateKey, readToken } from './credentials.js';
import { GitHubError, toGitHubError } from './errors.js';
import {
  appFacts,
  deliveryFacts,
  hookFacts,
  installationFacts,
  repositoryFacts,
  type AppFacts,
  type DeliveryFacts,
  type HookFacts,
  type InstallationFacts,
  type RepositoryFacts,
  type TokenFacts,
} from './facts.js';
import { Failures, type Patience } from './patience.js';
import { tokenConnection } from './token-connection.js';
import { gitHubFetch } from './transport.js';

/** Options of {@link inspectGitHub}. */
export interface InspectionOptions {
  readonly env: Readonly<Record<string, string | undefined>>;
  /** For one request, in milliseconds. */
  readonly timeoutMs: number;
  readonly clock?: Clock;
  /** Between 0 and 1, for pauses. */
  readonly random?: () => number;
}

/** What GitHub tells an App about itself. Each call fails with a GitHubError. */
export interface AppInspection {
  readonly kind: 'app';
  readonly address: GitHubAddress;
  readonly app: () => Promise<AppFacts>;
  /** @returns undefined where the App isn't installed, or that isn't there */
  readonly installation: (repository: Named) => Promise<InstallationFacts | undefined>;
  /** @returns undefined for an App without a webhook */
  readonly hook: () => Promise<HookFacts | undefined>;
  /** The latest first. @returns undefined for an App without a webhook */
  readonly deliveries: () => Promise<readonly DeliveryFacts[] | undefined>;
}

/** What GitHub tells the owner of a token. Each call fails with a GitHubError. */
export interface TokenInspection {
  readonly kind: 'token';
  readonly address: GitHubAddress;
  readonly account: () => Promise<TokenFacts>;
  /** @returns undefined where the token can't see it, or that isn't there */
  readonly repository: (repository: Named) => Promise<RepositoryFacts | undefined>;
}

/** Somebody waits to see what is wrong: one more attempt, and no wait for a rate limit. */
const PATIENCE: Patience = { unavailable: 1, limited: 0, longestLimitMs: 10_000 };
/** Deliveries that are looked at. */
const DELIVERIES = 30;

/**
 * Reads from GitHub what the server's credentials may do. Changes nothing there, and makes no token.
 *
 * @returns undefined if the settings name neither an App nor a token
 * @throws WorkError when the files cannot be used
 */
export async function inspectGitHub(
  { app, ...settings }: Settings['server']['github'],
  { env, timeoutMs, clock = systemClock, random }: InspectionOptions,
): Promise<AppInspection | TokenInspection | undefined> {
  const address = gitHubAddress(settings, env);
  const silent = (): void => undefined;
  const connection: ConnectionOptions = {
    address,
    fetch: gitHubFetch(address.api, timeoutMs),
    log: { debug: silent, warn: silent },
    onCall: silent,
  };
  const persist = async <T>(ask: () => Promise<T>): Promise<T> => {
    const failures = new Failures(PATIENCE, false, random);
    for (;;) {
      try {
        return await ask();
      } catch (raw) {
        const error = toGitHubError(raw, address.api);
        const advice = failures.judge(error);
        if (!advice) throw error;
        await clock.wait(advice.waitMs);
      }
    }
  };
  if (app) {
    const key = { id: app.id, privateKey: readPrivateKey(app.private_key_file) };
    const { octokit } = await octokitApp(key, connection);
    return appInspection(address, octokit, persist);
  }
  if (settings.token_file === undefined) return undefined;
  const token = readToken(settings.token_file);
  const { octokit } = await (await tokenConnection(() => token, connection)).access({ owner: '', name: '' });
  return tokenInspection(address, octokit, persist);
}

type Persist = <T>(ask: () => Promise<T>) => Promise<T>;

function appInspection(address: GitHubAddress, octokit: Octokit, persist: Persist): AppInspection {
  return {
    kind: 'app',
    address,
    app: async () => appFacts((await persist(() => octokit.request('GET /app'))).data),
    installation: ({ owner, name }) =>
      unlessGone(async () => {
        const names = { owner, repo: name };
        const ask = (): Promise<{ data: unknown }> =>
          octokit.request('GET /repos/{owner}/{repo}/installation', names);
        return installationFacts((await persist(ask)).data);
      }),
    hook: () =>
      unlessGone(async () => hookFacts((await persist(() => octokit.request('GET /app/hook/config'))).data)),
    deliveries: () =>
      unlessGone(async () => {
        const ask = (): Promise<{ data: unknown }> =>
          octokit.request('GET /app/hook/deliveries', { per_page: DELIVERIES });
        return deliveryFacts((await persist(ask)).data);
      }),
  };
}

function tokenInspection(address: GitHubAddress, octokit: Octokit, persist: Persist): TokenInspection {
  return {
    kind: 'token',
    address,
    account: async () => {
      const { data, headers } = await persist(() => octokit.request('GET /user'));
      const scopes = headers['x-oauth-scopes'];
      return { login: data.login, scopes: scopes?.split(',').flatMap((each) => each.trim() || []) };
    },
    repository: ({ owner, name }) =>
      unlessGone(async () => {
        const names = { owner, repo: name };
        const ask = (): Promise<{ data: unknown }> => octokit.request('GET /repos/{owner}/{repo}', names);
        return repositoryFacts((await persist(ask)).data);
      }),
  };
}

async function unlessGone<T>(ask: () => Promise<T>): Promise<T | undefined> {
  try {
    return await ask();
  } catch (error) {
    if (error instanceof GitHubError && error.status === 404) return undefined;
    throw error;
  }
}

import type { Octokit } from 'octokit';

import type { Account, Repository } from '../ports.js';
import type { Logger } from '../telemetry/log.js';
import type { GitHubAddress } from './address.js';
import type { Fetch } from './transport.js';

/** One request to GitHub, when its answer is there. */
export interface GitHubCall {
  /** GitHub's name of the operation: `GET /repos/{owner}/{repo}`. */
  readonly route: string;
  /** Undefined where no answer came. */
  readonly status: number | undefined;
  /** Requests that GitHub still takes in this hour, where it says so. */
  readonly remaining: number | undefined;
  /** What they are counted on: `core`. */
  readonly resource: string | undefined;
}

/** Octokit for one repository, and whose quota its calls count on. */
export interface Access {
  readonly octokit: Octokit;
  readonly lane: string;
}

/** Names of a repository; its number is not needed to reach it. */
export type Named = Pick<Repository, 'owner' | 'name'>;

/** How the server is known to GitHub: as an App or by a token. Errors are octokit's own. */
export interface Connection {
  readonly kind: 'app' | 'token';
  /** @throws octokit's error: 404 where the App is not installed */
  access(repository: Named): Promise<Access>;
  /** Forgets what is known of a repository's access: it was refused, and may be another by now. */
  forget(repository: Named): void;
  /** The account that writes. */
  me(repository: Named): Promise<Account>;
  /** A token for git which reads this repository and nothing else, where GitHub makes such. */
  gitToken(repository: Repository): Promise<string>;
}

/** Options of {@link octokitOptions}. */
export interface ConnectionOptions {
  readonly address: GitHubAddress;
  readonly fetch: Fetch;
  readonly log: Pick<Logger, 'debug' | 'warn'>;
  readonly onCall: (call: GitHubCall) => void;
}

/**
 * What every octokit is made with. Its plugins for retries and throttling are off: see `Failures` in patience.ts.
 */
export function octokitOptions({ address, fetch, log }: ConnectionOptions) {
  const say =
    (level: 'debug' | 'warn') =>
    (message: string): void => {
      log[level]({ octokit: message }, 'octokit');
    };
  return {
    baseUrl: address.api,
    userAgent: 'kfops',
    request: { fetch },
    retry: { enabled: false },
    throttle: { enabled: false },
    log: { debug: say('debug'), info: say('debug'), warn: say('warn'), error: say('warn') },
  };
}

/** Tells of every request of an octokit, those for tokens included. */
export function watchCalls({ hook }: Pick<Octokit, 'hook'>, onCall: ConnectionOptions['onCall']): void {
  hook.wrap('request', async (request, options) => {
    const route = `${options.method} ${options.url.replace(options.baseUrl, '')}`;
    const told = (status: number | undefined, headers: Readonly<Record<string, unknown>>): void => {
      const remaining = Number(headers['x-ratelimit-remaining'] ?? NaN);
      const resource = headers['x-ratelimit-resource'];
      onCall({
        route,
        status,
        remaining: Number.isFinite(remaining) ? remaining : undefined,
        resource: typeof resource === 'string' ? resource : undefined,
      });
    };
    try {
      const response = await request(options);
      told(response.status, response.headers);
      return response;
    } catch (error) {
      const { status, response } = error as {
        status?: number;
        response?: { headers: Record<string, unknown> };
      };
      told(response ? status : undefined, response?.headers ?? {});
      throw error;
    }
  });
}

/** An account in the words of this server. Ids are far from where numbers end, whatever octokit's types say. */
export function accountOf(
  user:
    | { readonly id: number | bigint; readonly login: string; readonly type?: string | undefined }
    | null
    | undefined,
): Account {
  // GitHub shows a deleted account as ghost.
  if (!user) return { login: 'ghost', id: 0, bot: false };
  return { login: user.login, id: Number(user.id), bot: user.type === 'Bot' };
}

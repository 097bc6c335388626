import { systemClock, type Clock } from '../../common/clock.js';
import type { Settings } from '../../schema/index.js';
import { WorkError } from '../../schema/index.js';
import type { GitHub, Repository } from '../ports.js';
import type { Logger } from '../telemetry/log.js';
import { gitHubAddress } from './address.js';
import { appConnection } from './app-connection.js';
import { Calls } from './calls.js';
import { checks } from './checks.js';
import { comments } from './comments.js';
import { commitComments } from './commit-comments.js';
import type { Connection, ConnectionOptions, GitHubCall } from './connection.js';
import { readPrivateKey, tokenIn } from './credentials.js';
import { gitAccess } from './git-access.js';
import { Pacer } from './pace.js';
import { people } from './people.js';
import { pullRequests, repositoryOf } from './pull-requests.js';
import { recentPushes } from './pushes.js';
import { reactions } from './reactions.js';
import { GitHubTime } from './time.js';
import { tokenConnection } from './token-connection.js';
import { gitHubFetch } from './transport.js';
import { GitHubUsage } from './usage.js';

export type { GitHubCall } from './connection.js';
export { GitHubError } from './errors.js';

/** Options of {@link githubFor}. */
export interface GitHubOptions {
  readonly log: Logger;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Called for every request, for metrics. */
  readonly onCall?: (call: GitHubCall) => void;
  /** Of earlier settings in this process. */
  readonly usage?: GitHubUsage;
  /** Default: this machine's. */
  readonly clock?: Clock;
  /** Between 0 and 1, for pauses. */
  readonly random?: () => number;
  /** For one request, in milliseconds. */
  readonly timeoutMs?: number;
}

/** GitHub as the server needs it, and how to let go of it. */
export interface GitHubAdapter extends GitHub {
  /** Writes that wait for their turn. */
  readonly waitingWrites: number;
  /** Writes that wait fail with an error; those in progress continue. */
  close(): void;
}

/**
 * GitHub over octokit, as the settings say: a GitHub App, or a token.
 *
 * @throws WorkError when the settings name neither or both, or their files cannot be used
 */
export async function githubFor(
  settings: Settings['server']['github'],
  options: GitHubOptions,
): Promise<GitHubAdapter> {
  const { log, env, clock = systemClock, random = Math.random } = options;
  const address = gitHubAddress(settings, env);
  const time = new GitHubTime(clock);
  const fetch = time.heardBy(gitHubFetch(address.api, options.timeoutMs));
  const onCall = options.onCall ?? (() => undefined);
  const connection = await connect(settings, { address, fetch, log, onCall }, log, clock);
  const { usage = new GitHubUsage(clock) } = options;
  const pacer = new Pacer({
    perMinute: settings.writes_per_minute,
    perHour: settings.writes_per_hour,
    usage,
    clock,
    random,
  });
  const calls = new Calls({ connection, apiUrl: address.api, pacer, holds: usage.holds, clock, random });
  return {
    people: people(calls, connection),
    pullRequests: pullRequests(calls),
    comments: comments(calls, connection),
    commitComments: commitComments(calls, connection),
    reactions: reactions(calls, connection),
    checks: checks(calls, connection),
    git: gitAccess(calls, connection, address.web),
    repository: (owner, name) => repositoryNamed(calls, owner, name),
    branchTip: (repository, branch) => branchTip(calls, repository, branch),
    defaultBranch: (repository) => defaultBranch(calls, repository),
    recentPushes: (repository) => recentPushes(calls, repository),
    commitMessage: (repository, commit) => commitMessage(calls, repository, commit),
    now: () => time.now(),
    get waitingWrites() {
      return pacer.waiting;
    },
    close() {
      pacer.close(new WorkError('the server is stopping; this was not written to GitHub'));
    },
  };
}

async function connect(
  { app, token_file: tokenFile }: Settings['server']['github'],
  options: ConnectionOptions,
  log: Logger,
  clock: Clock,
): Promise<Connection> {
  if (app && tokenFile !== undefined) {
    throw new WorkError(
      'both a GitHub App and a token are configured',
      'Remove settings.server.github.app or settings.server.github.token_file.',
    );
  }
  if (app)
    return await appConnection(
      { id: app.id, privateKey: readPrivateKey(app.private_key_file), clock },
      options,
    );
  if (tokenFile !== undefined) return await tokenConnection(tokenIn(tokenFile, log), options);
  throw new WorkError(
    'no GitHub credentials are configured',
    'Set settings.server.github.app for a GitHub App, or settings.server.github.token_file for a token.',
  );
}

async function repositoryNamed(calls: Calls, owner: string, name: string): Promise<Repository | undefined> {
  const found = await read(calls, owner, name);
  return found && repositoryOf(found);
}

async function defaultBranch(calls: Calls, { owner, name }: Repository): Promise<string | undefined> {
  return (await read(calls, owner, name))?.default_branch;
}

async function read(calls: Calls, owner: string, name: string) {
  const found = await calls.find({ owner, name }, (octokit) =>
    octokit.request('GET /repos/{owner}/{repo}', { owner, repo: name }),
  );
  return found?.data;
}

async function branchTip(
  calls: Calls,
  { owner, name }: Repository,
  branch: string,
): Promise<string | undefined> {
  const found = await calls.find({ owner, name }, (octokit) =>
    octokit.request('GET /repos/{owner}/{repo}/git/ref/{ref}', { owner, repo: name, ref: `heads/${branch}` }),
  );
  return found?.data.object.sha;
}

async function commitMessage(
  calls: Calls,
  { owner, name }: Repository,
  commit: string,
): Promise<string | undefined> {
  const found = await calls.find({ owner, name }, (octokit) =>
    octokit.request('GET /repos/{owner}/{repo}/git/commits/{commit_sha}', {
      owner,
      repo: name,
      commit_sha: commit,
    }),
  );
  return found?.data.message;
}

import type { ClusterClient } from '../../argo/client/client.js';
import { ConfigError, hasErrors, type Diagnostic, type Located, type Settings } from '../../schema/index.js';
import type { GitHubUsage } from '../github/usage.js';
import { secretFiles } from '../http/listener.js';
import { ownSecrets } from '../redact/own-secrets.js';
import type { Logger } from '../telemetry/log.js';
import type { Metrics } from '../telemetry/metrics.js';
import { checkFiles } from './check-files.js';
import { checkServerSettings } from './check-settings.js';
import { connect, type Connected } from './connect.js';
import { withStore } from './with-store.js';

/** What {@link prepare} depends on. */
export interface PrepareOptions {
  readonly connectCluster: () => Promise<ClusterClient>;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** What this process has asked of GitHub with earlier settings. */
  readonly usage?: GitHubUsage;
  readonly log: Logger;
  readonly metrics: Metrics;
}

/** Settings that can be used, and what they need. */
export interface Prepared {
  readonly connected: Connected;
  /** The webhook secrets that are valid now. */
  readonly secrets: () => readonly string[];
  /** What is doubtful in the settings. */
  readonly warnings: readonly Diagnostic[];
}

/**
 * Checks settings, and opens what a server with them needs. It disturbs no server that runs.
 *
 * @throws ConfigError if the settings aren't valid for a server, with all problems
 * @throws ServiceError if it has to look for the object store and the cluster doesn't answer
 * @throws WorkError if the credentials for GitHub can't be used
 */
export async function prepare(
  located: Located<Settings>,
  { connectCluster, env, usage, log, metrics }: PrepareOptions,
): Promise<Prepared> {
  const problems = checkSettings(located);
  const client = await unlessWrong(connectCluster(), problems);
  if (client === undefined || hasErrors(problems)) throw new ConfigError(problems);
  const settings = await withStore(located.value, client, log);
  const secrets = secretFiles(settings.server.github.webhook_secret_files, { log });
  const masked = ownSecrets(settings);
  const connected = await connect({
    settings,
    client,
    env,
    log,
    metrics,
    secrets: masked,
    ...(usage && { usage }),
  });
  return { connected, secrets, warnings: problems };
}

/** What is wrong or doubtful in the settings and in the files that they name. */
export function checkSettings(located: Located<Settings>): Diagnostic[] {
  return [...checkServerSettings(located), ...checkFiles(located)];
}

/** The promise's value; undefined if it rejects with a ConfigError, whose diagnostics are added to `problems`. */
async function unlessWrong<T>(promise: Promise<T>, problems: Diagnostic[]): Promise<T | undefined> {
  try {
    return await promise;
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    problems.push(...error.diagnostics);
    return undefined;
  }
}

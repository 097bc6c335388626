import type { ClusterClient } from '../../argo/client/client.js';
import type { Settings } from '../../schema/index.js';
import { gitHubAddress } from '../github/address.js';
import { githubFor, type GitHubAdapter } from '../github/index.js';
import type { GitHubUsage } from '../github/usage.js';
import { redact } from '../redact/redact.js';
import type { Logger } from '../telemetry/log.js';
import type { Metrics } from '../telemetry/metrics.js';
import type { ContextParts } from './open-context.js';

/** What {@link connect} is given. */
export interface ConnectOptions {
  readonly settings: Settings;
  readonly client: ClusterClient;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Of earlier settings in this process. */
  readonly usage?: GitHubUsage;
  readonly log: Logger;
  readonly metrics: Metrics;
  /** The server's secrets as they are now, to be masked. */
  readonly secrets: () => readonly string[];
}

/** The parts of a server's context, and the GitHub client to close at the end. */
export type Connected = Omit<ContextParts, 'planner' | 'explain'> & { readonly github: GitHubAdapter };

/**
 * Gets ready what the settings name: GitHub by its App or token, its pages, and the masking of secrets. Nothing is
 * sent yet.
 *
 * @throws WorkError when the credentials for GitHub cannot be used
 */
export async function connect({
  settings,
  client,
  env,
  usage,
  log,
  metrics,
  secrets,
}: ConnectOptions): Promise<Connected> {
  const { server } = settings;
  const github = await githubFor(server.github, {
    log,
    env,
    ...(usage && { usage }),
    onCall: ({ route, status, remaining, resource }) => {
      metrics.githubCall(route, status);
      if (remaining !== undefined) metrics.githubQuota(resource ?? 'core', remaining);
    },
  });
  return {
    settings,
    client,
    github,
    web: gitHubAddress(server.github, env).web,
    log,
    metrics,
    redact: (text) => redact(text, secrets()),
    pending: new Set<Promise<unknown>>(),
  };
}

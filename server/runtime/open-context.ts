import type { ClusterClient } from '../../argo/client/client.js';
import { workflowRunner } from '../../argo/workflows/runner.js';
import { kfpLinks } from '../../generator/results/published.js';
import type { Settings } from '../../schema/index.js';
import { conversations } from '../comment/conversations.js';
import type { ServerContext } from '../context.js';
import { Refusals } from '../github/refusals.js';
import type { ExplainLogs } from '../planning/log-reader.js';
import type { Planner } from '../planning/planner.js';
import type { GitHub } from '../ports.js';
import { buildCluster } from '../rules/build-namespaces.js';
import type { Logger } from '../telemetry/log.js';
import type { Metrics } from '../telemetry/metrics.js';

/** What a {@link ServerContext} is made of. */
export interface ContextParts {
  readonly settings: Settings;
  readonly client: ClusterClient;
  readonly github: GitHub;
  /** GitHub's pages: `https://github.com`. */
  readonly web: string;
  readonly log: Logger;
  readonly metrics: Metrics;
  readonly planner: Planner;
  readonly explain: ExplainLogs;
  /** Masks the server's own secrets, and what looks like one. */
  readonly redact: (text: string) => string;
  /** What is going on behind; see {@link ServerContext.background}. */
  readonly pending: Set<Promise<unknown>>;
}

/** Creates the server's context from the settings. Sends nothing yet. */
export function openContext({
  settings,
  client,
  github,
  web,
  log,
  metrics,
  pending,
  planner,
  explain,
  redact,
}: ContextParts): ServerContext {
  const { argo, server } = settings;
  const prefix = server.command_prefix;
  const render = { web, ...(prefix !== undefined && { prefix }) };
  return {
    settings,
    github,
    conversations: conversations({ github, render, log }),
    render,
    cluster: buildCluster(client, settings),
    runner: workflowRunner(client, argo.url === undefined ? {} : { argoUrl: argo.url }),
    planner,
    explain,
    refusals: new Refusals({
      onError: (err) => {
        log.warn({ err }, "cannot read the author's permission; command refused");
      },
    }),
    metrics,
    links: {
      redact,
      versionUrl: (published) => kfpLinks(settings.kfp?.url, published).version,
      runUrl: (run) => kfpLinks(settings.kfp?.url, undefined, run).run,
    },
    background: (work) => {
      const kept = work
        .catch((err: unknown) => {
          log.warn({ err }, 'background write failed');
        })
        .finally(() => pending.delete(kept));
      pending.add(kept);
    },
  };
}

import type { ServerContext } from '../context.js';
import { isServed } from '../rules/permissions.js';
import type { Logger } from '../telemetry/log.js';
import { locateInstructions } from './locate.js';
import type { ReporterOptions } from './options.js';

/** The reporter's part of the server's context. */
export function reporting(context: ServerContext, log: Logger): ReporterOptions {
  const { cluster, conversations, explain, github, links, metrics, render, settings } = context;
  return {
    cluster,
    conversations,
    checks: github.checks,
    render,
    links,
    log,
    metrics,
    serves: (repository) => isServed(settings.server.repositories, repository),
    argoUrl: settings.argo.url,
    explain: (workflow, tails, signal) => explain(workflow, tails, { log, signal }),
    locate: (result, { origin: { repository }, request: { commit } }, signal) =>
      locateInstructions(context, result, { repository, commit }, log, signal),
  };
}

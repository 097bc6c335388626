import type { ClusterClient } from '../../argo/client/client.js';
import { explainedResult, type Explain } from '../../argo/logs/logs.js';
import type { ObservedWorkflow } from '../../argo/status/observed.js';
import { workflowResult } from '../../argo/status/status.js';
import type { WorkflowResult } from '../../generator/results/result.js';
import { checkReport, checkState, withComment } from '../comment/check.js';
import { cannotShow, plainReport, withoutDetails } from '../comment/plain.js';
import { buildState, withResult, type ResultLinks } from '../comment/result.js';
import type { Build } from '../comment/state.js';
import { isUnprocessable } from '../github/errors.js';
import type { CheckReport, Origin, Urgency } from '../ports.js';
import type { Logger } from '../telemetry/log.js';
import type { ReporterOptions } from './options.js';

type Options = Pick<ReporterOptions, 'checks' | 'log' | 'render'>;

/**
 * A workflow's result. What its steps wrote must never keep its end from being reported: where the result cannot be
 * read, it is the phase alone.
 */
export function resultOrPhase(workflow: ObservedWorkflow, log: Logger): WorkflowResult {
  try {
    return workflowResult(workflow);
  } catch (err) {
    return phaseAlone(workflow, err, log);
  }
}

/** The same with the reasons of what failed, for which logs are read. */
export async function explainedOrPhase(
  client: ClusterClient,
  workflow: ObservedWorkflow,
  log: Logger,
  explain: Explain,
): Promise<WorkflowResult> {
  try {
    return await explainedResult(client, workflow, explain);
  } catch (err) {
    if (!isFault(err)) throw err;
    return phaseAlone(workflow, err, log);
  }
}

function phaseAlone({ metadata, spec, status }: ObservedWorkflow, err: unknown, log: Logger): WorkflowResult {
  log.error({ err, workflow: metadata.name }, 'result unreadable; reporting only the phase');
  const failed = status?.phase === 'Failed' || status?.phase === 'Error';
  const ended = spec.shutdown === undefined ? 'failed' : 'stopped';
  const phase = status?.phase === 'Succeeded' ? 'succeeded' : failed ? ended : 'running';
  return { name: metadata.name, phase, images: [], problem: cannotShow(err) };
}

/** A build with its result, or with its state alone where the result cannot be shown. */
export function withResultOrState(
  build: Build,
  result: WorkflowResult,
  links: ResultLinks,
  log: Logger,
): Build {
  try {
    return withResult(build, result, links);
  } catch (err) {
    log.error({ err, workflow: result.name }, 'result not shown; only its state is reported');
    return withoutDetails({ ...build, state: buildState(result.phase) }, err);
  }
}

/**
 * Reports a build on its commit; without details where they cannot be shown, or GitHub refuses them.
 *
 * @param unwritten - what the comment would have said, where the conversation is locked
 */
export async function reportCheck(
  { checks, log, render }: Options,
  build: Build,
  origin: Origin,
  urgency: Urgency,
  unwritten?: string,
): Promise<void> {
  const send = (report: CheckReport): Promise<void> => checks.report(origin.repository, report, urgency);
  try {
    await send(withComment(checkReport(build, { ...render, ...origin }), unwritten));
  } catch (err) {
    if (!isFault(err) && !isUnprocessable(err)) throw err;
    log.error({ err, pullRequest: origin.number }, 'check not shown; only its state is reported');
    await send(plainReport(build, checkState(build), err));
  }
}

/** An error that comes again with the same data, unlike one of a service. */
function isFault(error: unknown): boolean {
  return [TypeError, RangeError, URIError, SyntaxError].some((kind) => error instanceof kind);
}

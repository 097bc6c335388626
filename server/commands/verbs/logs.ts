import { KubernetesError } from '../../../argo/client/errors.js';
import { CALL_PATIENCE, persist } from '../../../argo/client/patience.js';
import { logTail } from '../../../argo/logs/logs.js';
import type { ObservedWorkflow } from '../../../argo/status/observed.js';
import { workflowResult } from '../../../argo/status/status.js';
import { readIfThere } from '../../../argo/workflows/read-many.js';
import { didYouMean } from '../../../common/did-you-mean.js';
import { whyNoLog } from '../../../generator/results/no-log.js';
import { stepsOf, type NamedStep } from '../../../generator/results/result.js';
import { WorkError } from '../../../schema/index.js';
import { sentence } from '../../../schema/sentence.js';
import type { CommandReply, AuthorisedCommand } from '../../builds/authorised-command.js';
import { recordStart } from '../../builds/pick-ups.js';
import { ownWorkflows } from '../../builds/pull-workflows.js';
import { answer, refusal } from '../../builds/replies.js';
import { renderLog, renderLogChoice } from '../../comment/log-answer.js';
import { commandCode } from '../../comment/view.js';
import type { Work, ServerContext } from '../../context.js';
import { IMAGES } from './images.js';
import type { Verb } from './verb.js';

/** `/logs` */
export const logs: Verb = {
  name: 'logs',
  argument: {
    name: 'STEP',
    pattern: IMAGES.pattern,
    hint: 'Write the name of an image or of another step as the table of the build shows it: `tag`, `compile`, `publish` or `run`.',
    what: 'the name of a step',
    optional: true,
    caseMatters: true,
  },
  flags: [],
  help: 'shows the last 100 lines of a step of the last build; without a name, of the step that failed or runs',
  examples: [
    ['', 'shows the log of the step that failed, or of the one that runs'],
    ['trainer', 'shows the log of the build of `trainer`'],
  ],
  readsFiles: false,
  isShared: () => true,
  run: (context, authorised, work) => logsReply(context, authorised, work),
};

/** To read a log, in milliseconds: a log can have no end, and a node can fail to answer. */
const LOG_TIMEOUT_MS = 20_000;

/** @param timeoutMs - for the log */
export async function logsReply(
  context: ServerContext,
  authorised: AuthorisedCommand,
  work: Pick<Work, 'signal'>,
  timeoutMs = LOG_TIMEOUT_MS,
): Promise<CommandReply> {
  const { client } = context.cluster;
  const { prefix } = context.render;
  const last = await lastWorkflow(context, authorised, work);
  if (!last) return withoutWorkflow(authorised, prefix);
  const { name } = last.metadata;
  const steps = stepsOf(workflowResult(last));
  const found = chosen(steps, authorised.command.argument, name);
  if ('kind' in found) return found;
  if (found.length !== 1) {
    return { kind: 'answer', markdown: renderLogChoice(found, { workflow: name, prefix }) };
  }
  const [named] = found;
  const { pod } = named.step;
  const { redact } = context.links;
  const asCode = { ...named, label: `\`${named.label}\`` };
  if (pod === undefined) return answer(redact(sentence(whyNoLog(asCode))));
  // What a build printed is read.
  await recordStart(context, authorised);
  const namespace = context.cluster.namespaceOf(authorised.pullRequest.repository);
  const late = AbortSignal.timeout(timeoutMs);
  try {
    const log = await logTail(client, namespace, pod, AbortSignal.any([work.signal, late]));
    return { kind: 'answer', markdown: renderLog(named, redact(log), { workflow: name, prefix }) };
  } catch (error) {
    if (error instanceof KubernetesError && (error.status === 404 || error.status === 400))
      return answer(redact(sentence(whyNoLog(asCode, error.status))));
    if (!late.aborted || work.signal.aborted) throw error;
    throw new WorkError(
      `Reading the log of \`${named.label}\` took longer than ${timeoutMs / 1000} s and was stopped.`,
      `Run \`kfops logs ${name} ${named.label}\`.`,
    );
  }
}

/** The latest workflow of the pull request as it is now; undefined if it has none. */
async function lastWorkflow(
  { cluster }: Pick<ServerContext, 'cluster'>,
  { pullRequest }: Pick<AuthorisedCommand, 'pullRequest'>,
  { signal }: Pick<Work, 'signal'>,
): Promise<ObservedWorkflow | undefined> {
  const [last] = await ownWorkflows({ cluster }, pullRequest, { signal });
  if (!last) return undefined;
  const { name, namespace } = last;
  return persist(() => readIfThere(cluster.client, namespace, name, signal), CALL_PATIENCE, signal);
}

function withoutWorkflow({ conversation }: AuthorisedCommand, prefix: string | undefined): CommandReply {
  const known = conversation.builds.find(({ workflow }) => workflow !== undefined)?.workflow;
  return answer(
    known === undefined
      ? 'No build of this pull request has started yet, so there is no log.'
      : `The workflow \`${known.name}\` no longer exists, nor do its logs.`,
    `Write ${commandCode('build', prefix)}.`,
  );
}

/** The step of this name; without a name, the one that failed, or the one that runs, or all of them to choose from. */
function chosen(
  steps: readonly NamedStep[],
  name: string | undefined,
  workflow: string,
): readonly [NamedStep] | readonly NamedStep[] | CommandReply {
  const labels = steps.map(({ label }) => label);
  if (name !== undefined) {
    const step = steps.find(({ label }) => label === name);
    if (step) return [step];
    return refusal(
      `The workflow \`${workflow}\` has no step \`${name}\`.`,
      didYouMean([name], labels, 'steps'),
    );
  }
  if (steps.length === 0) return answer(`The workflow \`${workflow}\` has no step with a log.`);
  const failed = steps.filter(({ step }) => step.state === 'failed');
  if (failed.length > 0) return failed.length === 1 ? failed : steps;
  const running = steps.filter(({ step }) => step.state === 'running');
  return running.length === 1 ? running : steps;
}

import { retryWorkflow } from '../../../argo/retry/retry.js';
import { isFinished } from '../../../argo/status/nodes.js';
import type { ObservedWorkflow } from '../../../argo/status/observed.js';
import { workflowResult } from '../../../argo/status/status.js';
import { readWorkflow } from '../../../argo/workflows/read.js';
import { isStopping } from '../../../argo/workflows/stopping.js';
import { ANNOTATIONS } from '../../../generator/workflow/names.js';
import { WorkError } from '../../../schema/index.js';
import type { CommandReply, AuthorisedCommand } from '../../builds/authorised-command.js';
import { workflowOf } from '../../builds/placement.js';
import { ownWorkflows } from '../../builds/pull-workflows.js';
import { recheckingRunner } from '../../builds/recheck.js';
import { refusal, answer } from '../../builds/replies.js';
import type { WorkflowRequest } from '../../builds/submit.js';
import { commandCode } from '../../comment/view.js';
import type { BuildRequest } from '../../comment/state.js';
import { hasEnded } from '../../comment/transitions.js';
import type { Work, ServerContext } from '../../context.js';
import type { Command } from '../parse/command.js';
import { parseCommands } from '../parse/parse.js';
import { buildRun } from './build-run.js';
import { build } from './build.js';
import { run } from './run.js';
import type { Verb } from './verb.js';

/** `/retry` */
export const retry: Verb = {
  name: 'retry',
  flags: [],
  help: 'does again what failed, and keeps what is built',
  starts: 'a workflow for what the last one left undone',
  examples: [['', 'runs what the last workflow left undone, for the same commit']],
  readsFiles: true,
  isShared: () => false,
  run: retryRequest,
};

/** The verbs that make a workflow of the repository's files. */
const REPEATABLE = [build, buildRun, run];

/**
 * A workflow for what the last one has left undone, of the same commit, with the digests that are built. Where the last
 * command ended before it had a workflow, it is run again.
 */
function retryRequest(
  context: ServerContext,
  authorised: AuthorisedCommand,
  work: Work,
): ReturnType<Verb['run']> {
  const last = withoutWorkflow(authorised);
  if (last?.flags.some((flag) => flag.startsWith('--set ') && flag.includes(MASK)))
    return refusal(
      'The last command set a value that looks like a secret, so the record of the command does not have it.',
      `Write the whole command again: ${commandCode(`${last.verb} --set KEY=VALUE`, context.render.prefix)}.`,
    );
  const command = last && commandOf(last);
  const verb = REPEATABLE.find(({ name }) => name === command?.verb);
  if (command && verb) return verb.run(context, { ...authorised, command }, work);
  return retryLast(context, authorised, work);
}

/** What is masked in a record. */
const MASK = '***';

/** The last command that makes a workflow and is over, if it made none. */
function withoutWorkflow({ conversation, comments }: AuthorisedCommand): BuildRequest | undefined {
  // If the command runs again after a restart, it has a record of its own.
  const last = conversation.builds.find(
    ({ request }) => !comments.some(({ id }) => request.commentIds.includes(id)),
  );
  if (!last || last.workflow || !hasEnded(last) || last.request.verb === 'retry') return undefined;
  return last.request;
}

function commandOf({ verb, images = [], flags }: BuildRequest): Command | undefined {
  return parseCommands([`/${verb}`, ...images, ...flags].join(' '), REPEATABLE).command;
}

async function retryLast(
  context: ServerContext,
  authorised: AuthorisedCommand,
  work: Work,
): Promise<WorkflowRequest | CommandReply> {
  const { comments, pullRequest } = authorised;
  const { client } = context.cluster;
  const namespace = context.cluster.namespaceOf(pullRequest.repository);
  const { signal } = work;
  const { prefix } = context.render;
  const there = await ownWorkflows(context, pullRequest, { signal });
  const mine = workflowOf(
    there,
    comments.map(({ id }) => id),
  );
  // If the command runs again after a restart, it must not retry its own workflow.
  const last = there.find((each) => each !== mine);
  if (!last) return nothing('There is no build of this pull request that could be retried.', prefix);
  if (!mine) {
    const refusal = whyNoRetry(await readWorkflow(client, namespace, last.name, signal), prefix);
    if (refusal) return refusal;
  }

  return {
    command: authorised,
    identity: { origin: pullRequest, commit: last.commit, verb: 'retry', flags: [] },
    force: true,
    make: async (identity) => {
      const workflow = await readWorkflow(client, namespace, last.name, signal);
      // What it may do was checked when it was made, and not since.
      if (workflow.metadata.annotations?.[ANNOTATIONS.rules] !== identity.annotations[ANNOTATIONS.rules])
        throw new WorkError(
          `The settings have changed since the workflow \`${last.name}\` was made.`,
          `Write ${commandCode('build', prefix)} to check it against the current settings.`,
        );
      const again = retryWorkflow(workflow, workflowResult(workflow));
      const { labels, annotations } = again.metadata;
      return recheckingRunner(context, authorised, work).submit({
        ...again,
        metadata: {
          name: identity.name,
          namespace,
          labels: { ...labels, ...identity.labels },
          annotations: { ...annotations, ...identity.annotations },
        },
      });
    },
  };
}

/**
 * Why a workflow cannot be retried now. Its result counts, not Argo's phase: Argo calls one succeeded that has a forged
 * digest, or was terminated before it began.
 *
 * @param prefix - `settings.server.command_prefix`
 * @returns undefined where it can
 */
export function whyNoRetry(workflow: ObservedWorkflow, prefix?: string): CommandReply | undefined {
  const { name } = workflow.metadata;
  if (!isFinished(workflow))
    return isStopping(workflow)
      ? refusal(
          `The workflow \`${name}\` is stopping.`,
          `Write ${commandCode('retry', prefix)} once it has stopped, or ${commandCode('build', prefix)}, which starts after it.`,
        )
      : refusal(
          `The workflow \`${name}\` still runs.`,
          `Wait for its end, or stop it first: ${commandCode('cancel', prefix)}.`,
        );
  if (workflowResult(workflow).phase === 'succeeded')
    return nothing(`The workflow \`${name}\` succeeded: nothing is left to do.`, prefix);
  return undefined;
}

function nothing(reason: string, prefix: string | undefined): CommandReply {
  return answer(reason, `To build the head again, write ${commandCode('build', prefix)}.`);
}

import type { AuthorisedCommand, CommandReply } from '../builds/authorised-command.js';
import { giveBack, HandledElsewhere } from '../builds/pick-ups.js';
import { refusal } from '../builds/replies.js';
import { dispatchCommand } from '../commands/dispatch.js';
import { writtenCommand } from '../commands/parse/command.js';
import { postReply } from '../commands/reply.js';
import { commandCode } from '../comment/view.js';
import type { ServerContext, Work } from '../context.js';
import type { HeadEvent } from '../ports.js';
import { allowedTriggers } from './allowed.js';
import { commandFor, isDone, nextId } from './command.js';
import { whyNoPermission } from './permission.js';
import { ignored, NOT_ALLOWED, type TriggerResult } from './result.js';
import { startedToday } from './started-today.js';
import { wantedTriggers } from './wanted.js';
import { isSkipped, whyNoStart } from './why-not.js';

/**
 * Starts what a repository wants to be started for a commit on a pull request, as if somebody with write permission had
 * commanded it: settings → pull request → permissions → config.yaml → the commit's message → the day's limit → the verb.
 * Each commit starts once.
 *
 * @throws GitHubError, KubernetesError, or the signal's reason; reconciliation finds the commit again
 */
export async function startByCommit(
  context: ServerContext,
  event: HeadEvent,
  work: Work,
): Promise<TriggerResult> {
  const { pullRequest: ref, commit, sender } = event;
  const { github, settings, conversations } = context;
  const allowed = allowedTriggers(settings, ref.repository);
  if (!allowed) return NOT_ALLOWED;
  const pullRequest = await github.pullRequests.read(ref);
  const why = whyNoStart(pullRequest, commit);
  if (!pullRequest || why !== undefined) return ignored(why ?? '');
  for (const account of [sender, pullRequest.author]) {
    const refused = await whyNoPermission(context, pullRequest.repository, account);
    if (refused) return refused;
  }
  const { pull_request: verb = 'none' } = (await wantedTriggers(context, pullRequest, work)) ?? {};
  if (verb === 'none') return ignored('config.yaml asks for nothing');
  if (!allowed.pull_request.includes(verb))
    return ignored(`config.yaml asks for ${verb}, which the settings don’t allow`);
  if (isSkipped((await github.commitMessage(ref.repository, commit)) ?? ''))
    return ignored('its message says so');
  const { state } = await conversations.read(ref);
  const id = nextId(state, verb, commit);
  if (isDone(state, id, commit)) return ignored('it was started before');

  const command = commandFor(context, { id, verb, event, pullRequest, conversation: state });
  try {
    const { daily_limit: dailyLimit } = allowed;
    const isOver = verb === 'build' && (await startedToday(context, ref.repository, work)) >= dailyLimit;
    if (!isOver) return await execute(context, command, work);
    await reply(context, command, overLimit(dailyLimit, context.render.prefix), work);
    return { outcome: 'refused', why: 'the day’s limit is reached' };
  } catch (error) {
    if (error instanceof HandledElsewhere) return ignored(error.message);
    throw error;
  }
}

async function execute(
  context: ServerContext,
  command: AuthorisedCommand,
  work: Work,
): Promise<TriggerResult> {
  const { outcome, reply: content } = await dispatchCommand(context, command, work).catch(
    (error: unknown) => {
      // The other replica counts its own start.
      if (!(error instanceof HandledElsewhere)) context.background(giveBack(context, command));
      throw error;
    },
  );
  if (content) await reply(context, command, content, work);
  return { outcome };
}

function reply(
  context: ServerContext,
  { command, comments, pullRequest }: AuthorisedCommand,
  content: CommandReply,
  { log }: Work,
): Promise<void> {
  const written = writtenCommand(command, context.render.prefix);
  return postReply(context, { ref: pullRequest, pullRequest }, comments, content, log, { command: written });
}

function overLimit(limit: number, prefix: string | undefined): CommandReply {
  return refusal(
    `${limit} builds of this repository have started by themselves today: no more do.`,
    `Write ${commandCode('build', prefix)}: commands are not limited.`,
  );
}

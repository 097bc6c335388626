import type { AuthorisedCommand } from '../builds/authorised-command.js';
import { giveBack, HandledElsewhere } from '../builds/pick-ups.js';
import { noteHead } from '../builds/pull-changes.js';
import { refusal } from '../builds/replies.js';
import type { ServerContext, Work } from '../context.js';
import type { Logger } from '../telemetry/log.js';
import { authorise, isHandled } from './authorise.js';
import { commentsOf, type CommentGroup } from './command-comment.js';
import { CommandResults, type CommandResult } from './command-results.js';
import {
  decideComments,
  type AllowedGroup,
  type RefusedGroup,
  type ScreenedComment,
  type Situation,
} from './decide.js';
import { dispatchCommand } from './dispatch.js';
import { writtenCommand, type Command } from './parse/command.js';
import type { ParsedComment } from './parse/parse.js';
import { postReply, react } from './reply.js';
import { parseComment, wantsReply } from './verb-table.js';

/**
 * Runs the command of comments on one pull request: parse → who asks? → what to do? → 👀 → the verb → 🚀 or 👎. The
 * reaction is the server's memory: a comment that has neither of the two is handled again after a restart. Comments with
 * the same command are screened one by one, and the command runs once for all of them.
 *
 * @param comments - all with the same command
 * @returns the result for each comment, in no particular order
 * @throws GitHubError, or the signal's reason; reconciliation finds the comments again
 */
export async function runCommands(
  context: ServerContext,
  comments: CommentGroup,
  work: Work,
): Promise<readonly CommandResult[]> {
  const { pullRequest: ref, comment: first } = comments[0].placed;
  const { command_prefix: prefix } = context.settings.server;
  const parsed = parseComment(first.body, prefix);
  const { command } = parsed;
  for (const { placed, log } of comments) logSkipped(parseComment(placed.comment.body, prefix), log);
  if (!wantsReply(parsed)) {
    const why = noCommand(parsed);
    return comments.map(({ placed }) => ({ outcome: 'ignored', why, commentId: placed.comment.id }));
  }
  const written = command && shownCommand(context, command);
  const results = new CommandResults(context.metrics, command?.verb ?? 'unreadable', written);

  const screened = await screenAuthors(context, comments, parsed, results);
  if (screened.length === 0) return results.all;
  const [pullRequest, { state: conversation }] = await Promise.all([
    context.github.pullRequests.read(ref),
    context.conversations.read(ref),
  ]);
  const situation: Situation = { ref, pullRequest, conversation };
  const { allowed, refused, ignored, postponed } = await decideComments(
    context,
    situation,
    parsed,
    screened,
    work,
  );

  for (const { comment, why } of postponed) results.postpone(comment, why);
  for (const { comment, why, reaction } of ignored) {
    if (reaction) react(context, situation, [comment.placed.comment], reaction);
    results.add(comment, reaction === '-1' ? 'refused' : reaction ? 'answered' : 'ignored', why);
  }
  // The log of a group names a comment of that group.
  const workOn = ([{ log }]: CommentGroup): Work => ({ ...work, log });
  for (const each of refused) await refuse(context, situation, each, written, results, workOn(each.group));
  if (!command) return results.all;
  for (const each of allowed) await execute(context, situation, command, each, results, workOn(each.group));
  return results.all;
}

/** Logs lines that look like commands and weren't run. */
export function logSkipped({ skipped }: ParsedComment, log: Logger): void {
  if (skipped) log.info({ skipped }, 'lines that look like commands were skipped');
}

/** Why a comment was ignored, as a clause. */
function noCommand({ skipped: [first] = [] }: ParsedComment): string {
  return first
    ? `it holds no command: line ${first.line}, ${first.written}, is ${first.reason}`
    : 'it holds no command';
}

/** Asks who wrote each comment, and what they may do. */
async function screenAuthors(
  context: ServerContext,
  comments: CommentGroup,
  { hint }: ParsedComment,
  results: CommandResults,
): Promise<readonly ScreenedComment[]> {
  const screened: ScreenedComment[] = [];
  const answers = await Promise.all(
    comments.map(async (comment) => ({
      comment,
      facts: await authorise(context, comment.placed, { tellStrangers: hint === undefined }),
    })),
  );
  for (const { comment, facts } of answers) {
    if ('ignored' in facts) results.add(comment, 'ignored', facts.ignored);
    else if ('later' in facts) results.postpone(comment, facts.later);
    else screened.push({ ...comment, facts });
  }
  return screened;
}

async function refuse(
  context: ServerContext,
  situation: Situation,
  { reason, nextStep, group, isStranger, isContended }: RefusedGroup,
  command: string | undefined,
  results: CommandResults,
  { log }: Work,
): Promise<void> {
  const content = { ...refusal(reason, nextStep), ...(isStranger && { stranger: true as const }) };
  try {
    await postReply(context, situation, commentsOf(group), content, log, {
      ...(command !== undefined && { command }),
      ...(isContended && { seen: situation.conversation }),
    });
  } catch (error) {
    if (!(error instanceof HandledElsewhere)) throw error;
    for (const comment of group) results.postpone(comment, error.message);
    return;
  }
  for (const comment of group) results.add(comment, 'refused', reason);
}

/** Runs an allowed command, and tells the outcome. */
async function execute(
  context: ServerContext,
  situation: Situation,
  command: Command,
  { commit, starts, group }: AllowedGroup,
  results: CommandResults,
  work: Work,
): Promise<void> {
  const { ref, pullRequest, conversation } = situation;
  if (!pullRequest) return;
  const comments = commentsOf(group);
  const authorised: AuthorisedCommand = { command, comments, pullRequest, commit, starts, conversation };
  react(context, situation, comments, 'eyes');
  const done = await dispatchCommand(context, authorised, work).catch((error: unknown) => {
    if (error instanceof HandledElsewhere) return error;
    context.background(giveBack(context, authorised));
    throw error;
  });
  if (done instanceof HandledElsewhere) {
    // The other replica counts its own start.
    for (const comment of group) results.postpone(comment, done.message);
    return;
  }
  const { outcome, reply, reaction } = done;
  if (outcome === 'failed' && (await isDoneElsewhere(context, authorised))) {
    for (const comment of group) results.add(comment, 'ignored', 'another replica has done this command');
    return;
  }
  if (commit !== pullRequest.head.commit && (outcome === 'submitted' || outcome === 'joined'))
    await noteHead(context, ref, pullRequest.head.commit);
  const written = shownCommand(context, command);
  if (reply) await postReply(context, situation, comments, reply, work.log, { command: written });
  else if (reaction) react(context, situation, comments, reaction);
  for (const comment of group)
    results.add(comment, outcome, reply?.kind === 'refusal' ? reply.markdown : undefined);
}

/** The command as people may see it: a value of `--set` can be a secret. */
function shownCommand({ links, settings }: ServerContext, command: Command): string {
  return links.redact(writtenCommand(command, settings.server.command_prefix));
}

/** Whether another replica has meanwhile run the command that failed here. */
async function isDoneElsewhere(
  { github }: ServerContext,
  { pullRequest: { repository }, comments }: AuthorisedCommand,
): Promise<boolean> {
  const reactions = await Promise.all(comments.map(({ id }) => github.reactions.mine(repository, id)));
  return reactions.some(isHandled);
}

import type { CommandReply, AuthorisedCommand } from '../../builds/authorised-command.js';
import { refuses, says } from '../../builds/replies.js';
import { approved } from '../../comment/transitions.js';
import type { ServerContext } from '../../context.js';

/** `/ok-to-test`: writes down that the head of a fork may be built. The policy has compared it with the head. */
export async function approve(
  context: ServerContext,
  { command, pullRequest }: AuthorisedCommand,
): Promise<CommandReply> {
  const commit = command.argument ?? '';
  const { state } = await context.conversations.change(
    pullRequest,
    (before) => approved(before, commit),
    'record',
  );
  if (!state.approved.includes(commit))
    return refuses(
      'The conversation is locked: an approval is recorded in a comment, and GitHub takes none.',
      `Unlock the conversation, then write \`ok-to-test ${commit}\` again.`,
    );
  return says(`Commit \`${commit.slice(0, 12)}\` of this fork may be built.`, 'Write `build`.');
}

import type { CommandReply, AuthorisedCommand } from '../../builds/authorised-command.js';
import { refusal, answer } from '../../builds/replies.js';
import { approved } from '../../comment/transitions.js';
import { commandCode } from '../../comment/view.js';
import type { ServerContext } from '../../context.js';
import type { Verb } from './verb.js';

/** `/ok-to-test` */
export const approve: Verb = {
  name: 'ok-to-test',
  flags: [],
  argument: {
    name: 'COMMIT',
    pattern: /^[0-9a-fA-F]{40}$/,
    hint: 'Name the commit that you have read, by all 40 digits of its id.',
    what: 'a full commit id',
  },
  examples: [
    ['1234567890abcdef1234567890abcdef12345678', 'allows this commit, if it is the head of the pull request'],
  ],
  help: 'lets this commit (all 40 digits) of a fork be built',
  onlyForForks: true,
  readsFiles: false,
  isShared: () => true,
  run: approveCommit,
};

/** Records that the head of a fork may be built. The policy has compared the commit with the head. */
async function approveCommit(
  context: ServerContext,
  { command, pullRequest }: AuthorisedCommand,
): Promise<CommandReply> {
  const commit = command.argument ?? '';
  const { prefix } = context.render;
  const { state } = await context.conversations.change(
    pullRequest,
    (before) => approved(before, commit),
    'record',
  );
  if (!state.approved.includes(commit))
    return refusal(
      'The conversation is locked: an approval is recorded in a comment, and GitHub takes none.',
      `Unlock the conversation, then write ${commandCode(`ok-to-test ${commit}`, prefix)} again.`,
    );
  return answer(
    `Commit \`${commit.slice(0, 12)}\` of this fork may be built.`,
    `Write ${commandCode('build', prefix)}.`,
  );
}

import { refuses } from './answers.js';
import { writtenCommand } from './commands/command.js';
import { parseCommands } from './commands/parse.js';
import { decide, mayCommand, screen } from './commands/policy.js';
import { buildOf, replied } from './comment/transitions.js';
import type { CommandOutcome } from './metrics.js';
import type { PlacedComment, Reaction } from './ports.js';
import type { Answer } from './taken.js';
import { perform } from './verbs/perform.js';
import type { Work, World } from './world.js';

/** What came of a comment. */
export interface Taking {
  readonly outcome: CommandOutcome;
  /** Why it was ignored or refused. */
  readonly why?: string;
}

/**
 * The line that a comment takes: command → who asks? → was it handled? → 👀 → the verb → 🚀 or 👎. The reaction is the
 * server's memory: a comment that has neither of the two is taken up again after a restart, from here.
 *
 * @throws GitHubError, or the signal's reason; the comment is found again by the next look at recent ones
 */
export async function take(world: World, placed: PlacedComment, work: Work): Promise<Taking> {
  const { github, settings, refusals } = world;
  const { pullRequest: ref, comment } = placed;
  const { author } = comment;
  const { repositories, command_prefix: prefix, forks } = settings.server;
  const { command, problem } = parseCommands(comment.body, { prefix });
  if (!command && problem === undefined) return { outcome: 'ignored', why: 'it holds no command' };
  const done = (outcome: CommandOutcome, why?: string): Taking => {
    const written = command && writtenCommand(command, prefix);
    work.log.info({ command: written, by: author.login, outcome, why }, 'command');
    world.metrics.command(command?.verb ?? 'unreadable', outcome);
    return { outcome, ...(why !== undefined && { why }) };
  };

  const me = await github.people.me(ref.repository);
  const facts = { repositories, repository: ref.repository, author, me, edited: comment.edited };
  const screened = screen(facts);
  if (screened.kind === 'ignore') return done('ignored', screened.why);
  const permission = await refusals.permission(ref.repository, author, () =>
    github.people.permission(ref.repository, author.login),
  );
  if (!mayCommand(permission) && !refusals.shouldTell(ref, author)) return done('ignored', 'refused before');
  const mine = await github.reactions.mine(ref.repository, comment.id);
  if (isHandled(mine)) return done('ignored', 'handled before');

  const [pullRequest, { state: conversation }] = await Promise.all([
    github.pullRequests.read(ref),
    world.conversations.read(ref),
  ]);
  const commit = buildOf(conversation, comment.id)?.request.commit ?? pullRequest?.head.commit ?? '';
  const decision = decide({
    ...facts,
    ...(command && { command }),
    pullRequest,
    permission,
    forks: forks !== undefined,
    approved: conversation.approved,
    commit,
  });
  if (decision.kind === 'ignore') return done('ignored', decision.why);
  if (decision.kind === 'refuse') {
    await tell(world, placed, refuses(decision.reason, decision.nextStep));
    return done('refused', decision.reason);
  }
  if (!command || !pullRequest) {
    await tell(world, placed, refuses(problem ?? '', 'Write `help` as a command for what there is.'));
    return done('refused', problem);
  }

  react(world, placed, 'eyes');
  const { outcome, answer, reaction } = await perform(
    world,
    { command, placed, pullRequest, commit, conversation },
    work,
  );
  if (answer) await tell(world, placed, answer, writtenCommand(command, prefix));
  else if (reaction) react(world, placed, reaction);
  return done(outcome, answer?.kind === 'refusal' ? answer.markdown : undefined);
}

/** Whether a comment with these reactions of the server was handled, for every command. */
export function isHandled(mine: ReadonlySet<Reaction>): boolean {
  return mine.has('rocket') || mine.has('-1');
}

/** Says it in the conversation, and marks the comment as handled. */
async function tell(world: World, placed: PlacedComment, answer: Answer, command?: string): Promise<void> {
  const { pullRequest, comment } = placed;
  const reply = {
    commentId: comment.id,
    by: comment.author.login,
    ...(command !== undefined && { command }),
    ...answer,
  };
  await world.conversations.change(pullRequest, (state) => replied(state, reply), 'reply');
  react(world, placed, answer.kind === 'answer' ? 'rocket' : '-1');
}

/** Not waited for: nothing depends on a reaction, and where writes are scarce it comes last. */
function react(world: World, { pullRequest, comment }: PlacedComment, reaction: Reaction): void {
  world.background(world.github.reactions.add(pullRequest.repository, comment.id, reaction));
}

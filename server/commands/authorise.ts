import type { ServerContext } from '../context.js';
import type { PlacedComment, Reaction } from '../ports.js';
import { mayCommand } from '../rules/permissions.js';
import { screen, type CommentFacts, type Facts } from './policy.js';

/** What the decision on a command needs to know of a comment. */
export type AuthorFacts = CommentFacts & Pick<Facts, 'permission'>;

/** How {@link authorise} treats people without permission to command. */
export interface AuthoriseOptions {
  /** Tell them so, once in a while; else they are always ignored. Default: true. */
  readonly tellStrangers?: boolean;
}

/**
 * Who wrote a comment, what they may do, and whether it was handled before.
 *
 * @returns `ignored`: why the comment goes no further · `later`: why it cannot be looked at now
 * @throws GitHubError
 */
export async function authorise(
  { github, settings, refusals }: ServerContext,
  { pullRequest: ref, comment }: PlacedComment,
  { tellStrangers = true }: AuthoriseOptions = {},
): Promise<AuthorFacts | { readonly ignored: string } | { readonly later: string }> {
  const { repository } = ref;
  const { author, edited } = comment;
  const me = await github.people.me(repository);
  const facts = { repositories: settings.server.repositories, repository, author, me, edited };
  const screened = screen(facts);
  if (screened.kind === 'ignore') return { ignored: screened.why };
  const permission = await refusals.permission(repository, author, () =>
    github.people.permission(repository, author.login),
  );
  if (permission === 'later') return { later: 'too many strangers write commands' };
  if (!mayCommand(permission) && !tellStrangers)
    return { ignored: 'it has no command, and its author has no permission to command' };
  if (!mayCommand(permission) && !refusals.shouldTell(ref, author))
    return permission === 'unknown'
      ? { later: 'GitHub does not say who may command' }
      : { ignored: 'refused before, or often enough' };
  if (isHandled(await github.reactions.mine(repository, comment.id))) return { ignored: 'handled before' };
  return { ...facts, permission };
}

/** Whether a comment with these reactions of the server was handled, for every command. */
export function isHandled(mine: ReadonlySet<Reaction>): boolean {
  return mine.has('rocket') || mine.has('-1');
}

import type { Reaction, Reactions } from '../ports.js';
import type { Calls } from './calls.js';
import type { Connection } from './connection.js';
import { PER_PAGE, pages } from './pages.js';

/** Shows on a comment how far it is. */
export function reactions(calls: Calls, connection: Connection): Reactions {
  return {
    async mine(repository, commentId) {
      const { owner, name: repo } = repository;
      const me = await calls.persist(() => connection.me(repository), repository);
      const found = new Set<Reaction>();
      const ask = (page: number) =>
        calls.read(repository, (octokit) =>
          octokit.request('GET /repos/{owner}/{repo}/issues/comments/{comment_id}/reactions', {
            owner,
            repo,
            comment_id: commentId,
            per_page: PER_PAGE,
            page,
          }),
        );
      const isThere = await calls.unlessGone(
        (async () => {
          for await (const shown of pages(ask))
            for (const { user, content } of shown)
              if (user?.id === me.id && isOurs(content)) found.add(content);
          return true;
        })(),
      );
      return isThere ? found : new Set();
    },

    async add(repository, commentId, content) {
      const { owner, name: repo } = repository;
      // A reaction that still waits is skipped when the next arrives. GitHub answers a repeated one with the first.
      const key = `reaction ${repository.id} ${commentId}`;
      await calls.unlessGone(
        calls.write(repository, { urgency: 'reaction', key }, (octokit) =>
          octokit.request('POST /repos/{owner}/{repo}/issues/comments/{comment_id}/reactions', {
            owner,
            repo,
            comment_id: commentId,
            content,
          }),
        ),
      );
    },
  };
}

function isOurs(content: string): content is Reaction {
  return content === 'eyes' || content === 'rocket' || content === '-1';
}

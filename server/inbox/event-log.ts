import { refPath } from '../../generator/workflow/git-ref.js';
import type { InboxEvent, Repository } from '../ports.js';
import type { Logger } from '../telemetry/log.js';

/** A log whose lines name what an event is about: the repository, and the comment, the pull request or the pushed ref. */
export function logOf(event: InboxEvent, log: Logger): Logger {
  if (event.kind === 'push') {
    const { repository, ref } = event.origin;
    return log.child({ repository: nameOf(repository), ref: refPath(ref) });
  }
  const { repository, number } = event.kind === 'comment' ? event.placed.pullRequest : event.pullRequest;
  const comment = event.kind === 'comment' && { comment: event.placed.comment.id };
  return log.child({ repository: nameOf(repository), pullRequest: number, ...comment });
}

function nameOf({ owner, name }: Repository): string {
  return `${owner}/${name}`;
}

import { refPath } from '../../generator/workflow/git-ref.js';
import type { InboxEvent, Repository } from '../ports.js';
import type { Logger } from '../telemetry/log.js';

/** A log whose lines name what an event is about: the repository, and the comment, the pull request or the pushed ref. */
export function logOf(event: InboxEvent, log: Logger): Logger {
  const { repository, ...names } = namesOf(event);
  return log.child({ repository: `${repository.owner}/${repository.name}`, ...names });
}

function namesOf(event: InboxEvent): { readonly repository: Repository } & Record<string, unknown> {
  switch (event.kind) {
    case 'push':
      return { repository: event.origin.repository, ref: refPath(event.origin.ref) };
    case 'comment': {
      const { pullRequest, comment } = event.placed;
      return { repository: pullRequest.repository, pullRequest: pullRequest.number, comment: comment.id };
    }
    case 'offered':
    case 'pushed':
    case 'closed':
      return { repository: event.pullRequest.repository, pullRequest: event.pullRequest.number };
  }
}

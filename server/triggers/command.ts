import { startsOf } from '../builds/pick-ups.js';
import type { AuthorisedCommand } from '../builds/authorised-command.js';
import type { ConversationState } from '../comment/state.js';
import { buildOf, hasEnded } from '../comment/transitions.js';
import { triggerId } from '../comment/trigger-id.js';
import type { ServerContext } from '../context.js';
import type { Comment, HeadEvent } from '../ports.js';

/** Another one where the branch went back to a commit whose build was replaced by that of another commit. */
export function nextId(state: ConversationState, verb: string, commit: string): number {
  const isElsewhere = state.builds[0]?.request.commit !== commit;
  for (let time = 0; ; time++) {
    const id = triggerId(verb, commit, time);
    if (!isElsewhere || buildOf(state, id)?.superseded !== true) return id;
  }
}

/** Started with an end or a workflow, or answered. */
export function isDone(state: ConversationState, id: number, commit: string): boolean {
  const build = buildOf(state, id);
  const hasStarted = build !== undefined && (build.workflow !== undefined || hasEnded(build));
  return hasStarted || state.answered === commit;
}

/** What a commit starts. */
interface Start extends Pick<AuthorisedCommand, 'pullRequest' | 'conversation'> {
  readonly id: number;
  readonly verb: 'plan' | 'build';
  readonly event: HeadEvent;
}

/** The command that somebody would have written, in a comment that is nowhere on GitHub. */
export function commandFor(
  { render: { web } }: ServerContext,
  { id, verb, event, pullRequest, conversation }: Start,
): AuthorisedCommand {
  const { repository, head } = pullRequest;
  const { commit } = head;
  const comment: Comment = {
    id,
    body: `/${verb}`,
    author: event.sender,
    createdAt: timeOf(event, conversation),
    edited: false,
    url: `${web}/${repository.owner}/${repository.name}/commit/${commit}`,
  };
  return {
    command: { verb, flags: {}, line: 1 },
    comments: [comment],
    pullRequest,
    commit,
    starts: startsOf(conversation, id),
    conversation,
    trigger: 'pull_request',
  };
}

/** GitHub tells the time by the second: after the latest build, which an earlier event may have started in the same one. */
function timeOf({ at }: HeadEvent, { builds: [latest] }: ConversationState): Date {
  const before = latest ? Date.parse(latest.request.at) : 0;
  return at.getTime() > before ? at : new Date(before + 1);
}

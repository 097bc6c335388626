import { KubernetesError } from '../../argo/client/errors.js';
import { addComments } from '../../argo/workflows/join-workflow.js';
import { tellToStop } from '../../argo/workflows/stop.js';
import type { SubmittedWorkflow } from '../../generator/ports.js';
import type { BuildRequest, ConversationState } from '../comment/state.js';
import { accepted, joined, submitted, superseded } from '../comment/transitions.js';
import type { Work, ServerContext } from '../context.js';
import type { WorkflowIdentity } from '../planning/build.js';
import { rulesFingerprint } from '../rules/fingerprint.js';
import type { AuthorisedCommand } from './authorised-command.js';
import { hasWorkflow } from './has-workflow.js';
import { requestHash, workflowIdentity, type Identity } from './identity.js';
import { joinOrPlace } from './join-or-place.js';
import { checkFixed, countingStart, ending, TakenElsewhere, type Counted } from './pick-ups.js';
import { reportFailure } from './report-failure.js';
import type { Submission } from './submission.js';

export type { Submission } from './submission.js';

/** A request for a workflow. */
export interface WorkflowRequest {
  /** The command that asks for it. */
  readonly command: Counted;
  readonly identity: Identity;
  /** Does not join what is there for other comments. */
  readonly force: boolean;
  /** Makes the workflow and submits it. */
  readonly make: (identity: WorkflowIdentity) => Promise<SubmittedWorkflow>;
}

/**
 * The line from an allowed request to its workflow, the same for every verb that makes one: joins one that is there, or
 * writes the commit down, stops what runs, makes the workflow, and tells of it. Done again after a restart, it goes on
 * where it was: the comment has its record, and the workflow its name.
 */
export async function submit(
  context: ServerContext,
  request: WorkflowRequest,
  work: Work,
): Promise<Submission> {
  const { conversations, cluster, settings } = context;
  const { command, identity, force } = request;
  const { comments } = command;
  const { pullRequest } = identity;
  const [first] = comments;
  const ids = comments.map(({ id }) => id);
  const { client, namespace } = cluster;
  const record: BuildRequest = {
    commentIds: ids,
    by: [...new Set(comments.map(({ author }) => author.login))],
    at: first.createdAt.toISOString(),
    verb: identity.verb,
    flags: identity.flags,
    commit: identity.commit,
  };
  let made = false;
  try {
    const { supersede } = settings.server;
    const asked = { request: requestHash(identity), commentIds: ids, force, supersede };
    const place = await joinOrPlace(context, pullRequest, asked, work);
    if (place.kind === 'busy') return { kind: 'busy', running: place.running };
    if (place.kind === 'joined') {
      const { workflow, comments: all } = place;
      await conversations.change(
        pullRequest,
        ending(ids, (state) => joinedBy(state, record, comments, all)),
        'reply',
      );
      return { kind: 'joined', workflow };
    }

    const counted = countingStart(command);
    const { state: fixed } = await conversations.change(
      pullRequest,
      (state) => (place.stop.length > 0 ? superseded : same)(accepted(counted(state), record), record),
      'record',
    );
    checkFixed(fixed, comments, identity.commit);
    for (const { name } of place.stop) {
      if ((await tellToStop(client, namespace, name, work)) === 'sent')
        work.log.info({ workflow: name }, 'superseded workflow stopped');
    }
    const rules = rulesFingerprint(settings, pullRequest.repository);
    const workflow = await request.make(
      workflowIdentity(identity, place.attempt, ids, first.author.login, rules),
    );
    made = true;
    context.metrics.commentToWorkflow((Date.now() - work.receivedAt.getTime()) / 1000);
    // Another replica may have been faster with the same request: then these comments have joined that one's.
    const all = await addComments(client, namespace, workflow.name, ids, work);
    await conversations.change(
      pullRequest,
      ending(ids, (state) => submitted(joinedBy(state, record, comments, all), record, workflow)),
      'progress',
    );
    return { kind: 'submitted', workflow };
  } catch (error) {
    // It has its workflow, and is found again: it must not be told that it failed.
    if (made) throw error;
    const isMadeElsewhere = async (): Promise<boolean> =>
      !(error instanceof KubernetesError) && (await hasWorkflow(context, pullRequest, ids, work));
    if (await isMadeElsewhere()) throw new TakenElsewhere();
    const told = await reportFailure(context, pullRequest, record, error, work);
    // Another replica may have submitted it while GitHub took its time to take the report.
    if (told.kind === 'failed' && (await isMadeElsewhere())) throw new TakenElsewhere();
    return told;
  }
}

/** Comments that asked for what others had asked for before are named with that build. */
function joinedBy(
  state: ConversationState,
  record: BuildRequest,
  comments: AuthorisedCommand['comments'],
  all: readonly number[] = [],
): ConversationState {
  const mine = new Set(record.commentIds);
  const others = all.filter((id) => !mine.has(id));
  if (others.length === 0 || mine.has(all[0] ?? 0)) return state;
  // The comments may have a record of their own, made while the other one's was not seen yet.
  const own = (ids: readonly number[]): boolean => ids.every((id) => mine.has(id));
  const builds = state.builds.filter(({ request }) => !own(request.commentIds));
  return comments.reduce<ConversationState>(
    (so, { id, author }) =>
      joined(so, { ...record, commentIds: others }, { commentId: id, login: author.login }),
    { ...state, builds },
  );
}

function same(state: ConversationState): ConversationState {
  return state;
}

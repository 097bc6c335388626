import { addComment, workflowsOf, type PullRequestWorkflow } from '../argo/find-workflows.js';
import { tellToStop } from '../argo/stop.js';
import type { SubmittedWorkflow } from '../generator/ports.js';
import type { BuildRequest, ConversationState } from './comment/state.js';
import { accepted, joined, submitted, superseded } from './comment/transitions.js';
import { requestHash, workflowMarks, type Identity, type Marks } from './identity.js';
import { placeWorkflow } from './place.js';
import type { PlacedComment } from './ports.js';
import { tellProblem } from './problems.js';
import type { Work, World } from './world.js';

/** What became of a request. `failed`: there is no workflow, and the conversation tells why. */
export type Submission =
  | { readonly kind: 'submitted'; readonly workflow: SubmittedWorkflow }
  | { readonly kind: 'joined'; readonly workflow: PullRequestWorkflow }
  | { readonly kind: 'busy'; readonly running: PullRequestWorkflow }
  | { readonly kind: 'failed' }
  | { readonly kind: 'withdrawn' };

/** A request for a workflow. */
export interface Request {
  readonly placed: PlacedComment;
  readonly identity: Identity;
  /** Does not join what is there for another comment. */
  readonly force: boolean;
  /** Makes the workflow and submits it. */
  readonly make: (marks: Marks) => Promise<SubmittedWorkflow>;
}

/**
 * The line from an allowed request to its workflow, the same for every verb that makes one: joins one that is there, or
 * writes the commit down, stops what runs, makes the workflow, and tells of it. Done again after a restart, it goes on
 * where it was: the comment has its record, and the workflow its name.
 */
export async function submit(world: World, request: Request, work: Work): Promise<Submission> {
  const { conversations, cluster, settings } = world;
  const { placed, identity, force } = request;
  const { pullRequest, comment } = placed;
  const { client, namespace } = cluster;
  const record: BuildRequest = {
    commentIds: [comment.id],
    by: [comment.author.login],
    at: comment.createdAt.toISOString(),
    verb: identity.verb,
    flags: identity.flags,
    commit: identity.commit,
  };
  try {
    const place = placeWorkflow(await workflowsOf(client, namespace, pullRequest, work), {
      request: requestHash(identity),
      commentId: comment.id,
      force,
      supersede: settings.server.supersede,
    });
    if (place.kind === 'busy') return { kind: 'busy', running: place.running };
    if (place.kind === 'join') {
      const { workflow } = place;
      const comments = await addComment(client, namespace, workflow.name, comment.id, work);
      await conversations.change(pullRequest, (state) => joinedBy(state, record, comments), 'reply');
      return { kind: 'joined', workflow };
    }

    await conversations.change(
      pullRequest,
      (state) => (place.stop.length > 0 ? superseded : same)(accepted(state, record), record),
      'record',
    );
    for (const { name } of place.stop) {
      work.log.info({ workflow: name }, 'superseded: told to stop');
      await tellToStop(client, namespace, name, work.signal);
    }
    const marks = workflowMarks(identity, place.attempt, record.commentIds, comment.author.login);
    const workflow = await request.make(marks);
    world.metrics.commentToWorkflow((Date.now() - work.receivedAt.getTime()) / 1000);
    // Another replica may have been faster with the same request: then this comment has joined that one's.
    const comments = await addComment(client, namespace, workflow.name, comment.id, work);
    await conversations.change(
      pullRequest,
      (state) => submitted(joinedBy(state, record, comments), record, workflow),
      'progress',
    );
    return { kind: 'submitted', workflow };
  } catch (error) {
    return tellProblem(world, pullRequest, record, error, work);
  }
}

/** A comment that asked for what another one had asked for before is named with that one's build. */
function joinedBy(
  state: ConversationState,
  record: BuildRequest,
  comments: readonly number[] = [],
): ConversationState {
  const [commentId = 0] = record.commentIds;
  const others = comments.filter((id) => id !== commentId);
  if (others.length === 0 || comments[0] === commentId) return state;
  // The comment may have a record of its own, made while the other one's was not seen yet.
  const own = (ids: readonly number[]): boolean => ids.length === 1 && ids[0] === commentId;
  const builds = state.builds.filter(({ request }) => !own(request.commentIds));
  return joined(
    { ...state, builds },
    { ...record, commentIds: others },
    { commentId, login: record.by[0] ?? '' },
  );
}

function same(state: ConversationState): ConversationState {
  return state;
}

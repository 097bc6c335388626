import { requireController } from '../../argo/discover/require-controller.js';
import { KubernetesError } from '../../argo/client/errors.js';
import { addComments } from '../../argo/workflows/join-workflow.js';
import { tellToStop } from '../../argo/workflows/stop.js';
import { refPath } from '../../generator/workflow/git-ref.js';
import type { SubmittedWorkflow } from '../../generator/ports.js';
import type { BuildRequest, ConversationState } from '../comment/state.js';
import { accepted, joined, submitted, superseded } from '../comment/transitions.js';
import type { Work, ServerContext } from '../context.js';
import type { WorkflowIdentity } from '../planning/build.js';
import { recordedNamespace } from '../rules/build-namespaces.js';
import { rulesFingerprint } from '../rules/fingerprint.js';
import type { AuthorisedCommand } from './authorised-command.js';
import { requestHash, workflowIdentity, type Identity } from './identity.js';
import { madeWorkflow } from './made-workflow.js';
import { joinOrPlace, type FinalPlacement } from './join-or-place.js';
import {
  checkSameCommit,
  startChange,
  endChange,
  HandledElsewhere,
  type CountedCommand,
} from './pick-ups.js';
import { reportFailure } from './report-failure.js';
import type { Submission } from './submission.js';

export type { Submission } from './submission.js';

/** A request for a workflow. */
export interface WorkflowRequest {
  /** The command that asks for it. */
  readonly command: CountedCommand;
  readonly identity: Identity;
  /** Does not join what is there for other comments. */
  readonly force: boolean;
  /** Makes the workflow and submits it. */
  readonly make: (identity: WorkflowIdentity) => Promise<SubmittedWorkflow>;
}

/**
 * From an allowed request to its workflow, the same for every verb that makes one: joins an existing workflow, or records
 * the commit, stops what runs, submits the workflow and reports it. After a restart it continues where it was: the
 * comment has its record, and the workflow its name.
 */
export async function submit(
  context: ServerContext,
  request: WorkflowRequest,
  work: Work,
): Promise<Submission> {
  const { command, identity, force } = request;
  const record = recordOf(request, context.links);
  const ids = record.commentIds;
  let workflow: SubmittedWorkflow;
  try {
    const { supersede } = context.settings.server;
    const wanted = {
      request: requestHash(identity),
      commentIds: ids,
      force,
      supersede,
      triggered: command.trigger !== undefined,
    };
    const place = await joinOrPlace(context, identity.origin, wanted, work);
    if (place.kind === 'busy') return { kind: 'busy', running: place.running };
    if (place.kind === 'joined') {
      await context.conversations.change(
        identity.origin,
        endChange(ids, (state) => joinedBy(state, record, command.comments, place.comments)),
        'reply',
      );
      return { kind: 'joined', workflow: place.workflow };
    }
    workflow = await makeWorkflow(context, request, record, place, work);
  } catch (error) {
    return failed(context, request, record, error, work);
  }
  // From here on it has its workflow, and is found again: it must not be told that it failed.
  await recordWorkflow(context, request, record, workflow, work);
  return { kind: 'submitted', workflow };
}

/** @param links - mask secrets in flags: everybody can read the record */
function recordOf(
  { command: { comments, trigger }, identity: { origin, verb, images, flags, commit } }: WorkflowRequest,
  { redact }: ServerContext['links'],
): BuildRequest {
  return {
    commentIds: comments.map(({ id }) => id),
    by: [...new Set(comments.map(({ author }) => author.login))],
    at: comments[0].createdAt.toISOString(),
    verb,
    ...(images && { images }),
    flags: flags.map((flag) => masked(flag, redact)),
    commit,
    ...(trigger && { trigger }),
    ...(origin.number === undefined && { ref: refPath(origin.ref) }),
  };
}

/** A flag without secrets. Without one it stays as it was written, as a retry reads it again. */
function masked(flag: string, redact: (text: string) => string): string {
  const shown = redact(flag);
  return shown.includes('***') ? shown : flag;
}

/** Records the start and its commit, stops what is superseded, and makes the workflow. */
async function makeWorkflow(
  { conversations, cluster, settings }: ServerContext,
  { command, identity, make }: WorkflowRequest,
  record: BuildRequest,
  place: Extract<FinalPlacement, { kind: 'submit' }>,
  work: Work,
): Promise<SubmittedWorkflow> {
  const { comments, trigger } = command;
  const { origin } = identity;
  const counted = startChange(command);
  const controller = requireController(cluster.client, cluster.namespaceOf(origin.repository), work.signal);
  // Awaited below, before anything is stopped or made.
  controller.catch(() => undefined);
  const { state: fixed } = await conversations.change(
    origin,
    (state) => (place.stop.length > 0 ? superseded : same)(accepted(counted(state), record), record),
    'record',
  );
  checkSameCommit(fixed, comments, identity.commit);
  await controller;
  // A pull request's comment knows which command replaced it.
  const reason = origin.number === undefined && { reason: 'replaced' as const };
  for (const { name, namespace } of place.stop) {
    if ((await tellToStop(cluster.client, namespace, name, { ...work, ...reason })) === 'sent')
      work.log.info({ workflow: name, namespace }, 'superseded workflow stopped');
  }
  const rules = rulesFingerprint(settings, origin.repository);
  const asked = {
    comments: record.commentIds,
    by: comments[0].author.login,
    ...(trigger && { trigger }),
  };
  const where = recordedNamespace(cluster, cluster.namespaceOf(origin.repository));
  const made = { ...identity, ...where };
  return make(workflowIdentity(made, place.attempt, asked, rules));
}

/** Records a workflow that was made, and whose comments it is for. */
async function recordWorkflow(
  { conversations, cluster, metrics }: ServerContext,
  { command: { comments }, identity: { origin } }: WorkflowRequest,
  record: BuildRequest,
  workflow: SubmittedWorkflow,
  work: Work,
): Promise<void> {
  const ids = record.commentIds;
  metrics.commentToWorkflow((Date.now() - work.receivedAt.getTime()) / 1000);
  // Another replica may have been faster with the same request: then these comments have joined that one's.
  const namespace = cluster.namespaceOf(origin.repository);
  const all = await addComments(cluster.client, namespace, workflow.name, ids, work).catch((err: unknown) => {
    if (!(err instanceof KubernetesError)) throw err;
    work.log.warn({ err, workflow: workflow.name }, 'the comments of the workflow are not known');
    return undefined;
  });
  const made = { ...workflow, ...recordedNamespace(cluster, namespace) };
  await conversations.change(
    origin,
    endChange(ids, (state) => submitted(joinedBy(state, record, comments, all), record, made)),
    'progress',
  );
}

/**
 * Reports why there is no workflow.
 *
 * @throws HandledElsewhere if another replica has made it
 */
async function failed(
  context: ServerContext,
  { identity: { origin } }: WorkflowRequest,
  record: BuildRequest,
  error: unknown,
  work: Work,
): Promise<Submission> {
  const isMadeElsewhere = async (): Promise<boolean> => {
    if (error instanceof KubernetesError) return false;
    try {
      return (await madeWorkflow(context, origin, record.commentIds, work)) !== undefined;
    } catch (err) {
      // The first failure is the one to report.
      if (err instanceof KubernetesError) return false;
      throw err;
    }
  };
  if (await isMadeElsewhere()) throw new HandledElsewhere();
  const submission = await reportFailure(context, origin, record, error, work);
  // Another replica may have submitted it while GitHub took its time to take the report.
  if (await isMadeElsewhere()) throw new HandledElsewhere();
  return submission;
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

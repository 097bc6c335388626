import { mergeStates } from './merge.js';
import { omit } from './omit.js';
import { isTriggerId } from './trigger-id.js';
import { NOTHING_YET, type Build, type BuildRequest, type ConversationState, type Reply } from './state.js';
import { headline } from './words.js';

/** Most builds in the state. */
const BUILDS = 30;
/** Most approved commits of a fork, the latest last. */
const APPROVED = 20;
/** Final states. */
const ENDED: ReadonlySet<Build['state']> = new Set(['succeeded', 'failed', 'stopped', 'refused', 'unknown']);

/** Whether a build has ended. */
export function hasEnded({ state }: Build): boolean {
  return ENDED.has(state);
}

/** The build that a comment requested. */
export function buildOf(state: ConversationState, commentId: number): Build | undefined {
  return state.builds.find(({ request }) => request.commentIds.includes(commentId));
}

/** A command was accepted and its commit is fixed. An existing record stays as it is. */
export function accepted(state: ConversationState, request: BuildRequest): ConversationState {
  return changeBuild(state, request, (build) => build);
}

/** Someone requested what is already built. */
export function joined(
  state: ConversationState,
  request: BuildRequest,
  by: { readonly commentId: number; readonly login: string },
): ConversationState {
  return changeBuild(state, request, (build) => {
    const { commentIds, by: people } = build.request;
    if (commentIds.includes(by.commentId)) return build;
    return {
      ...build,
      request: {
        ...build.request,
        commentIds: [...commentIds, by.commentId],
        by: people.includes(by.login) ? people : [...people, by.login],
      },
    };
  });
}

/** The workflow is submitted. */
export function submitted(
  state: ConversationState,
  request: BuildRequest,
  workflow: NonNullable<Build['workflow']>,
): ConversationState {
  return changeBuild(state, request, (build) => {
    // Another replica may have reported a failure just before this one made the workflow.
    const isNew = build.state === 'accepted' || (build.state === 'failed' && !build.workflow);
    if (isNew) return { ...omit(build, 'text', 'nextStep'), workflow, state: 'running' };
    const isKnown =
      build.workflow?.name === workflow.name &&
      build.workflow.namespace === workflow.namespace &&
      build.workflow.url === workflow.url;
    return isKnown ? build : { ...build, workflow };
  });
}

/**
 * Nothing was submitted.
 *
 * @param text - errors as the command line prints them
 */
export function refused(
  state: ConversationState,
  request: BuildRequest,
  text: string,
  nextStep?: string,
): ConversationState {
  return changeBuild(state, request, (build) => ({
    ...build,
    state: 'refused',
    rows: [],
    text,
    ...(nextStep !== undefined && { nextStep }),
  }));
}

/** Another command supersedes all running builds except its own. */
export function superseded(state: ConversationState, by: BuildRequest): ConversationState {
  return changeRunning(state, (build) =>
    build.superseded === true || build.stopping === true || sharesComment(build.request, by)
      ? build
      : { ...build, superseded: true },
  );
}

/** The pull request has a new head commit. */
export function headMoved(state: ConversationState, commit: string): ConversationState {
  return changeRunning(state, (build) => {
    if (build.request.commit !== commit)
      return build.headMovedTo === commit ? build : { ...build, headMovedTo: commit };
    return build.headMovedTo === undefined ? build : omit(build, 'headMovedTo');
  });
}

/**
 * A command was answered or refused. The first reply to a command stays, since another replica may be late with its own;
 * so does the reply to a later command. A refusal of a stranger appears only in a comment that has nothing else, and
 * gives way to every other reply.
 */
export function replied(state: ConversationState, reply: Reply): ConversationState {
  const { reply: before, builds } = state;
  if (reply.stranger) return before || builds.length > 0 || state.pickUps ? state : { ...state, reply };
  // Triggers run in the order of their events, and their ids have none.
  if (isTriggerId(reply.commentId)) {
    const { commit: answered } = reply;
    return answered === state.answered ? state : { ...state, reply, ...(answered && { answered }) };
  }
  return before && !before.stranger && before.commentId >= reply.commentId ? state : { ...state, reply };
}

/** Someone approved a fork's commit. */
export function approved(state: ConversationState, commit: string): ConversationState {
  if (state.approved.includes(commit)) return state;
  return { ...state, approved: [...state.approved, commit].slice(-APPROVED) };
}

/**
 * Changes the build of a request. If the comment doesn't have it (it was deleted, or another replica wrote at the same
 * moment), it is recorded first: no accepted request is lost.
 */
export function changeBuild(
  state: ConversationState,
  request: BuildRequest,
  change: (build: Build) => Build,
): ConversationState {
  const known = state.builds.find((build) => sharesComment(build.request, request));
  if (known) {
    const changed = change(known);
    return changed === known ? state : replaced(state, known, changed);
  }
  const build = change({ request, state: 'accepted', rows: [] });
  return withHistory({ ...mergeStates(state, { ...NOTHING_YET, builds: [build] }) });
}

function changeRunning(state: ConversationState, change: (build: Build) => Build): ConversationState {
  return state.builds.reduce((so, build) => {
    const changed = hasEnded(build) ? build : change(build);
    return changed === build ? so : replaced(so, build, changed);
  }, state);
}

function replaced(state: ConversationState, old: Build, changed: Build): ConversationState {
  return withHistory({ ...state, builds: state.builds.map((build) => (build === old ? changed : build)) });
}

/** Only the latest build keeps its details; of the others stays one line, and what `/run` and `/retry` need. */
function withHistory(state: ConversationState): ConversationState {
  const [latest, ...earlier] = state.builds.slice(0, BUILDS);
  return latest ? { ...state, builds: [latest, ...earlier.map(inBrief)] } : state;
}

function inBrief(build: Build): Build {
  const {
    request,
    state,
    workflow,
    startedAt,
    finishedAt,
    published,
    run,
    stopping,
    superseded: stopped,
    stopReason,
  } = build;
  const summary = build.rows.length > 0 ? headline(build).text : build.summary;
  return {
    request,
    state,
    ...(workflow && { workflow }),
    ...(startedAt !== undefined && { startedAt }),
    ...(finishedAt !== undefined && { finishedAt }),
    rows: [],
    ...(summary !== undefined && { summary }),
    ...(published && { published: { ...published, pinned: [], notPinned: [], warnings: [] } }),
    ...(run && { run }),
    ...(stopping === true && { stopping }),
    ...(stopped === true && { superseded: true }),
    ...(stopReason && { stopReason }),
  };
}

function sharesComment(a: BuildRequest, b: BuildRequest): boolean {
  return a.commentIds.some((id) => b.commentIds.includes(id));
}

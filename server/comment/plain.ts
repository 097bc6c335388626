import type { CheckReport } from '../ports.js';
import { renderComment, type Rendered, type RenderContext } from './render.js';
import type { Build, ConversationState } from './state.js';

/** What to do where the server cannot show how a build ended. */
const NEXT_STEP = 'look at the workflow on Argo’s page, or run `kfops status` and `kfops logs`';

/**
 * The comment for a state. What cannot be shown is left out and that is told, so that no text of a stranger keeps the
 * end of a build from being told.
 *
 * @param onError - is told of the first error
 */
export function renderOrPlainer(
  state: ConversationState,
  context: RenderContext,
  onError: (error: unknown) => void,
): Rendered {
  try {
    return renderComment(state, context);
  } catch (error) {
    onError(error);
    for (const plainer of plainerStates(state, error)) {
      try {
        return renderComment(plainer, context);
      } catch {
        // The next one holds less.
      }
    }
    throw error;
  }
}

/** The comment for a state, with nothing in it that comes from a repository, a build or a service. */
export function renderPlainest(state: ConversationState, context: RenderContext, error: unknown): Rendered {
  return renderComment(plainest(state, error), context);
}

/** A build with nothing but what the server knows by itself, for when the rest cannot be shown. */
export function withoutDetails({ request, state, workflow }: Build, error: unknown): Build {
  return {
    request,
    state,
    ...(workflow && { workflow: { name: workflow.name } }),
    rows: [],
    text: cannotShow(error),
    nextStep: NEXT_STEP,
  };
}

/**
 * States to show in place of one that cannot be shown, from what loses least: without the details of the latest build,
 * of all builds, and without the last answer, too.
 */
function plainerStates(state: ConversationState, error: unknown): readonly ConversationState[] {
  const last = plainest(state, error);
  const { builds } = last;
  return [
    { ...state, builds: [...builds.slice(0, 1), ...state.builds.slice(1)] },
    { ...state, builds },
    last,
  ];
}

function plainest({ builds, approved, pickUps }: ConversationState, error: unknown): ConversationState {
  return {
    builds: builds.map((build) => withoutDetails(build, error)),
    approved,
    ...(pickUps && { pickUps }),
  };
}

/** A check that tells no more than the state. */
export function plainReport(
  { request }: Pick<Build, 'request'>,
  state: CheckReport['state'],
  error: unknown,
): CheckReport {
  return {
    commit: request.commit,
    externalId: String(request.commentIds[0] ?? ''),
    state,
    title: TITLES[state],
    summary: `${cannotShow(error)}.`,
    annotations: [],
  };
}

const TITLES: Readonly<Record<CheckReport['state'], string>> = {
  queued: 'The build is queued',
  running: 'The build is running',
  success: 'The build succeeded',
  failure: 'The build failed',
  cancelled: 'The build was stopped',
  neutral: 'The outcome of the build is unknown',
};

/** Only the kind of the error: its message may quote what cannot be shown. */
export function cannotShow(error: unknown): string {
  const kind = error instanceof Error ? error.name.replace(/[^A-Za-z]/g, '').slice(0, 40) : '';
  return `its details can’t be shown: an error of the server${kind === '' ? '' : ` (${kind})`}`;
}

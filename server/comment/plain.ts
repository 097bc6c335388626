import type { CheckReport } from '../ports.js';
import { renderComment, type Rendered, type RenderContext } from './render.js';
import type { Build, ConversationState } from './state.js';

/** What to do if the server cannot show how a build ended. */
const NEXT_STEP = 'open the workflow in the Argo UI, or run `kfops status` and `kfops logs`';

/**
 * The comment for a state. Parts that cannot be rendered are left out, with a note, so that no foreign text can prevent
 * the report of a build's end.
 *
 * @param onError - called with the first error
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
        // The next variant contains less.
      }
    }
    throw error;
  }
}

/** The comment for a state, without any text from a repository, a build or a service. */
export function renderPlainest(state: ConversationState, context: RenderContext, error: unknown): Rendered {
  return renderComment(plainest(state, error), context);
}

/** A build with only what the server itself knows, if the rest cannot be rendered. */
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
 * Variants of a state that cannot be rendered, the most complete first: without the details of the latest build, then
 * without those of all builds, then without the last reply, too.
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

function plainest(
  { builds, approved, answered, pickUps, ended }: ConversationState,
  error: unknown,
): ConversationState {
  return {
    builds: builds.map((build) => withoutDetails(build, error)),
    approved,
    ...(answered !== undefined && { answered }),
    ...(pickUps && { pickUps }),
    ...(ended && { ended }),
  };
}

/** A check that shows only the state. */
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
  return `its details can’t be shown because of a server error${kind === '' ? '' : ` (${kind})`}`;
}

import { renderMarkdown } from '../../templates/render.js';
import { fit, LEVELS } from './fit.js';
import { writeMarker } from './marker.js';
import { readState } from './shape.js';
import type { ConversationState } from './state.js';
import { commentView, type RenderContext } from './view.js';

export type { RenderContext } from './view.js';

/** Of a comment. GitHub takes 65,536. */
export const MAX_COMMENT = 60_000;

/** A comment's text, and the part of the state that it holds and shows. */
export interface Rendered {
  readonly body: string;
  readonly state: ConversationState;
}

/**
 * The one comment of a pull request: its first line is the state, hidden; the rest shows it. Where not all fits into
 * {@link MAX_COMMENT} characters, the least important is left out, of both. The same state gives the same text, and so
 * does what is read back from it.
 */
export function renderComment(state: ConversationState, context: RenderContext): Rendered {
  let rendered = renderAt(state, context, LEVELS[0]);
  for (const limits of LEVELS.slice(1)) {
    if (rendered.body.length <= MAX_COMMENT) return rendered;
    rendered = renderAt(state, context, limits);
  }
  return rendered;
}

function renderAt(state: ConversationState, context: RenderContext, limits = LEVELS.at(-1)): Rendered {
  // Fields in the order in which they are read back, so that the text stays the same.
  const kept = readState(limits ? fit(state, limits) : state);
  const shown = renderMarkdown('comment', commentView(kept, context));
  return { body: `${writeMarker(kept)}\n${shown.replace(/\n{3,}/g, '\n\n').trimEnd()}\n`, state: kept };
}

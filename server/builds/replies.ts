import { renderMarkdown } from '../../templates/render.js';
import type { CommandReply } from './authorised-command.js';

/** An answer in sentences. In them `…` is code, and text that people wrote appears only in code. */
export function answer(reason: string, nextStep?: string): CommandReply {
  return { kind: 'answer', markdown: renderMarkdown('refusal', { reason, nextStep }) };
}

/** Why a command was not obeyed, in sentences like those of {@link answer}. */
export function refusal(reason: string, nextStep?: string): CommandReply {
  return { ...answer(reason, nextStep), kind: 'refusal' };
}

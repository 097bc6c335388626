import { escapeTerminal } from '../../templates/escape.js';
import { trimEndOf } from '../../schema/trim-end.js';

/** Colours: what builds write most, and what may simply go. */
// eslint-disable-next-line no-control-regex -- they begin with it
const COLORS = /\u001b\[[0-9;]*m/g;

/** A line of a build's log without what could move the cursor or hide text: it is the build that wrote it. */
export function logLine(text: string): string {
  return trimEndOf(text.replace(COLORS, ''), '\r').split('\t').map(escapeTerminal).join('\t');
}

import { formatBytes } from '../../common/bytes.js';
import type { ContextEvent } from '../../generator/store-contexts.js';
import { escapeTerminal } from '../../templates/escape.js';
import { type Session, say } from '../session.js';
import { cutEnd } from './table.js';
import { formatCount } from '../../templates/units.js';

/** Shows the progress of storing contexts. */
export interface ContextProgress {
  readonly observe: (event: ContextEvent) => void;
  /** Clears the moving line. */
  readonly end: () => void;
  /** What was done so far. */
  readonly totals: () => { readonly stored: number; readonly already: number; readonly bytes: number };
}

/** Milliseconds between two drawings of the moving line: more often is not seen, and costs time. */
const FRAME_MS = 80;

/** On a terminal one line that moves; elsewhere a line for each context that is stored. */
export function contextProgress(session: Session, contexts: number): ContextProgress {
  const { io, style } = session;
  const moving = io.stderr.isTTY === true;
  const packing = new Map<string, ContextEvent>();
  let [stored, already, bytes, drawn] = [0, 0, 0, 0];

  const clear = (): void => {
    if (moving && drawn > 0) io.stderr.write('\r\u001b[K');
  };
  const draw = (): void => {
    if (!moving || Date.now() - drawn < FRAME_MS) return;
    drawn = Date.now();
    const now = [...packing.values()].map((event) => `${nameOf(event)} ${formatBytes(event.bytes)}`);
    const text = `Storing contexts ${stored + already}/${contexts}  ${now.join('  ')}`;
    io.stderr.write(`\r\u001b[K${style.dim(cutEnd(text, Math.min(io.columns, 200) - 1))}`);
  };
  session.picture = {
    pause: clear,
    resume: () => {
      drawn = 0;
      draw();
    },
  };
  return {
    observe: (event) => {
      if (event.state === 'looking' || event.state === 'packing') {
        packing.set(event.objectKey, event);
      } else {
        packing.delete(event.objectKey);
        if (event.state === 'stored') {
          stored += 1;
          bytes += event.bytes;
          if (!moving) say(session, `Stored ${whatOf(event)} (${formatBytes(event.bytes)})`);
        } else already += 1;
      }
      draw();
    },
    end: () => {
      clear();
      delete session.picture;
    },
    totals: () => ({ stored, already, bytes }),
  };
}

function whatOf(event: ContextEvent): string {
  return event.images.length === 0 ? 'the code of the pipeline' : `the context of ${nameOf(event)}`;
}

function nameOf({ images }: ContextEvent): string {
  if (images.length === 0) return 'pipeline';
  const first = escapeTerminal(images[0] ?? '');
  return images.length > 1 ? `${first} and ${formatCount(images.length - 1, 'other')}` : first;
}

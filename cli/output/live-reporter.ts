import type { Reporter } from '../../generator/ports.js';
import type { WorkflowResult } from '../../generator/results/result.js';
import { completeCommands } from '../invocation.js';
import type { Io } from '../io.js';
import { type Picture, type Session, say } from '../session.js';
import { type Frame, liveTree } from './live-tree.js';
import { publishedLines } from './published-text.js';
import { failureLines } from './result-text.js';
import { tagLines } from './tags-text.js';

/** A reporter that draws on a terminal. */
export interface LiveReporter extends Reporter, Picture {
  /** Leaves the picture as it is, for good. */
  end(): void;
}

/** Milliseconds between two pictures: time passes when nothing happens, and not each log line is worth one. */
const FRAME_MS = 250;

/**
 * Tells of a workflow in one picture that changes, on a terminal.
 *
 * @param kfpUrl - `kfp.url` of the settings
 */
export function liveReporter(session: Session, kfpUrl: string | undefined): LiveReporter {
  const { io, style } = session;
  const logs = new Map<string, string>();
  let result: WorkflowResult | undefined;
  let drawn: readonly string[] = [];
  let paused = false;
  let dirty = false;

  const clear = (): void => {
    // A terminal that was made narrower has broken the lines of the last picture.
    const { columns } = frameOf(io);
    const rows = drawn.reduce(
      (sum, line) => sum + Math.max(1, Math.ceil(visibleLength(line) / (columns + 1))),
      0,
    );
    if (rows > 0) io.stderr.write(`\u001b[${rows}A\r\u001b[J`);
    drawn = [];
  };
  const draw = (): void => {
    if (paused || result === undefined) return;
    dirty = false;
    const lines = liveTree(result, logs, Date.now(), frameOf(io), style);
    clear();
    drawn = lines;
    io.stderr.write(`${lines.join('\n')}\n`);
  };
  let frames = 0;
  const timer = setInterval(() => {
    frames += 1;
    if (dirty || frames % (1000 / FRAME_MS) === 0) draw();
  }, FRAME_MS);
  timer.unref();

  return {
    progress(now) {
      result = now;
      draw();
    },
    line({ task }, text) {
      if (task === undefined || text.trim() === '') return;
      logs.set(task, text);
      dirty = true;
    },
    finished(now) {
      clearInterval(timer);
      result = now;
      paused = false;
      draw();
      drawn = [];
      for (const line of [...publishedLines(now, kfpUrl, style), ...tagLines(now, style)]) say(session, line);
      for (const line of failureLines(now, style, (text) => completeCommands(session, text)))
        say(session, line);
    },
    pause() {
      clear();
      paused = true;
    },
    resume() {
      paused = false;
      draw();
    },
    end() {
      clearInterval(timer);
      paused = true;
    },
  };
}

/** As it is at this moment; one column stays free, where a full line would make some terminals wrap. */
function frameOf(io: Io): Frame {
  const { columns, rows } = io.stderr as { columns?: number; rows?: number };
  const width = io.env.COLUMNS ? io.columns : (columns ?? io.columns);
  return { columns: Math.max(20, Math.min(width, 1000) - 1), rows: rows ?? 24 };
}

function visibleLength(line: string): number {
  // eslint-disable-next-line no-control-regex -- colours begin with it
  return Array.from(line.replace(/\u001b\[\d+m/g, '')).length;
}

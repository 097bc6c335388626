import { parseRecord } from '../../common/json.js';
import { plainLines } from '../../templates/escape.js';
import type { Build, ConversationState, StepRow } from '../comment/state.js';
import { headline } from '../comment/words.js';
import type { NotifyEvent } from './channels.js';
import { eventOf } from './event.js';

/** A step that failed, and why. */
export interface FailedStep {
  /** An image's name, `tag`, `compile`, `publish` or `run`. */
  readonly name: string;
  readonly kind: StepRow['kind'];
  /** One sentence without its full stop, secrets masked. */
  readonly reason?: string;
  /** Page with its log. */
  readonly url?: string;
}

/** What a notification says of a build. It is kept with the workflow until it is sent, so every attempt sends the same. */
export interface Notice {
  readonly event: NotifyEvent;
  /** When the build ended, in ISO 8601. */
  readonly time: string;
  /** One line: `trainer failed`. */
  readonly summary: string;
  /** Why it failed, where that is no step's own failure. */
  readonly problem?: string;
  readonly failures: readonly FailedStep[];
  /** How many more steps failed. */
  readonly more: number;
}

/** Failed steps of one notice. */
const MOST_FAILURES = 10;
/** Characters of one text. */
const LONGEST = 300;

/** What to say of a build that ended; undefined if its end is no event. */
export function noticeOf(state: ConversationState, build: Build): Notice | undefined {
  const event = eventOf(state.builds, build);
  if (event === undefined) return undefined;
  const failed = build.rows.filter((row) => row.state === 'failed');
  const problem = build.text;
  return {
    event,
    time: build.finishedAt ?? build.request.at,
    summary: line(headline(build).text),
    ...(event === 'failed' && problem !== undefined && { problem: line(problem) }),
    failures: failed.slice(0, MOST_FAILURES).map(failedStep),
    more: Math.max(0, failed.length - MOST_FAILURES),
  };
}

/** The notice that {@link noticeOf} made, from the text of an annotation; undefined if it isn't one. */
export function readNotice(text: string | undefined): Notice | undefined {
  const read = parseRecord(text ?? '');
  // Only the server writes it; a person could have edited it.
  const isNotice =
    (read?.event === 'failed' || read?.event === 'recovered') &&
    typeof read.time === 'string' &&
    typeof read.summary === 'string' &&
    typeof read.more === 'number' &&
    Array.isArray(read.failures);
  return isNotice ? (read as unknown as Notice) : undefined;
}

function failedStep({ name, kind, failure, logUrl }: StepRow): FailedStep {
  return {
    name,
    kind,
    ...(failure && { reason: line(failure.reason) }),
    ...(logUrl !== undefined && { url: logUrl }),
  };
}

/** The text on one line, without control characters. */
function line(text: string): string {
  const flat = plainLines(text).replace(/\s+/g, ' ').trim();
  return flat.length > LONGEST ? `${flat.slice(0, LONGEST - 1)}…` : flat;
}

import type { FailureKind, FailurePlace } from '../../generator/results/result.js';
import { parseRunOutputs, type RunOutputs } from '../../generator/results/run-outputs.js';
import type { StopReason } from '../../generator/workflow/names.js';
import {
  count,
  id,
  list,
  mismatch,
  oneOf,
  optional,
  record,
  text,
  boolean,
  type Read,
} from './read-value.js';
import {
  TRIGGERS,
  type Build,
  type BuildRequest,
  type ConversationState,
  type EndedCommand,
  type PickUp,
  type Reply,
  type StepRow,
} from './state.js';

/** Longest text of one field; together they are bounded by the comment. */
const LONG = 65_536;
const SHORT = 2_000;
const line = text(SHORT);
const commit = text(64, /^[0-9a-f]{40}(?:[0-9a-f]{24})?$/);
const instant = text(40, /^\d{4}-\d\d-\d\dT[\d:.]+Z$/);
/** Of each list. */
const MANY = 5_000;

const request = record<BuildRequest>({
  commentIds: list(id, MANY),
  by: list(line, MANY),
  at: instant,
  verb: oneOf('build', 'build_run', 'run', 'retry'),
  images: optional(list(line, 100)),
  flags: list(line, 100),
  commit,
  trigger: optional(oneOf(...TRIGGERS)),
  ref: optional(line),
});

const kind = text(40, /^[a-z_]+$/);
const failure = record<NonNullable<StepRow['failure']>>({
  kind: kind as Read<FailureKind>,
  reason: line,
  nextStep: line,
  location: optional(record<FailurePlace>({ file: line, line: count, column: optional(count) })),
  excerpt: optional(line),
});

const row = record<StepRow>({
  name: line,
  kind: oneOf('image', 'tag', 'compile', 'publish', 'pin', 'run'),
  state: oneOf('pending', 'running', 'succeeded', 'failed', 'omitted', 'stopped', 'reused'),
  startedAt: optional(instant),
  finishedAt: optional(instant),
  reference: optional(line),
  revision: optional(commit),
  buildsOn: optional(list(line, MANY)),
  failedBase: optional(line),
  failure: optional(failure),
  tail: optional(text(LONG)),
  waiting: optional(line),
  logUrl: optional(line),
});

const outputs: Read<RunOutputs> = (value, where) => {
  const read = parseRunOutputs(value);
  if (!read) throw mismatch(where, "a run's outputs");
  return read;
};

const build = record<Build>({
  request,
  state: oneOf('accepted', 'running', 'succeeded', 'failed', 'stopped', 'refused', 'unknown'),
  workflow: optional(
    record<NonNullable<Build['workflow']>>({
      name: line,
      namespace: optional(text(63, /^[a-z0-9-]+$/)),
      url: optional(line),
    }),
  ),
  startedAt: optional(instant),
  finishedAt: optional(instant),
  rows: list(row, MANY),
  others: optional(
    record<NonNullable<Build['others']>>({
      pending: optional(count),
      running: optional(count),
      succeeded: optional(count),
      failed: optional(count),
      omitted: optional(count),
      stopped: optional(count),
      reused: optional(count),
    }),
  ),
  summary: optional(line),
  text: optional(text(LONG)),
  nextStep: optional(line),
  tagWarnings: optional(list(line, MANY)),
  published: optional(
    record<NonNullable<Build['published']>>({
      version: line,
      versionUrl: optional(line),
      pinned: list(line, MANY),
      notPinned: list(line, MANY),
      warnings: list(line, MANY),
      schedules: optional(list(line, MANY)),
    }),
  ),
  run: optional(
    record<NonNullable<Build['run']>>({
      id: line,
      url: optional(line),
      note: optional(line),
      outputs: optional(outputs),
    }),
  ),
  headMovedTo: optional(commit),
  stopping: optional(boolean),
  superseded: optional(boolean),
  stopReason: optional(oneOf<StopReason>('closed', 'permission', 'gone')),
});

const reply = record<Reply>({
  commentId: id,
  commit: optional(commit),
  by: line,
  command: optional(line),
  kind: oneOf('answer', 'refusal'),
  markdown: text(LONG),
  stranger: optional(oneOf<true>(true)),
});

const state = record<ConversationState>({
  builds: list(build, MANY),
  reply: optional(reply),
  approved: list(commit, MANY),
  answered: optional(commit),
  pickUps: optional(list(record<PickUp>({ commentId: id, commit, times: count }), MANY)),
  ended: optional(list(record<EndedCommand>({ commentId: id, kind: oneOf('answer', 'refusal') }), MANY)),
});

/** @throws TypeError that names the place where a value is no {@link ConversationState} */
export function readState(value: unknown): ConversationState {
  return state(value, 'state');
}

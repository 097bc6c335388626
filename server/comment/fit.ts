import type { RunOutputs } from '../../generator/results/run-outputs.js';
import { cutMarkdown, cutText, lastLines } from './cut.js';
import type { Build, ConversationState, Reply, StepRow } from './state.js';

/** How much of a state is kept. Characters and numbers of entries. */
export interface Limits {
  /** Images, where not all are shown, and fewer than that failed or run. */
  readonly rows: number;
  /** Images up to which all are shown. */
  readonly allRows: number;
  /** Failed steps whose last lines are kept. */
  readonly tails: number;
  readonly lineLength: number;
  readonly text: number;
  readonly reply: number;
  readonly builds: number;
  /** Of each of the lists of what was published, and of what a run produced. */
  readonly published: number;
  readonly commentIds: number;
}

/** From all that anybody reads to what always fits into a comment. */
export const LEVELS: readonly Limits[] = [
  {
    rows: 10,
    allRows: 50,
    tails: 10,
    lineLength: 300,
    text: 12_000,
    reply: 20_000,
    builds: 30,
    published: 60,
    commentIds: 1_000,
  },
  {
    rows: 10,
    allRows: 30,
    tails: 5,
    lineLength: 240,
    text: 8_000,
    reply: 12_000,
    builds: 30,
    published: 30,
    commentIds: 500,
  },
  {
    rows: 10,
    allRows: 20,
    tails: 3,
    lineLength: 200,
    text: 6_000,
    reply: 8_000,
    builds: 15,
    published: 20,
    commentIds: 200,
  },
  {
    rows: 10,
    allRows: 10,
    tails: 1,
    lineLength: 160,
    text: 3_000,
    reply: 4_000,
    builds: 5,
    published: 10,
    commentIds: 50,
  },
  {
    rows: 5,
    allRows: 5,
    tails: 1,
    lineLength: 80,
    text: 1_500,
    reply: 2_000,
    builds: 2,
    published: 3,
    commentIds: 10,
  },
  {
    rows: 3,
    allRows: 3,
    tails: 0,
    lineLength: 0,
    text: 500,
    reply: 500,
    builds: 1,
    published: 0,
    commentIds: 2,
  },
];

/** Of what failed. */
const TAIL_LINES = 20;
/** Of one name, reason, address. */
const LINE = 300;
/** Of sentences with names, a reason and a next step. */
const SENTENCES = 700;
/** Of one flag. */
const FLAG = 500;
const URL_LENGTH = 1_000;
/** Of people who asked for one build, of images that they named or that one is based on, of flags, of commits that were let be built. */
const FEW = 20;

/** Steps other than builds: tag, compile, publish, run. */
const LAST_STEPS = 4;

/** Priorities if not everything fits. */
const ORDER: readonly StepRow['state'][] = [
  'failed',
  'running',
  'stopped',
  'pending',
  'succeeded',
  'omitted',
  'reused',
];

/** Shows all of them, as far as there is room. */
const TELLING: ReadonlySet<StepRow['state']> = new Set(['failed', 'running', 'stopped']);

/** The part of a state that a comment keeps at these limits. Done again, it changes nothing. */
export function fit(state: ConversationState, limits: Limits): ConversationState {
  return {
    builds: state.builds.slice(0, limits.builds).map((build) => fitBuild(build, limits)),
    ...(state.reply && { reply: fitReply(state.reply, limits) }),
    approved: state.approved.slice(-FEW),
    ...(state.answered !== undefined && { answered: state.answered }),
    ...(state.pickUps && { pickUps: state.pickUps }),
    ...(state.ended && { ended: state.ended }),
  };
}

function fitReply(reply: Reply, limits: Limits): Reply {
  return {
    ...reply,
    by: line(reply.by),
    ...(reply.command !== undefined && { command: line(reply.command) }),
    markdown: cutMarkdown(reply.markdown, limits.reply),
  };
}

function fitBuild(build: Build, limits: Limits): Build {
  const { request, workflow, published, run, tagWarnings } = build;
  return {
    ...build,
    request: {
      ...request,
      // The first names the build; of the others the latest are those that may still be asked for.
      commentIds: ends(request.commentIds, limits.commentIds),
      by: ends(request.by, FEW).map(line),
      ...(request.images && { images: request.images.slice(0, FEW).map(line) }),
      // A retry reads them again: none may end early. A command has at most 500 characters.
      flags: request.flags.slice(0, FEW).map((flag) => cutText(flag, FLAG)),
    },
    ...fitRows(build, limits),
    ...(workflow && { workflow: fitWorkflow(workflow) }),
    ...(build.summary !== undefined && { summary: line(build.summary) }),
    ...(build.text !== undefined && { text: cutText(build.text, limits.text) }),
    ...(build.nextStep !== undefined && { nextStep: line(build.nextStep) }),
    ...(tagWarnings && {
      tagWarnings: tagWarnings.slice(0, limits.published).map((text) => cutText(text, SENTENCES)),
    }),
    ...(published && {
      published: {
        version: line(published.version),
        ...url('versionUrl', published.versionUrl),
        pinned: published.pinned.slice(0, limits.published).map(line),
        notPinned: published.notPinned.slice(0, limits.published).map(line),
        warnings: published.warnings.slice(0, limits.published).map(line),
        ...(published.schedules && {
          schedules: published.schedules.slice(0, limits.published).map((text) => cutText(text, SENTENCES)),
        }),
      },
    }),
    ...(run && {
      run: {
        id: line(run.id),
        ...url('url', run.url),
        ...(run.note !== undefined && { note: cutText(run.note, SENTENCES) }),
        ...(run.outputs && { outputs: fitOutputs(run.outputs, limits) }),
      },
    }),
  };
}

function fitOutputs(outputs: RunOutputs, { published: most }: Limits): RunOutputs {
  if ('unknown' in outputs) return outputs;
  const { metrics, artifacts, moreMetrics, moreArtifacts } = outputs;
  return {
    ...outputs,
    metrics: metrics.slice(0, most),
    artifacts: artifacts.slice(0, most),
    moreMetrics: moreMetrics + Math.max(0, metrics.length - most),
    moreArtifacts: moreArtifacts + Math.max(0, artifacts.length - most),
  };
}

/** Failures first where not all images are kept; the last steps always are. */
function fitRows(build: Build, limits: Limits): Pick<Build, 'rows' | 'others'> {
  const images = build.rows.filter(({ kind }) => kind === 'image');
  const steps = build.rows.filter(({ kind }) => kind !== 'image').slice(0, LAST_STEPS);
  const telling = images.filter(({ state }) => TELLING.has(state)).length;
  const all = images.length <= limits.allRows;
  const room = all ? images.length : Math.min(limits.allRows, Math.max(limits.rows, telling));
  const sorted = all ? images : images.toSorted((a, b) => ORDER.indexOf(a.state) - ORDER.indexOf(b.state));
  const others = { ...build.others };
  for (const { state } of sorted.slice(room)) others[state] = (others[state] ?? 0) + 1;
  const kept = [...sorted.slice(0, room), ...steps];
  let tails = limits.tails;
  return {
    rows: kept.map(({ tail, ...row }) => ({
      ...fitRow(row),
      ...(tail !== undefined && tails-- > 0 && { tail: lastLines(tail, TAIL_LINES, limits.lineLength) }),
    })),
    ...(Object.keys(others).length > 0 && { others }),
  };
}

function fitRow(row: Omit<StepRow, 'tail'>): StepRow {
  const { failure, reference, waiting, logUrl, buildsOn, failedBase, ...rest } = row;
  return {
    ...rest,
    name: line(rest.name),
    ...(buildsOn && { buildsOn: buildsOn.slice(0, FEW).map(line) }),
    ...(failedBase !== undefined && { failedBase: line(failedBase) }),
    ...(reference !== undefined && { reference: line(reference) }),
    ...(failure && { failure: fitFailure(failure) }),
    ...(waiting !== undefined && { waiting: line(waiting) }),
    ...url('logUrl', logUrl),
  };
}

function fitFailure({
  location,
  excerpt,
  ...failure
}: NonNullable<StepRow['failure']>): StepRow['failure'] & object {
  return {
    ...failure,
    reason: line(failure.reason),
    nextStep: line(failure.nextStep),
    ...(location && location.file.length <= LINE && { location }),
    ...(excerpt !== undefined && { excerpt: line(excerpt) }),
  };
}

type RecordedWorkflow = NonNullable<Build['workflow']>;

function fitWorkflow({ name, namespace, url: page }: RecordedWorkflow): RecordedWorkflow {
  return { name: line(name), ...(namespace !== undefined && { namespace }), ...url('url', page) };
}

function line(text: string): string {
  return cutText(text, LINE);
}

/** An address that was cut leads nowhere, so that one is left out which is too long. */
function url<K extends string>(key: K, value: string | undefined): Partial<Record<K, string>> {
  if (value === undefined || value.length > URL_LENGTH) return {};
  return { [key]: value } as Record<K, string>;
}

/** The first and the last of a list: two or more. */
function ends<T>(items: readonly T[], count: number): readonly T[] {
  return [...items.slice(0, 1), ...items.slice(1).slice(1 - count)];
}

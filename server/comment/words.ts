import { enumerate } from '../../common/enumerate.js';
import type { StopReason } from '../../generator/workflow/names.js';
import { formatCount } from '../../templates/units.js';
import type { Build, StepRow } from './state.js';

/** A state at a glance, and in words. Plain text. */
export interface Headline {
  readonly emoji: string;
  readonly text: string;
}

/** How many images of a build are in which state, those without a row too. */
export function imageCounts(build: Build): Readonly<Record<StepRow['state'], number>> {
  const counts = {
    pending: 0,
    running: 0,
    succeeded: 0,
    failed: 0,
    omitted: 0,
    stopped: 0,
    reused: 0,
    ...build.others,
  };
  for (const { kind, state } of build.rows) if (kind === 'image') counts[state] += 1;
  return counts;
}

/** What a build's heading says: of an earlier build, whose rows are gone, what it said last. */
export function headline(build: Build): Headline {
  const summary = build.rows.length === 0 ? build.summary : undefined;
  switch (build.state) {
    case 'accepted':
      return { emoji: '⏳', text: `Getting ${build.request.verb} ready` };
    case 'running':
      if (build.stopping === true) return { emoji: '⏹️', text: stopping(build) };
      return { emoji: hasBegun(build) ? '🔨' : '⏳', text: summary ?? running(build) };
    case 'succeeded':
      return { emoji: '✅', text: summary ?? succeeded(build) };
    case 'failed':
      return { emoji: '❌', text: summary ?? failed(build) };
    case 'stopped':
      return { emoji: '⏹️', text: stopped(build) };
    case 'refused':
      return {
        emoji: '🚫',
        text: `Not started: ${isWrongSet(build) ? 'the command sets a wrong argument' : 'the repository’s files have errors'}`,
      };
    case 'unknown':
      return { emoji: '❔', text: 'The workflow no longer exists; its outcome is unknown' };
  }
}

/** Whether a build was refused for what `--set` says. Diagnostics begin with their place. */
export function isWrongSet({ state, text = '' }: Build): boolean {
  return state === 'refused' && text.startsWith('--set ');
}

function stopped({ superseded, stopReason }: Build): string {
  if (superseded) return 'Superseded by a newer command';
  return stopReason ? `Stopped: ${STOP_REASONS[stopReason]}` : 'Stopped';
}

function stopping({ superseded }: Build): string {
  return superseded ? 'Stopping: superseded by a newer command' : 'Stopping';
}

const STOP_REASONS: Readonly<Record<StopReason, string>> = {
  closed: 'the pull request was closed',
  replaced: 'a newer commit was pushed',
  permission: 'nobody who requested it has write permission now',
  gone: 'the server lost access to this pull request',
};

function hasBegun(build: Build): boolean {
  return build.rows.some(({ state }) => state !== 'pending' && state !== 'reused');
}

function running(build: Build): string {
  if (build.rows.length === 0) return 'Submitted; waiting for Argo';
  if (!hasBegun(build)) return 'Queued: no step has started yet';
  const at = build.rows.find((row) => isLastStep(row) && row.state === 'running');
  if (at?.kind === 'compile') return 'Compiling the pipeline';
  if (at?.kind === 'publish') return 'Publishing the pipeline';
  if (at?.kind === 'pin') return 'Pinning the images in the pipeline';
  if (at?.kind === 'run') return 'Running the pipeline';
  if (onlyTags(build)) return 'Setting and checking tags';
  const counts = imageCounts(build);
  const total = sum(counts) - counts.reused;
  if (total === 0) return 'Working on the pipeline';
  const what = total === 1 ? (onlyName(build) ?? 'the image') : formatCount(total, 'image');
  const parts = [
    ...(total > 1 && counts.succeeded > 0 ? [`${counts.succeeded} done`] : []),
    ...(counts.failed > 0 ? [`${counts.failed} failed`] : []),
    ...(counts.reused > 0 ? [`${counts.reused} reused`] : []),
  ];
  return `Building ${what}${parts.length > 0 ? `: ${parts.join(', ')}` : ''}`;
}

function succeeded(build: Build): string {
  const done = (kind: StepRow['kind']): boolean =>
    build.rows.some((row) => row.kind === kind && row.state === 'succeeded');
  const pipeline = [
    ...(done('compile') ? ['compiled'] : []),
    ...(done('publish') ? ['published'] : []),
    ...(done('run') ? ['ran'] : []),
  ];
  const images = imagesDone(build);
  const parts = [
    ...(images === undefined ? [] : [images]),
    ...(pipeline.length > 0 ? [`${enumerate(pipeline)} the pipeline`] : []),
  ];
  if (parts.length === 0) return 'Done';
  // `built 3 images, and compiled and published the pipeline`
  const isList = pipeline.length > 1 || images?.includes(',') === true;
  return capital(parts.join(isList ? ', and ' : ' and '));
}

/** `built trainer`, `built 2 images`, `built 1 image, 11 reused`, `reused 12 images`; undefined where there are none. */
function imagesDone(build: Build): string | undefined {
  const { succeeded: built, reused } = imageCounts(build);
  if (built === 0) return reused === 0 ? undefined : `reused ${formatCount(reused, 'image')}`;
  if (reused > 0) return `built ${formatCount(built, 'image')}, ${reused} reused`;
  return built === 1 ? `built ${onlyName(build) ?? 'the image'}` : `built ${formatCount(built, 'image')}`;
}

function failed(build: Build): string {
  const counts = imageCounts(build);
  const images = build.rows.filter(({ kind, state }) => kind === 'image' && state === 'failed');
  if (counts.failed > 0 && counts.failed <= 2 && images.length === counts.failed)
    return `${enumerate(images.map(({ name }) => name))} failed`;
  if (counts.failed > 0)
    return `${counts.failed} of ${formatCount(sum(counts) - counts.reused, 'image')} failed`;
  const step = build.rows.find((row) => isLastStep(row) && row.state === 'failed');
  if (step?.kind === 'compile') return 'The pipeline did not compile';
  if (step?.kind === 'publish')
    return build.published ? 'The schedules could not be applied' : 'The pipeline could not be published';
  if (step?.kind === 'pin') return 'The images could not be pinned in the pipeline';
  if (step?.kind === 'run')
    return step.failure?.kind === 'run_failed'
      ? 'The run of the pipeline failed'
      : 'The pipeline could not be run';
  return build.rows.some(({ kind, state }) => kind === 'tag' && state === 'failed')
    ? 'The step that tags images failed'
    : 'The build failed';
}

/** A step after the builds. The one that tags images runs next to them, and no other waits for it. */
function isLastStep({ kind }: StepRow): boolean {
  return kind !== 'image' && kind !== 'tag';
}

/** Whether all but the step that tags images has ended. */
function onlyTags({ rows }: Build): boolean {
  const active = rows.filter(({ state }) => state === 'running' || state === 'pending');
  return active.length === 1 && active[0]?.kind === 'tag' && active[0].state === 'running';
}

/** Images that have no row: `480 others: 470 built, 10 waiting`. */
export function othersText(others: NonNullable<Build['others']>): string {
  const parts = STATES.flatMap(([state, word]) => {
    const count = others[state] ?? 0;
    return count > 0 ? [[count, word] as const] : [];
  });
  const total = formatCount(sum(others), 'other');
  const [first] = parts;
  if (parts.length === 1 && first) return `${total}, ${first[0] > 1 ? 'all ' : ''}${first[1]}`;
  return `${total}: ${parts.map(([count, word]) => `${count} ${word}`).join(', ')}`;
}

/** `10 failed` */
export function countText(state: StepRow['state'], count: number): string {
  return `${count} ${STATES.find(([each]) => each === state)?.[1] ?? state}`;
}

const STATES: readonly (readonly [state: StepRow['state'], word: string])[] = [
  ['failed', 'failed'],
  ['running', 'running'],
  ['stopped', 'stopped'],
  ['succeeded', 'built'],
  ['reused', 'reused'],
  ['pending', 'waiting'],
  ['omitted', 'left out'],
];

/** What the table says of a step's state. */
export function stateWords({ kind, state, failedBase }: StepRow): string {
  switch (state) {
    case 'pending':
      return '⏳ waiting';
    case 'running':
      return `🔨 ${WORDS[kind].doing}`;
    case 'succeeded':
      return `✅ ${WORDS[kind].done}`;
    case 'failed':
      return '❌ failed';
    case 'omitted':
      return failedBase === undefined ? '⏭️ left out' : '⏭️ not built';
    case 'stopped':
      return '⏹️ stopped';
    case 'reused':
      return '♻️ reused';
  }
}

const WORDS = {
  image: { doing: 'building', done: 'built' },
  tag: { doing: 'running', done: 'done' },
  compile: { doing: 'compiling', done: 'compiled' },
  publish: { doing: 'publishing', done: 'published' },
  pin: { doing: 'pinning', done: 'pinned' },
  run: { doing: 'running', done: 'ran' },
} as const satisfies Record<StepRow['kind'], object>;

function onlyName(build: Build): string | undefined {
  return build.rows.find(({ kind, state }) => kind === 'image' && state !== 'reused')?.name;
}

function sum(counts: Readonly<Record<string, number>>): number {
  return Object.values(counts).reduce((total, count) => total + count, 0);
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

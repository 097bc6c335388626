import { formatBytes } from '../../common/bytes.js';
import { planGraph } from '../../generator/graph/graph.js';
import { renderMermaid } from '../../generator/graph/mermaid.js';
import type { Plan, PlannedImage } from '../../generator/plan/plan-types.js';
import { APPLIED_WHEN, nextText, TIME_ZONE } from '../../generator/plan/schedule-times.js';
import { AS_CODE, decisionText, isDecided } from '../../generator/reuse/reason-text.js';
import { hasErrors } from '../../schema/diagnostic.js';
import { formatDiagnostics } from '../../schema/format.js';
import { sentence } from '../../schema/sentence.js';
import type { HelpView, PlanAnswer, VerbHelpView } from '../../templates/comment-data.js';
import { renderMarkdown } from '../../templates/render.js';
import { formatCount } from '../../templates/units.js';
import type { Build } from './state.js';
import { commandCode, commandStart, stepsView, type RenderContext } from './view.js';
import { headline } from './words.js';

export type { PlanAnswer } from '../../templates/comment-data.js';

/** Images with a row. */
const SHOWN = 50;
/** Images up to which a plan is drawn. */
const DRAWN = 12;

/** The answer to `/help`: commands as they are written here, and their flags. */
export function renderHelp({
  prefix,
  verbs,
  flags,
}: Omit<HelpView, 'more'> & { readonly prefix?: string }): string {
  const start = commandStart(prefix);
  const written = verbs.map(({ usage, help }) => ({ usage: `${start}${usage}`, help }));
  return tidy(renderMarkdown('help', { verbs: written, flags, more: `${start}help COMMAND` }));
}

/** The answer to `/help COMMAND`. */
export function renderVerbHelp(view: VerbHelpView): string {
  return tidy(renderMarkdown('verb-help', view));
}

/**
 * What a plan's answer shows.
 *
 * @param known.stored - keys of the contexts that the object store holds already
 * @param known.changed - how many files of an image's context are not the same on the base branch
 * @param known.publishes - whether the settings have Kubeflow Pipelines
 * @param known.now - from which the next times of schedules are counted; default: now
 */
export function planAnswer(
  plan: Plan,
  commit: string,
  {
    stored,
    changed,
    publishes,
    now = new Date(),
  }: {
    readonly stored: ReadonlySet<string>;
    readonly changed: (image: PlannedImage) => number;
    readonly publishes: boolean;
    readonly now?: Date;
  },
): PlanAnswer {
  const { images, pipeline, parallelism, run, warnings } = plan;
  const orders = buildOrder(images);
  return {
    commit,
    images: images.map((image) => ({
      name: image.name,
      context: {
        files: image.context.entries.length,
        bytes: image.context.bytes,
        stored: stored.has(image.context.key),
        changed: changed(image),
      },
      destination: `${image.repository}:${image.tag}`,
      isBuilt: image.decision.action === 'build',
      ...(isDecided(image.decision) && { reason: decisionText(image.decision, { ...AS_CODE, why: true }) }),
      order: orders.get(image.name) ?? 1,
    })),
    parallelism,
    pipeline: {
      name: pipeline.name,
      path: pipeline.path,
      namespace: pipeline.namespace,
      version: publishes ? pipeline.version : undefined,
      schedules: pipeline.schedules.map(({ name, cron, enabled }) => ({
        name,
        cron,
        next: nextText({ cron, enabled }, now).replace(/^next /, ''),
      })),
    },
    run,
    ...(images.length > 0 && images.length <= DRAWN && { picture: renderMermaid(planGraph(plan)) }),
    ...(warnings.length > 0 && { warnings: formatDiagnostics(warnings, { color: false }) }),
  };
}

/** The answer to `/plan`: what a build would do. */
export function renderPlanAnswer(answer: PlanAnswer): string {
  const { images, pipeline, run, picture, warnings } = answer;
  return tidy(
    renderMarkdown('plan-answer', {
      summary: planSummary(answer),
      images: images.slice(0, SHOWN).map(({ order, name, context, destination, isBuilt, reason }) => ({
        order: isBuilt ? order : undefined,
        name,
        decision: isBuilt ? `🔨 build` : `♻️ reuse`,
        reason,
        context: `${formatCount(context.files, 'file')}, ${formatBytes(context.bytes)}`,
        isNew: isBuilt ? whatIsNew(context) : '',
        destination: isBuilt ? destination : '',
      })),
      decided: images.some(({ reason }) => reason !== undefined),
      moreImages: Math.max(0, images.length - SHOWN),
      ordered: wavesOf(images) > 1,
      pipeline,
      schedulesNote:
        pipeline.version === undefined
          ? 'The schedules are not applied: the settings have no `kfp`.'
          : `Schedules, ${APPLIED_WHEN}:`,
      timeZone: TIME_ZONE,
      run,
      picture,
      warnings,
    }),
  );
}

/** Compared with the base branch, and with the object store. */
function whatIsNew({ changed, stored }: PlanAnswer['images'][number]['context']): string {
  const files = changed === 0 ? 'nothing' : formatCount(changed, 'file');
  return stored ? `${files}; stored already` : files;
}

function planSummary({ commit, images, parallelism }: PlanAnswer): string {
  const at = `\`${commit.slice(0, 12)}\``;
  if (images.length === 0) return `A build of ${at} would build no images. Nothing was started.`;
  const built = images.filter(({ isBuilt }) => isBuilt);
  const reused = images.length - built.length;
  if (built.length === 0)
    return `A build of ${at} would build no images: ${reused === 1 ? 'the image is' : `all ${reused} are`} reused. Nothing was started.`;
  const fresh = built
    .filter(({ context }) => !context.stored)
    .reduce((sum, { context }) => sum + context.bytes, 0);
  const upload = fresh === 0 ? 'store nothing new' : `store ${formatBytes(fresh)}`;
  const waves = wavesOf(images);
  const first = waves > 1 ? `in ${waves} steps` : 'side by side';
  const atOnce = built.length > parallelism ? `, ${parallelism} at once` : '';
  const how = built.length > 1 ? ` ${first}${atOnce}` : '';
  const [of, others] =
    reused === 0 ? ['', ''] : [`${built.length} of `, `; ${reused} ${reused === 1 ? 'is' : 'are'} reused`];
  return `A build of ${at} would ${upload}, and build ${of}${formatCount(images.length, 'image')}${how}${others}. Nothing was started.`;
}

/** How many groups of images are built one after the other. */
function wavesOf(images: PlanAnswer['images']): number {
  return new Set(images.filter(({ isBuilt }) => isBuilt).map(({ order }) => order)).size;
}

/** From 1: an image is built after the images that it is based on, if these are built. By name. */
function buildOrder(images: readonly PlannedImage[]): ReadonlyMap<string, number> {
  const built = new Map(
    images.flatMap((image) => (image.decision.action === 'build' ? [[image.name, image] as const] : [])),
  );
  const orders = new Map<string, number>();
  const orderOf = (name: string): number => {
    const known = orders.get(name);
    if (known !== undefined) return known;
    // A plan has no cycle; if it had, this would end nevertheless.
    orders.set(name, 1);
    const bases = (built.get(name)?.buildsOn ?? []).filter((base) => built.has(base));
    const order = 1 + Math.max(0, ...bases.map(orderOf));
    orders.set(name, order);
    return order;
  };
  for (const name of built.keys()) orderOf(name);
  return orders;
}

/** The answer to `/status`, from what is known of the build. `undefined`: there is none. */
export function renderStatusAnswer(build: Build | undefined, context: RenderContext): string {
  if (!build) {
    return renderRefusal(
      'No builds on this pull request yet',
      `comment ${commandCode('build', context.prefix)}`,
    );
  }
  const { emoji, text } = headline(build);
  const { steps, logs, others, tagWarnings } = stepsView(build, context);
  const waiting = build.rows.find((row) => row.waiting !== undefined && row.state === 'pending');
  return tidy(
    renderMarkdown('status-answer', {
      text: `${emoji} ${text}`,
      steps,
      logs,
      others,
      tagWarnings,
      workflow: build.workflow && { name: build.workflow.name, url: build.workflow.url },
      waiting: waiting && `${waiting.name} waits: ${waiting.waiting ?? ''}`,
      failures: [],
      foldedFailures: [],
      foldedTitle: '',
    }),
  );
}

/** Why a command was not obeyed. Both may be clauses, in which `…` is code. */
export function renderRefusal(reason: string, nextStep?: string): string {
  return tidy(
    renderMarkdown('refusal', { reason: sentence(reason), nextStep: nextStep && sentence(nextStep) }),
  );
}

/** Errors of the repository's files, as the command line prints them. */
export function renderErrors(diagnostics: Parameters<typeof formatDiagnostics>[0]): string {
  const what = hasErrors(diagnostics)
    ? 'The repository’s files have errors:'
    : 'Warnings about the repository’s files:';
  return `${what}\n\n${tidy(renderMarkdown('errors', { text: formatDiagnostics(diagnostics, { color: false }) }))}`;
}

/** The answer to a command that is known and does not exist yet: `deploy`, `staging_deploy`. */
export function renderNotThere(verb: string, prefix?: string): string {
  const start = commandStart(prefix);
  return tidy(
    renderMarkdown('not-there', {
      command: `${start}${verb}`,
      instead: `\`${start}build_run\` builds, publishes and runs the pipeline; \`${start}help\` lists all commands.`,
    }),
  );
}

function tidy(markdown: string): string {
  return markdown.replace(/\n{3,}/g, '\n\n').trim();
}

import { formatBytes } from '../../common/bytes.js';
import { planGraph } from '../../generator/graph/graph.js';
import { renderMermaid } from '../../generator/graph/mermaid.js';
import type { Plan, PlannedImage } from '../../generator/plan/plan-types.js';
import { hasErrors } from '../../schema/diagnostic.js';
import { formatDiagnostics } from '../../schema/format.js';
import { sentence } from '../../schema/sentence.js';
import type { HelpView, PlanAnswer } from '../../templates/comment-data.js';
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
export function renderHelp({ prefix, verbs, flags }: HelpView & { readonly prefix?: string }): string {
  const start = commandStart(prefix);
  const written = verbs.map(({ usage, help }) => ({ usage: `${start}${usage}`, help }));
  return tidy(renderMarkdown('help', { verbs: written, flags }));
}

/**
 * What a plan's answer shows.
 *
 * @param known.stored - keys of the contexts that the object store holds already
 * @param known.changed - how many files of an image's context are not the same on the base branch
 * @param known.publishes - whether the settings have Kubeflow Pipelines
 */
export function planAnswer(
  plan: Plan,
  commit: string,
  {
    stored,
    changed,
    publishes,
  }: {
    readonly stored: ReadonlySet<string>;
    readonly changed: (image: PlannedImage) => number;
    readonly publishes: boolean;
  },
): PlanAnswer {
  const { images, pipeline, parallelism, run, warnings } = plan;
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
      order: 1,
    })),
    parallelism,
    pipeline: {
      name: pipeline.name,
      path: pipeline.path,
      namespace: pipeline.namespace,
      version: publishes ? pipeline.version : undefined,
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
      images: images.slice(0, SHOWN).map(({ order, name, context, destination }) => ({
        order,
        name,
        context: `${formatCount(context.files, 'file')}, ${formatBytes(context.bytes)}`,
        isNew: whatIsNew(context),
        destination,
      })),
      moreImages: Math.max(0, images.length - SHOWN),
      ordered: new Set(images.map(({ order }) => order)).size > 1,
      pipeline,
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
  const fresh = images
    .filter(({ context }) => !context.stored)
    .reduce((sum, { context }) => sum + context.bytes, 0);
  const upload = fresh === 0 ? 'store nothing new' : `store ${formatBytes(fresh)}`;
  const waves = new Set(images.map(({ order }) => order)).size;
  const first = waves > 1 ? `in ${waves} steps` : 'side by side';
  const atOnce = images.length > parallelism ? `, ${parallelism} at once` : '';
  const how = images.length > 1 ? ` ${first}${atOnce}` : '';
  return `A build of ${at} would ${upload}, and build ${formatCount(images.length, 'image')}${how}. Nothing was started.`;
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
  const { steps, logs, others } = stepsView(build, context);
  const waiting = build.rows.find((row) => row.waiting !== undefined && row.state === 'pending');
  return tidy(
    renderMarkdown('status-answer', {
      text: `${emoji} ${text}`,
      steps,
      logs,
      others,
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

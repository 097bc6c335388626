import { enumerate } from '../../common/enumerate.js';
import { AS_CODE } from '../../generator/reuse/reason-text.js';
import type { DiffView } from '../../templates/comment-data.js';
import { renderMarkdown } from '../../templates/render.js';
import { formatCount } from '../../templates/units.js';
import { cutText } from './cut.js';
import { commandCode } from './view.js';

/** A build whose compiled pipeline is in the object store. Plain data. */
export interface CompiledBuild {
  readonly workflow: string;
  /** Full id. */
  readonly commit: string;
  /** Of the pipeline with its images pinned. */
  readonly objectKey: string;
}

/** What differs from the base branch. Plain data; texts are from the repository. */
export interface DiffAnswer {
  /** Full id. */
  readonly commit: string;
  readonly base: { readonly commit: string; readonly branch: string };
  /** The base branch has a configuration that can be read. */
  readonly isComparable: boolean;
  readonly images: readonly {
    readonly name: string;
    readonly kind: 'new' | 'removed' | 'unchanged' | 'changed';
    /** Why it changed: a clause in which `…` is code. */
    readonly reason?: string;
  }[];
  /** `name@sha256:…` of base images with another digest. */
  readonly bases: readonly { readonly image: string; readonly before: string; readonly now: string }[];
  readonly pipeline: PipelineDiff;
}

/** The lines of a diff that fit. */
export interface CutDiff {
  readonly text: string;
  /** Lines that were left out. */
  readonly left: number;
}

/** What differs in the pipeline. */
export type PipelineDiff =
  | (CutDiff & {
      readonly kind: 'compiled';
      readonly head: CompiledBuild;
      readonly earlier: CompiledBuild;
      /** Images with other digests. */
      readonly digests: readonly {
        readonly image: string;
        readonly before: string | undefined;
        readonly now: string | undefined;
      }[];
    })
  | (CutDiff & {
      readonly kind: 'source';
      /** Changed files. */
      readonly files: number;
      /** Why compiled pipelines aren't compared: that of the head or of the base is missing, or can't be read. */
      readonly missing: 'head' | 'base' | 'unread';
      /** Why they can't be read. */
      readonly unread?: string;
    });

/** Rows of each table. */
const ROWS = 20;
/** Characters of a diff, and of one of its lines: the answer then fits next to a build with many rows. */
const [CHARACTERS, LINE] = [7_000, 300];

/** The first lines of a diff. */
export function cutDiff(lines: readonly string[]): CutDiff {
  const kept: string[] = [];
  let room = CHARACTERS;
  for (const line of lines) {
    const text = cutText(line, LINE);
    room -= text.length + 1;
    if (room < 0) break;
    kept.push(text);
  }
  return { text: kept.join('\n'), left: lines.length - kept.length };
}

/**
 * The answer to `/diff`.
 *
 * @param redact - masks secrets in lines of files
 */
export function renderDiff(
  answer: DiffAnswer,
  { redact, prefix }: { readonly redact: (text: string) => string; readonly prefix: string | undefined },
): string {
  const { images, bases, pipeline } = answer;
  const changed = images.filter(({ kind }) => kind !== 'unchanged');
  const digests = pipeline.kind === 'compiled' ? pipeline.digests : [];
  return renderMarkdown('diff-answer', {
    summary: summaryOf(answer),
    images: changed.slice(0, ROWS).map(({ name, kind, reason }) => ({
      name,
      change: reason === undefined ? kind : redact(reason),
    })),
    bases: bases.slice(0, ROWS).map(({ image, before, now }) => ({
      image,
      before: shortReference(before),
      now: shortReference(now),
    })),
    digests: digests.slice(0, ROWS).map(({ image, before, now }) => ({
      image,
      before: before === undefined ? 'none' : shortDigest(before),
      now: now === undefined ? 'none' : shortDigest(now),
    })),
    more: [changed, bases, digests].reduce((sum, { length }) => sum + Math.max(0, length - ROWS), 0),
    pipeline: pipelineText(answer, redact),
    diff: diffOf(pipeline, redact),
    nextStep:
      pipeline.kind === 'source' && pipeline.missing === 'head'
        ? `Write ${commandCode('build', prefix)}, then ${commandCode('diff', prefix)} again.`
        : undefined,
  })
    .replace(/\n{3,}/g, '\n\n')
    .trim();
}

function summaryOf({ base, images, isComparable }: DiffAnswer): string {
  const count = (kind: DiffAnswer['images'][number]['kind']): number =>
    images.filter((image) => image.kind === kind).length;
  const parts = (['new', 'changed', 'removed', 'unchanged'] as const).flatMap((kind) => {
    const many = count(kind);
    return many === 0 ? [] : [`${formatCount(many, 'image')} ${many === 1 ? 'is' : 'are'} ${kind}`];
  });
  const against = `${branchAt(base)}${isComparable ? '' : ', whose configuration can’t be read'}`;
  const what = parts.length === 0 ? 'there are no images' : enumerate(parts);
  return `Compared with ${against}, ${what}. Nothing was started.`;
}

function branchAt({ branch, commit }: DiffAnswer['base']): string {
  return `${code(branch)} at \`${commit.slice(0, 12)}\``;
}

function pipelineText({ base, commit, pipeline }: DiffAnswer, redact: (text: string) => string): string {
  if (pipeline.kind === 'compiled') {
    const { head, earlier, text, digests } = pipeline;
    const what = `the compiled pipeline of \`${head.workflow}\` (\`${head.commit.slice(0, 12)}\`) with that of \`${earlier.workflow}\` (\`${earlier.commit.slice(0, 12)}\`)`;
    if (text === '')
      return `Nothing${digests.length > 0 ? ' but digests of images' : ''} differs if you compare ${what}.`;
    return `The diff compares ${what}. It leaves out digests of images.`;
  }
  const files =
    pipeline.files === 0
      ? 'No file of the pipeline’s source code changed.'
      : `${formatCount(pipeline.files, 'file')} of the pipeline’s source code changed.`;
  return `${files} ${whyNotCompiled(pipeline, base, commit, redact)}`;
}

function whyNotCompiled(
  { missing, unread = '' }: Extract<PipelineDiff, { kind: 'source' }>,
  base: DiffAnswer['base'],
  commit: string,
  redact: (text: string) => string,
): string {
  switch (missing) {
    case 'head':
      return `The compiled pipeline is compared once a build of \`${commit.slice(0, 12)}\` has compiled it.`;
    case 'base':
      return `The compiled pipeline isn’t compared: there is no build of ${branchAt(base)} that has compiled it.`;
    case 'unread':
      return `The compiled pipelines can’t be compared. ${redact(unread)}`;
  }
}

function diffOf(pipeline: PipelineDiff, redact: (text: string) => string): DiffView['diff'] {
  const { text, left, kind } = pipeline;
  if (text === '') return undefined;
  const cut = left === 0 ? '' : `, without its last ${formatCount(left, 'line')}`;
  const title = `${kind === 'compiled' ? 'Diff of the compiled pipeline' : 'Diff of the source code'}${cut}`;
  return { title, text: redact(text) };
}

function code(text: string): string {
  return AS_CODE.name?.(cutText(text, 100)) ?? text;
}

/** `sha256:1234567890ab` */
function shortDigest(digest: string): string {
  return digest.slice(0, 19);
}

/** `python:3.11@sha256:1234567890ab` */
function shortReference(reference: string): string {
  const at = reference.lastIndexOf('@');
  return `${cutText(reference.slice(0, at), 100)}@${shortDigest(reference.slice(at + 1))}`;
}

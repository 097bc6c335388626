import { lastOf } from '../../schema/cut.js';
import { formatCount } from '../../templates/units.js';
import type { BuildReason, ImageDecision } from './decision.js';

/** Files that are named; the others are counted. */
const NAMED_FILES = 2;
/** Characters of a file's path, an image's name or another given text. */
const LONGEST_GIVEN = 100;
/** Characters of what a registry said. */
const LONGEST_WHY = 200;
/** Digits of a commit, as GitHub shows it. */
const SHORT_COMMIT = 7;

/** How a decision is put into words. */
export interface ReasonStyle {
  /** Wraps what is given by a repository or a registry: a path, an image, a commit. Default: as it is. */
  readonly name?: (text: string) => string;
  /** Say what a registry said, which can be long. Default: false. */
  readonly why?: boolean;
}

/** For {@link markdownProse}: given texts are code. */
export const AS_CODE: ReasonStyle = { name: (text) => `\`${text.replaceAll('`', '’')}\`` };

/**
 * Why an image is built, or since when it is unchanged, as one clause: `base python:3.11 has a new digest`. The text has
 * parts from a repository and from registries; escape it for where it is shown.
 */
export function decisionText(decision: ImageDecision, style: ReasonStyle = {}): string {
  return decision.action === 'build'
    ? reasonText(decision.reason, style)
    : unchangedText(decision.revision, style);
}

/** Whether a registry was asked, or somebody wanted the build: there is a reason to show. */
export function isDecided(decision: ImageDecision): boolean {
  return decision.action === 'reuse' || decision.reason.kind !== 'not-asked';
}

/**
 * `unchanged since abc1234`; `unchanged` if the commit isn't known.
 *
 * @param revision - full id of the commit that the image was built from
 */
export function unchangedText(revision: string | undefined, { name = same }: ReasonStyle = {}): string {
  return revision === undefined ? 'unchanged' : `unchanged since ${name(shortCommit(revision))}`;
}

/** The first digits of a commit, as GitHub shows it. */
export function shortCommit(revision: string): string {
  return revision.slice(0, SHORT_COMMIT);
}

function reasonText(reason: BuildReason, { name = same, why = false }: ReasonStyle): string {
  const given = (text: string): string => name(cut(text));
  const because = (text: string): string => (why ? `: ${text.slice(0, LONGEST_WHY)}` : '');
  switch (reason.kind) {
    case 'forced':
      return name('--force');
    case 'absent':
      return 'not in the registry';
    case 'files':
      return filesText(reason.files, given);
    case 'option':
      return `${cut(reason.option)} changed`;
    case 'base-moved':
      return `base ${given(reason.base)} has a new digest`;
    case 'base-built':
      return `builds on ${given(reason.image)}, which is built`;
    case 'base-rebuilt':
      return `${given(reason.image)}, which it builds on, was built again`;
    case 'base-unknown':
      return `the digest of base ${given(reason.base)} is unknown${because(reason.why)}`;
    case 'registry':
      return `can’t look it up in the registry${because(reason.why)}`;
    case 'label':
      return 'label has another key';
    case 'no-label':
      return 'the image in the registry has no label of Kfops';
    case 'age':
      return `older than ${ageText(reason.rebuildAfter)}`;
    case 'age-unknown':
      return 'its age is unknown';
    case 'not-asked':
      return 'the registry wasn’t asked';
  }
}

/** `3 files changed since the base branch: requirements.txt, train.py, …` */
function filesText(files: readonly string[], given: (path: string) => string): string {
  const changed = `${formatCount(files.length, 'file')} changed since the base branch`;
  if (files.length === 0) return 'files changed since the base branch';
  const named = files.slice(0, NAMED_FILES).map(given);
  return `${changed}: ${[...named, ...(files.length > NAMED_FILES ? ['…'] : [])].join(', ')}`;
}

const UNITS = [
  [86_400, 'day'],
  [3_600, 'hour'],
  [60, 'minute'],
] as const;

/** In the largest unit that divides it: `7 days`, `36 hours`. */
function ageText(seconds: number): string {
  const unit = UNITS.find(([length]) => seconds % length === 0);
  return unit ? formatCount(seconds / unit[0], unit[1]) : formatCount(seconds, 'second');
}

/** The end of a path says more than its start. */
function cut(text: string): string {
  return text.length <= LONGEST_GIVEN ? text : `…${lastOf(text, LONGEST_GIVEN)}`;
}

function same(text: string): string {
  return text;
}

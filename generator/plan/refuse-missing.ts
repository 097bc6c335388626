import { WorkError } from '../../schema/index.js';
import type { Project } from '../project/project.js';
import type { BuildReason } from '../reuse/decision.js';
import { decisionText } from '../reuse/reason-text.js';

/** An image that was not asked for and can't be reused. */
export interface MissingImage {
  readonly name: string;
  readonly reason: BuildReason;
}

/**
 * Refuses a choice of images if others, which the pipeline needs too, can't be reused.
 *
 * @param howToAsk - see `ReuseOptions`
 * @throws WorkError that says why, for each of them
 */
export function refuseMissing(
  missing: readonly MissingImage[],
  project: Pick<Project, 'isFork' | 'settings'>,
  howToAsk?: string,
): void {
  if (missing.length === 0) return;
  if (missing.some(({ reason }) => reason.kind === 'not-asked')) {
    const { why, fix } = notAsked(project, howToAsk);
    throw new WorkError(
      `Without looking into the registries, images can’t be chosen: the pipeline also needs ${quoted(missing)}${why}.`,
      `${fix === undefined ? 'B' : `${fix}, or b`}uild without names.`,
    );
  }
  const texts = missing.map(({ reason }) => reasonOf(reason));
  const reasons = [...new Set(texts)].map(
    (text) => `${quoted(missing.filter((_, index) => texts[index] === text))} (${text})`,
  );
  const add = `dd them (\`${missing.map(({ name }) => name).join(' ')}\`), or build without names.`;
  throw new WorkError(
    `The pipeline needs all images, and of those that were not asked for these can’t be reused: ${reasons.join(', ')}.`,
    missing.some(({ reason }) => reason.kind === 'registry')
      ? `Try again when the registry answers. Or a${add}`
      : `A${add}`,
  );
}

function notAsked(
  { isFork, settings }: Pick<Project, 'isFork' | 'settings'>,
  howToAsk: string | undefined,
): { readonly why: string; readonly fix: string | undefined } {
  if (isFork === true) return { why: ', and the build of a fork reuses none', fix: undefined };
  if (!settings.build.reuse)
    return { why: ', and `build.reuse` is false in the settings', fix: 'Set `build.reuse: true`' };
  return { why: '', fix: howToAsk };
}

/** An older image can be in the registry. */
function reasonOf(reason: BuildReason): string {
  return reason.kind === 'absent'
    ? 'not in the registry in this version'
    : decisionText({ action: 'build', reason }, { why: true });
}

function quoted(images: readonly MissingImage[]): string {
  return images.map(({ name }) => `\`${name}\``).join(', ');
}

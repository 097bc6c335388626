import { formatBytes } from '../common/bytes.js';
import type { PlannedImage } from '../generator/plan/plan-types.js';
import { KEY_LABEL } from '../generator/reuse/labels.js';
import { decisionText, isDecided } from '../generator/reuse/reason-text.js';
import { escapeTerminal } from '../templates/escape.js';
import type { Style } from '../templates/style.js';
import { formatCount } from '../templates/units.js';
import { wrapLines } from '../templates/wrap.js';
import { type Column, cutEnd, cutMiddle, table, widthOf } from './output/table.js';

/** Characters of an image's name that are shown. */
const LONGEST_NAME = 40;
/** Digits of a key that are shown. */
const SHOWN_DIGITS = 12;

/**
 * How many images there are, or are built and reused, and what their contexts hold: `1 of 12 images to build, 11 reused; 45 files,
 * 1.2 MiB`. Contexts that several images share are stored once, and count once.
 */
export function imagesSummary(images: readonly PlannedImage[]): string {
  const built = images.filter(({ decision }) => decision.action === 'build');
  const contexts = [...new Map(built.map(({ context }) => [context.key, context])).values()];
  const files = contexts.reduce((sum, { entries }) => sum + entries.length, 0);
  const bytes = contexts.reduce((sum, context) => sum + context.bytes, 0);
  const shared = contexts.length < built.length ? ` in ${formatCount(contexts.length, 'context')}` : '';
  const size = `${formatCount(files, 'file')}, ${formatBytes(bytes)}`;
  if (built.length === images.length) return `${formatCount(images.length, 'image')}${shared}, ${size}`;
  if (built.length === 0)
    return images.length === 1
      ? 'the image is reused'
      : `all ${formatCount(images.length, 'image')} are reused`;
  const reused = images.length - built.length;
  return `${built.length} of ${formatCount(images.length, 'image')} to build${shared}, ${reused} reused; ${size}`;
}

/**
 * Lines for each image: `build` or `reuse` with the reason, and for an image that is built its context and destination.
 * No reasons where no registry was asked.
 *
 * @param width - in characters; no line is longer
 */
export function imageLines(images: readonly PlannedImage[], width: number, style: Style): string[] {
  const built = images.filter(({ decision }) => decision.action === 'build');
  const reasons = images.some(({ decision }) => isDecided(decision));
  const details = detailLines(built, !reasons, width, style);
  if (!reasons) return details.flat();
  const heads = table(
    [{ max: LONGEST_NAME }, {}],
    images.map(({ name, decision }) => [escapeTerminal(name), decision.action]),
  );
  return images.flatMap((image, at) => {
    const { decision } = image;
    const text = `${heads[at] ?? ''}  ${escapeTerminal(decisionText(decision, { why: true }))}`;
    const lines = wrapLines(text, width)
      .split('\n')
      .map((line) => cutEnd(line, width));
    return decision.action === 'reuse'
      ? lines.map(style.dim)
      : [...lines, ...(details[built.indexOf(image)] ?? [])];
  });
}

/**
 * What is built from which context, and where it goes: one line for each image if that fits for all, else two.
 *
 * @param named - begins with the image's name; else it is indented below that
 */
function detailLines(
  built: readonly PlannedImage[],
  named: boolean,
  width: number,
  style: Style,
): string[][] {
  const columns: readonly Column[] = [{ align: 'right' }, { align: 'right' }, {}];
  const indent = named ? '' : '  ';
  const facts = table(
    named ? [{ max: LONGEST_NAME }, ...columns] : columns,
    built.map((image) => [
      ...(named ? [escapeTerminal(image.name)] : []),
      formatCount(image.context.entries.length, 'file'),
      formatBytes(image.context.bytes),
      keyText(image),
    ]),
  ).map((line) => indent + line);
  const destinations = built.map(({ repository, tag }) => escapeTerminal(`${repository}:${tag}`));
  const arrow = style.dim('→');
  const isOneLine = widthOf(facts) + widthOf(destinations) + 4 <= width;
  return facts.map((line, at) => {
    const destination = destinations[at] ?? '';
    return isOneLine
      ? [`${line}  ${arrow} ${destination}`]
      : [cutMiddle(line, width), `  ${arrow} ${cutMiddle(destination, width - 4)}`];
  });
}

/** The first digits of the image's key; of its context's, where the key of the image isn't known. */
function keyText({ labels, context }: PlannedImage): string {
  const label = labels.find(({ name }) => name === KEY_LABEL);
  const [what, key] = label && 'value' in label ? ['key', label.value] : ['context', context.key];
  return `${what} ${key.slice(0, SHOWN_DIGITS)}`;
}

import type { PinReport } from '../pipeline/pin.js';
import { escapeTerminal } from '../templates/escape.js';
import type { Style } from '../templates/style.js';
import { formatCount } from '../templates/units.js';

/** What was pinned, what was not, and why, for a person. */
export function pinText(
  report: PinReport,
  { output, withImages }: { readonly output: string; readonly withImages: boolean },
  style: Style,
): string {
  const { pinned, already, other, dynamic, unused } = report;
  const steps = pinned.length + already.length + other.length + dynamic.length;
  const to = output === '-' ? '' : ` to ${style.bold(escapeTerminal(output))}`;
  const lines = [`${style.green('✓')} compiled${to}: ${formatCount(steps, 'step')} with an image`];
  const line = (label: string, executor: string, image: string, note = ''): void => {
    lines.push(`  ${label} ${escapeTerminal(executor)}  ${escapeTerminal(image)}${note}`);
  };
  for (const { executor, reference } of [...pinned, ...already])
    line(style.green('pinned '), executor, reference);
  for (const { executor, image, suspicious, near } of other) {
    const doubt = `${style.yellow('←')} not an image of this build${near === undefined ? '' : `; is ${near} meant?`}`;
    line(style.dim('as it is'), executor, image, suspicious ? `  ${doubt}` : '');
  }
  for (const { executor } of dynamic)
    line(style.yellow('dynamic'), executor, 'is decided by a parameter at run time');
  for (const name of unused) lines.push(`  ${style.yellow('unused ')} ${name}: no step has this image`);
  if (!withImages) lines.push('Nothing was pinned: --images names the images of a build.');
  return lines.join('\n');
}

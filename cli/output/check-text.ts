import type { Check } from '../../argo/doctor/doctor.js';
import { escapeTerminal } from '../../templates/escape.js';
import { wrapLines } from '../../templates/wrap.js';
import type { Printer } from '../session.js';
import { wrapCommand } from '../shell.js';

/** One check for a person: what was looked at, what was found, and what to do where it is not ok. */
export function checkText(
  { name, state, found, nextStep }: Check,
  { style, columns }: Pick<Printer, 'style' | 'columns'>,
): string {
  const marks = { ok: style.green('✓'), problem: style.red('✗'), unknown: style.yellow('?') };
  // Further lines are what another program said.
  const lines = found.split('\n').map(escapeTerminal).join('\n  ');
  const head = `${marks[state]} ${style.bold(escapeTerminal(name))}  ${lines}`;
  if (nextStep === undefined) return wrapLines(head, columns);
  const [first = '', ...commands] = nextStep.split('\n').map(escapeTerminal);
  return [
    wrapLines(head, columns),
    wrapLines(`  ${style.cyan('→')} ${first}`, columns),
    ...commands.flatMap((line) => wrapCommand(`      ${line}`, columns)),
  ].join('\n');
}

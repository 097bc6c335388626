import type { Check } from '../../argo/doctor.js';
import { escapeTerminal } from '../../templates/escape.js';
import type { Style } from '../../templates/style.js';

/** One check for a person: what was looked at, what was found, and what to do where it is not ok. */
export function checkText({ name, state, found, nextStep }: Check, style: Style): string {
  const marks = { ok: style.green('✓'), problem: style.red('✗'), unknown: style.yellow('?') };
  const head = `${marks[state]} ${style.bold(escapeTerminal(name))}  ${escapeTerminal(found)}`;
  if (nextStep === undefined) return head;
  const [first = '', ...more] = nextStep.split('\n').map(escapeTerminal);
  return [head, `  ${style.cyan('→')} ${first}`, ...more.map((line) => `      ${line}`)].join('\n');
}

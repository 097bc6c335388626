import { formatDuration } from '../../common/duration.js';
import type { ListedWorkflow } from '../../argo/workflows/read.js';
import { escapeTerminal } from '../../templates/escape.js';
import type { Style } from '../../templates/style.js';
import { lookOf } from './steps.js';
import { cutMiddle, table, widthOf } from './table.js';

/** Of more workflows than this the latest are shown. */
const SHOWN = 20;

/** Workflows for a person, the latest first. */
export function listText(
  list: readonly ListedWorkflow[],
  namespace: string,
  { now, columns, style }: { readonly now: number; readonly columns: number; readonly style: Style },
): string {
  if (list.length === 0) return `No workflows of kfops in ${namespace}.`;
  const shown = list.slice(0, SHOWN);
  const looks = shown.map(({ phase }) => lookOf(stateOf(phase), style));
  const facts = table(
    [{}, {}, { align: 'right' }],
    shown.map(({ name, created }, at) => [
      escapeTerminal(name),
      looks[at]?.word ?? '',
      `${formatDuration(now - created.getTime())} ago`,
    ]),
  );
  const room = columns - widthOf(facts) - 4;
  const lines = shown.map(({ title }, at) => {
    const { mark, paint } = looks[at] ?? lookOf('pending', style);
    const what = room < 12 ? '' : `  ${style.dim(cutMiddle(escapeTerminal(title), room))}`;
    return `${paint(mark)} ${facts[at] ?? ''}${what}`;
  });
  const more = list.length - shown.length;
  if (more > 0) lines.push(style.dim(`… ${more} earlier ones; --json lists them all`));
  return lines.join('\n');
}

/** Argo's word for a whole workflow; it tells `error` from `failed`. */
function stateOf(phase: string): 'succeeded' | 'running' | 'failed' | 'pending' {
  if (phase === 'succeeded' || phase === 'running') return phase;
  return phase === 'failed' || phase === 'error' ? 'failed' : 'pending';
}

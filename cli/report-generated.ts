import { formatBytes } from '../common/bytes.js';
import type { Plan } from '../generator/plan/plan-types.js';
import type { Settings } from '../schema/index.js';
import { escapeTerminal } from '../templates/escape.js';
import { renderText } from '../templates/render.js';
import { formatCount } from '../templates/units.js';
import { nextSteps } from './next-steps.js';
import { type Printer, type Session, say } from './session.js';

/** What `kfops generate` made. */
export interface Generated {
  readonly plan: Plan;
  readonly settings: Settings;
  readonly namespace: string;
  readonly output: string;
  readonly uploaded: boolean;
  /** Absent when contexts were not to be stored. */
  readonly store:
    | { readonly place: string; readonly stored?: number; readonly already?: number; readonly bytes?: number }
    | undefined;
}

/** Says what was made, and what to do next where a person is looking at it. */
export function reportGenerated(session: Session, made: Generated, report: Printer): void {
  const { io, style, argv } = session;
  const { store, output } = made;
  const done = report.style.green('✓');
  if (store) report.print(`${done} ${storedText(store)}`);
  else {
    say(
      session,
      `${style.yellow('!')} The contexts were not stored: --upload puts them where the cluster looks for them, --contexts DIR into a folder.`,
    );
  }
  if (output !== '-') report.print(`${done} Wrote ${escapeTerminal(output)}`);
  // In a pipe the next step is being done already.
  if (output === '-' && io.stdout.isTTY !== true) return;
  say(session);
  const steps = nextSteps({ ...made, argv, env: io.env, columns: io.columns });
  say(session, renderText('next-steps', steps, style, io.columns).trimEnd());
}

/** How many contexts were stored where. */
export function storedText({
  place,
  stored = 0,
  already = 0,
  bytes = 0,
}: NonNullable<Generated['store']>): string {
  const there = already === 0 ? '' : `, ${already} there already`;
  return `Stored ${formatCount(stored, 'context')} (${formatBytes(bytes)})${there} in ${escapeTerminal(place)}`;
}

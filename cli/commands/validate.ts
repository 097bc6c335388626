import type { Command } from 'commander';

import { help } from '../help.js';
import { type ProjectFlags, projectOptions } from '../options.js';
import { type Session, say } from '../session.js';

/** `kfops validate`: whether the configuration and all that it points at are right. */
export function defineValidate(program: Command, session: Session): void {
  const command = projectOptions(
    program.command('validate').description('Check both configuration files and everything they point at.'),
  ).action((dir: string, flags: ProjectFlags) => validate(session, dir, flags));
  help(command, [
    ['kfops validate', 'the repository in this folder'],
    ['kfops validate --commit origin/main', 'as it is at a commit'],
    ['kfops validate --settings cluster.yaml', 'against the settings of your cluster'],
  ]);
}

async function validate(session: Session, dir: string, flags: ProjectFlags): Promise<void> {
  const [{ loadPlan }, { diagnosticsText }, { formatCount }] = await Promise.all([
    import('../load-plan.js'),
    import('../output/diagnostics.js'),
    import('../../templates/units.js'),
  ]);
  const { style } = session;
  const { plan, warnings } = await loadPlan(session.io, dir, flags);
  const images = plan.images.length === 0 ? 'no images' : formatCount(plan.images.length, 'image');
  const doubts = warnings.length === 0 ? '' : `, ${formatCount(warnings.length, 'warning')}`;
  if (warnings.length > 0) say(session, `${diagnosticsText(session, warnings)}\n`);
  say(session, `${style.green('✓')} valid: ${images}, pipeline ${style.bold(plan.pipeline.path)}${doubts}`);
}

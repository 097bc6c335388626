import type { Command } from 'commander';

import { help } from '../help.js';
import type { NamespaceFlags } from '../options.js';
import type { Session } from '../session.js';
import { workflowVerb } from '../workflow-argument.js';

/** `kfops watch`: follows a workflow to its end. */
export function defineWatch(program: Command, session: Session): void {
  const command = workflowVerb(
    program,
    'watch',
    'Follow a workflow to its end; the exit code tells how it ended.',
  ).action((name: string | undefined, flags: NamespaceFlags) => watch(session, name, flags));
  help(command, [
    ['kfops watch', 'the newest workflow of this repository'],
    ['kfops watch kfops-iris-x7k2p', 'as `kfops build --wait` would'],
    ['kfops watch kfops-iris-x7k2p && ./deploy.sh', 'continue only if it succeeded'],
  ]);
}

async function watch(session: Session, named: string | undefined, flags: NamespaceFlags): Promise<void> {
  const [{ openWorkflow }, { followWorkflow }] = await Promise.all([
    import('../open-workflow.js'),
    import('../follow-workflow.js'),
  ]);
  const { cluster, name } = await openWorkflow(session, named, flags);
  session.exitCode = await followWorkflow(session, cluster, name);
}

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
  ).action((name: string, flags: NamespaceFlags) => watch(session, name, flags));
  help(command, [
    ['kfops watch kfops-iris-x7k2p', 'as `kfops build --wait` would'],
    ['kfops watch kfops-iris-x7k2p && ./deploy.sh', 'continue only if it succeeded'],
  ]);
}

async function watch(session: Session, name: string, flags: NamespaceFlags): Promise<void> {
  const [{ openCluster }, { followWorkflow }] = await Promise.all([
    import('../cluster.js'),
    import('../follow-workflow.js'),
  ]);
  session.exitCode = await followWorkflow(session, await openCluster(session, flags), name);
}

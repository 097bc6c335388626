import type { Command } from 'commander';

import { ExitCode } from '../exit.js';
import { help } from '../help.js';
import { commandLine } from '../invocation.js';
import type { NamespaceFlags } from '../options.js';
import { type Session, say } from '../session.js';
import { workflowVerb } from '../workflow-argument.js';

/** `kfops cancel`: stops a workflow. */
export function defineCancel(program: Command, session: Session): void {
  const command = workflowVerb(program, 'cancel', 'Stop a workflow, and wait until none of its pods runs.', {
    isNameRequired: true,
  }).action((name: string, flags: NamespaceFlags) => cancel(session, name, flags));
  help(command, [
    ['kfops cancel kfops-iris-x7k2p', 'stop it'],
    ['kfops cancel @latest', 'stop the newest workflow of this repository'],
    ['kfops retry kfops-iris-x7k2p', 'later: continue with what was not built'],
  ]);
}

async function cancel(session: Session, named: string, flags: NamespaceFlags): Promise<void> {
  const [{ openWorkflow }, { stopWorkflow }, { WorkError }] = await Promise.all([
    import('../open-workflow.js'),
    import('../../argo/workflows/stop.js'),
    import('../../schema/errors.js'),
  ]);
  const { io, style } = session;
  const { cluster, name } = await openWorkflow(session, named, flags);
  const { client, namespace } = cluster;
  const outcome = await stopWorkflow(client, namespace, name, { signal: io.interrupted });
  switch (outcome) {
    case 'stopped':
      say(session, `${style.green('✓')} Stopped ${style.bold(name)}; none of its pods runs`);
      break;
    case 'was finished':
      say(
        session,
        `${style.yellow('!')} ${style.bold(name)} was finished already: ${commandLine(session, 'status', [], [name])}`,
      );
      break;
    case 'was gone':
      throw new WorkError(
        `there is no workflow ${name} in the namespace ${namespace}`,
        '`kfops status --all` lists those that are there',
      );
  }
  session.exitCode = ExitCode.Done;
}

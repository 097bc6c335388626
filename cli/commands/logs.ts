import type { Command } from 'commander';

import { WorkError } from '../../schema/errors.js';
import { help } from '../help.js';
import type { NamespaceFlags } from '../options.js';
import type { Session } from '../session.js';
import { LAST_STEPS, LATEST, workflowVerb } from '../workflow-argument.js';

type Flags = NamespaceFlags & { readonly follow?: true };

/** `kfops logs`: what the steps of a workflow print. */
export function defineLogs(program: Command, session: Session): void {
  const command = workflowVerb(program, 'logs', 'Print the logs of a workflow’s steps, or of one of them.')
    .argument(
      '[IMAGE]',
      'an image of the configuration, or `tag`, `compile`, `publish` or `run`; default: all, each line with its step',
    )
    .option('-f, --follow', 'follow until the workflow ends')
    .action((name: string | undefined, image: string | undefined, flags: Flags) =>
      logs(session, name, image, flags),
    );
  help(command, [
    ['kfops logs', 'of all steps of the newest workflow of this repository'],
    ['kfops logs kfops-iris-x7k2p', 'of all steps of this one'],
    ['kfops logs @latest trainer', 'of one image in the newest one'],
    ['kfops logs kfops-iris-x7k2p trainer -f', 'of one image, as it is built'],
  ]);
}

async function logs(
  session: Session,
  named: string | undefined,
  image: string | undefined,
  flags: Flags,
): Promise<void> {
  const [{ openWorkflow }, { followLogs, printLogs }] = await Promise.all([
    import('../open-workflow.js'),
    import('../workflow-logs.js'),
  ]);
  const { cluster, name } = await openWorkflow(session, named, flags);
  try {
    await (flags.follow ? followLogs : printLogs)(session, cluster, name, image);
  } catch (error) {
    if (!(error instanceof WorkError) || image !== undefined || !(await isStep(session, name))) throw error;
    throw new WorkError(
      error.message,
      `\`kfops logs ${LATEST} ${name}\` prints the log of ${name} in the newest workflow`,
    );
  }
}

/** Whether somebody who wrote this as the name of a workflow meant a step. */
async function isStep({ io }: Session, name: string): Promise<boolean> {
  const { configHere } = await import('../repository-here.js');
  return [...LAST_STEPS, ...(configHere(io.cwd)?.images ?? [])].includes(name);
}

import type { Command } from 'commander';

import { help } from '../help.js';
import { completeCommands } from '../invocation.js';
import type { NamespaceFlags } from '../options.js';
import { type Session, stdoutPrinter } from '../session.js';
import { workflowVerb } from '../workflow-argument.js';

type Flags = NamespaceFlags & { readonly all?: true; readonly json?: true };

/** `kfops status`: one workflow, or those that there are. */
export function defineStatus(program: Command, session: Session): void {
  const command = workflowVerb(program, 'status', 'Show the status of a workflow, or list the latest ones.')
    .option('--all', 'list the latest workflows of the namespace, of all repositories')
    .option('--json', 'print JSON')
    .action((name: string | undefined, flags: Flags) =>
      flags.all ? list(session, name, flags) : status(session, name, flags),
    );
  help(command, [
    ['kfops status', 'the newest workflow of this repository'],
    ['kfops status kfops-iris-x7k2p', 'its steps, and why those that failed did'],
    ['kfops status --all', 'the latest workflows of the namespace'],
    ["kfops status kfops-iris-x7k2p --json | jq -r '.images[].digest'", 'for a script'],
  ]);
}

/** Lists workflows, the latest first. */
async function list(session: Session, name: string | undefined, flags: Flags): Promise<void> {
  if (name !== undefined) session.command?.error(`error: '--all' cannot be used with the name '${name}'`);
  const [{ openCluster }, { listWorkflows }, { listText }, { KFOPS_SELECTOR }] = await Promise.all([
    import('../cluster.js'),
    import('../../argo/workflows/read.js'),
    import('../output/list-text.js'),
    import('../../generator/workflow/names.js'),
  ]);
  const { client, namespace } = await openCluster(session, flags);
  const found = await listWorkflows(client, namespace, KFOPS_SELECTOR);
  const { columns, style } = stdoutPrinter(session);
  await write(session, flags, found, () => listText(found, namespace, { now: Date.now(), columns, style }));
}

/** Shows one workflow. */
async function status(session: Session, named: string | undefined, flags: Flags): Promise<void> {
  const [{ openWorkflow }, { readWorkflow }, { explainedResult }, { resultText }] = await Promise.all([
    import('../open-workflow.js'),
    import('../../argo/workflows/read.js'),
    import('../../argo/logs/logs.js'),
    import('../output/result-text.js'),
  ]);
  const { cluster, name } = await openWorkflow(session, named, flags);
  const { client, namespace, settings } = cluster;
  const workflow = await readWorkflow(client, namespace, name, session.io.interrupted);
  const result = await explainedResult(client, workflow);
  await write(session, flags, result, () =>
    resultText(
      result,
      {
        now: Date.now(),
        kfpUrl: settings.kfp?.url,
        complete: (hint) => completeCommands(session, hint),
      },
      stdoutPrinter(session).style,
    ),
  );
}

async function write({ io }: Session, { json }: Flags, data: unknown, text: () => string): Promise<void> {
  const { writeOutput } = await import('../output/file.js');
  await writeOutput(io, '-', `${json ? JSON.stringify(data, undefined, 2) : text()}\n`);
}

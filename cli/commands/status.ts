import type { Command } from 'commander';

import { help } from '../help.js';
import { completeCommands } from '../invocation.js';
import { dnsLabel, namespaceOptions, type NamespaceFlags } from '../options.js';
import { type Session, stdoutPrinter } from '../session.js';

type Flags = NamespaceFlags & { readonly json?: true };

/** `kfops status`: one workflow, or those that there are. */
export function defineStatus(program: Command, session: Session): void {
  const command = namespaceOptions(
    program
      .command('status')
      .description('Show the status of a workflow; without a name, list the latest workflows.'),
  )
    .argument('[NAME]', 'name of the workflow', dnsLabel)
    .option('--json', 'print JSON')
    .action((name: string | undefined, flags: Flags) => status(session, name, flags));
  help(command, [
    ['kfops status', 'the latest workflows of the namespace'],
    ['kfops status kfops-iris-x7k2p', 'its steps, and why those that failed did'],
    ["kfops status kfops-iris-x7k2p --json | jq -r '.images[].digest'", 'for a script'],
  ]);
}

async function status(session: Session, name: string | undefined, flags: Flags): Promise<void> {
  const [{ openCluster }, { writeOutput }] = await Promise.all([
    import('../cluster.js'),
    import('../output/file.js'),
  ]);
  const { io } = session;
  const { client, namespace, settings } = await openCluster(session, flags);
  const { columns, style } = stdoutPrinter(session);
  const write = (data: unknown, text: () => string): Promise<void> =>
    writeOutput(io, '-', `${flags.json ? JSON.stringify(data, undefined, 2) : text()}\n`);

  if (name === undefined) {
    const [{ listWorkflows }, { listText }, { KFOPS_SELECTOR }] = await Promise.all([
      import('../../argo/workflows/read.js'),
      import('../output/list-text.js'),
      import('../../generator/workflow/names.js'),
    ]);
    const list = await listWorkflows(client, namespace, KFOPS_SELECTOR);
    await write(list, () => listText(list, namespace, { now: Date.now(), columns, style }));
    return;
  }
  const [{ readWorkflow }, { explainedResult }, { resultText }] = await Promise.all([
    import('../../argo/workflows/read.js'),
    import('../../argo/logs/logs.js'),
    import('../output/result-text.js'),
  ]);
  const result = await explainedResult(client, await readWorkflow(client, namespace, name, io.interrupted));
  await write(result, () =>
    resultText(
      result,
      {
        now: Date.now(),
        kfpUrl: settings.kfp?.url,
        complete: (hint) => completeCommands(session, hint),
      },
      style,
    ),
  );
}

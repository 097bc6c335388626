import type { Command } from 'commander';

import type { ImageResult } from '../../generator/results/result.js';
import { help } from '../help.js';
import { commandLine } from '../invocation.js';
import type { NamespaceFlags } from '../options.js';
import { type Session, say } from '../session.js';
import { workflowVerb } from '../workflow-argument.js';

type Flags = NamespaceFlags & { readonly wait?: true; readonly new?: true };

/** `kfops retry`: lets Argo continue a workflow, or submits a new one for what it has left undone. */
export function defineRetry(program: Command, session: Session): void {
  const command = workflowVerb(
    program,
    'retry',
    'Do again what failed in a finished workflow: within it where the settings name Argo’s server (argo.server), else in a new one. Images that are built already are not built again.',
  )
    .option('--new', 'create a new workflow even if the settings name Argo’s server')
    .option('--wait', 'follow it to its end; the exit code shows the result')
    .action((name: string | undefined, flags: Flags) => retry(session, name, flags));
  help(command, [
    ['kfops retry', 'the newest workflow of this repository'],
    ['kfops retry kfops-iris-x7k2p --wait', 'after a registry was down, say'],
    ['kfops build --wait', 'instead, when files have changed: a retry builds the same ones'],
  ]);
}

async function retry(session: Session, named: string | undefined, flags: Flags): Promise<void> {
  const [
    { openWorkflow },
    { readWorkflow },
    { explainedResult },
    { retryWorkflow },
    { whyAnew },
    { workflowRunner },
    { retried },
    { reportSubmittedRun },
  ] = await Promise.all([
    import('../open-workflow.js'),
    import('../../argo/workflows/read.js'),
    import('../../argo/logs/logs.js'),
    import('../../argo/retry/retry.js'),
    import('../../argo/retry/retry-in-place.js'),
    import('../../argo/workflows/runner.js'),
    import('../retry-in-place.js'),
    import('../submit.js'),
  ]);
  const { WorkError } = await import('../../schema/errors.js');
  const { io, style } = session;
  const { cluster, name } = await openWorkflow(session, named, flags);
  const { client, namespace, settings } = cluster;
  const workflow = await readWorkflow(client, namespace, name, io.interrupted);
  const result = await explainedResult(client, workflow);
  if (result.phase === 'succeeded') {
    say(session, `${style.green('✓')} ${style.bold(name)} succeeded: nothing is left to do`);
    return;
  }
  if (result.phase === 'unknown')
    throw new WorkError(`the outcome of ${name} is unknown: ${result.problem ?? ''}`, result.nextStep);
  const line = (verb: string): string => commandLine(session, verb, [], [name]);
  if (result.phase === 'running' || result.phase === 'pending') {
    throw result.stopping
      ? new WorkError(`the workflow ${name} is stopping`, `retry it once it has stopped (${line('watch')})`)
      : new WorkError(
          `the workflow ${name} still runs`,
          `wait for its end (${line('watch')}), or stop it first (${line('cancel')})`,
        );
  }
  const isThere = ({ state }: ImageResult): boolean => state === 'succeeded' || state === 'reused';
  const again = result.images.filter((image) => !isThere(image));
  const kept = result.images.filter(isThere);
  if (again.length > 0) say(session, `Builds again: ${names(again)}`);
  if (kept.length > 0) say(session, `Takes over:   ${names(kept)}`);
  if (again.some(({ failure }) => failure?.kind === 'context_missing'))
    say(
      session,
      `${style.yellow('!')} A context is missing, which only \`${commandLine(session, 'build')}\` uploads again`,
    );
  if (settings.argo.server && !flags.new) {
    const why = whyAnew(workflow, result);
    if (why === undefined) {
      await retried(session, cluster, { workflow, server: settings.argo.server }, flags.wait ?? false);
      return;
    }
    say(session, `As a new workflow: ${why}`);
  }
  const runner = workflowRunner(
    client,
    settings.argo.url === undefined ? {} : { argoUrl: settings.argo.url },
  );
  const submitted = await runner.submit(retryWorkflow(workflow, result));
  await reportSubmittedRun(session, cluster, { submitted }, flags.wait ?? false);
}

function names(images: readonly { readonly name: string }[]): string {
  const shown = images.slice(0, 10).map(({ name }) => name);
  return `${shown.join(', ')}${images.length > 10 ? ` and ${images.length - 10} others` : ''}`;
}

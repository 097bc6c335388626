import type { ClusterClient } from '../argo/client.js';
import { type ClusterFlags } from './options.js';
import { connect, type OpenedCluster } from './cluster.js';
import { ExitCode } from './exit.js';
import { followWorkflow } from './follow-workflow.js';
import type { MadeRun, RunFlags } from './run-build.js';
import { type Session, say } from './session.js';
import { shellQuote } from './shell.js';

/** What the verbs that start a workflow are told. */
export type SubmitFlags = RunFlags & ClusterFlags & { readonly wait?: true };

/**
 * Uploads the contexts of a project, submits its workflow, and with `--wait` follows it to its end. The workflow's
 * name goes to stdout where that is no terminal, for scripts.
 */
export async function submitBuild(session: Session, dir: string, flags: SubmitFlags): Promise<void> {
  const { io } = session;
  const { runBuild } = await import('./run-build.js');
  let connecting: Promise<ClusterClient> | undefined;
  const client = (): Promise<ClusterClient> => (connecting ??= connect(io, flags));
  const made = await runBuild(session, dir, flags, {
    contexts: 'minio',
    runner: async ({ argo }) => {
      const { workflowRunner } = await import('../argo/runner.js');
      return workflowRunner(await client(), argo.url === undefined ? {} : { argoUrl: argo.url });
    },
  });
  const cluster = { client: await client(), namespace: made.namespace, settings: made.settings };
  await started(session, cluster, made, flags.wait ?? false);
}

/** Says what was submitted, and follows it where that is wanted. */
export async function started(
  session: Session,
  cluster: OpenedCluster,
  { submitted, store }: Pick<MadeRun, 'submitted'> & Partial<Pick<MadeRun, 'store'>>,
  wait: boolean,
): Promise<void> {
  const { io, style } = session;
  if (store) {
    const { storedText } = await import('./report-generated.js');
    say(session, `${style.green('✓')} ${storedText(store)}`);
  }
  const { name, url } = submitted;
  say(session, `${style.green('✓')} Submitted ${style.bold(name)} in ${cluster.namespace}`);
  if (url !== undefined) say(session, `  ${style.cyan(url)}`);
  if (io.stdout.isTTY !== true) io.stdout.write(`${name}\n`);
  if (wait) {
    say(session);
    session.exitCode = await followWorkflow(session, cluster, name);
  } else {
    session.exitCode = ExitCode.Done;
    say(session, `  ${style.cyan('→')} kfops watch -n ${shellQuote(cluster.namespace)} ${name}`);
  }
}

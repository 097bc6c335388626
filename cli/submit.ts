import { randomUUID } from 'node:crypto';

import type { ClusterClient } from '../argo/client/client.js';
import { connectWaiting, type OpenedCluster } from './cluster.js';
import type { ClusterFlags } from './options.js';
import { reportSubmitted } from './report-submitted.js';
import type { MadeRun, RunFlags } from './run-build.js';
import { type Session, say, stderrPrinter } from './session.js';

/** What the verbs that start a workflow are told. */
export type SubmitFlags = RunFlags & ClusterFlags & { readonly wait?: true; readonly ifChanged?: true };

/**
 * Uploads the contexts of a project, submits its workflow, and with `--wait` follows it to its end. The workflow's
 * name goes to stdout where that is no terminal, for scripts. With `--if-changed`, it submits nothing where the last
 * successful workflow made the same.
 */
export async function submitBuild(session: Session, dir: string, flags: SubmitFlags): Promise<void> {
  const { runBuild } = await import('./run-build.js');
  let connecting: Promise<ClusterClient> | undefined;
  const client = (): Promise<ClusterClient> => (connecting ??= connectWaiting(session, flags));
  const made = await runBuild(session, dir, flags, {
    contexts: 'minio',
    isSubmitted: true,
    buildId: flags.name ?? randomUUID(),
    ...(flags.ifChanged && {
      isMade: async (prepared, namespace) => {
        const { isUnchanged } = await import('./is-unchanged.js');
        return isUnchanged(session, prepared, client, namespace);
      },
    }),
    requireController: async (namespace) => {
      const { requireController } = await import('../argo/discover/require-controller.js');
      await requireController(await client(), namespace);
    },
    findStore: async () => {
      const { findStore } = await import('./find-store.js');
      return findStore(session, await client());
    },
    // Stdout has the workflow's name.
    report: stderrPrinter(session),
    runner: async ({ argo }) => {
      const { workflowRunner } = await import('../argo/workflows/runner.js');
      return workflowRunner(await client(), argo.url === undefined ? {} : { argoUrl: argo.url });
    },
  });
  if (made === undefined) return;
  const cluster = { client: await client(), namespace: made.namespace, settings: made.settings };
  await reportSubmittedRun(session, cluster, made, flags.wait ?? false);
}

/** Says what was submitted, and follows it where that is wanted. */
export async function reportSubmittedRun(
  session: Session,
  cluster: OpenedCluster,
  { submitted, store }: Pick<MadeRun, 'submitted'> & Partial<Pick<MadeRun, 'store'>>,
  wait: boolean,
): Promise<void> {
  const { style } = session;
  if (store) {
    const { storedText } = await import('./report-generated.js');
    say(session, `${style.green('✓')} ${storedText(store)}`);
  }
  const message = `Submitted ${style.bold(submitted.name)} in ${cluster.namespace}`;
  await reportSubmitted(session, cluster, submitted, message, wait);
}

import { setTimeout } from 'node:timers/promises';

import { configHere, repositoryHere } from '../repository-here.js';
import type { Session } from '../session.js';
import type { Answer, WordSources } from './answers.js';

/** Somebody who pressed Tab waits no longer for the cluster, in milliseconds. */
const PATIENCE_MS = 1500;
/** As many workflows are offered. */
const SHOWN = 30;

/** Words from the current folder and from the cluster. What can't be read, or not soon, is left out in silence. */
export function wordSources(session: Session): WordSources {
  return {
    images: () => configHere(session.io.cwd)?.images ?? [],
    workflows: (options) =>
      Promise.race([
        workflows(session, options).catch((): Answer[] => []),
        setTimeout<Answer[]>(PATIENCE_MS, [], { ref: false }),
      ]),
  };
}

async function workflows({ io }: Session, options: ReadonlyMap<string, string>): Promise<Answer[]> {
  const [{ connect }, { readSettings }, { CALL_PATIENCE }, { listWorkflows }, names] = await Promise.all([
    import('../cluster.js'),
    import('../open-project.js'),
    import('../../argo/client/patience.js'),
    import('../../argo/workflows/read.js'),
    import('../../generator/workflow/names.js'),
  ]);
  const { KFOPS_SELECTOR, LABELS, repositoryLabel } = names;
  const [kubeconfig, context] = [options.get('--kubeconfig'), options.get('--context')];
  const client = await connect(
    io,
    { ...(kubeconfig !== undefined && { kubeconfig }), ...(context !== undefined && { context }) },
    { failFast: true, timeoutMs: PATIENCE_MS, patience: { ...CALL_PATIENCE, totalMs: PATIENCE_MS } },
  );
  const namespace = options.get('--namespace') ?? options.get('-n');
  const settings = options.get('--settings') ?? io.env.KFOPS_SETTINGS;
  const repository = await repositoryHere(io.cwd).catch(() => undefined);
  const list = await listWorkflows(
    client,
    namespace ?? readSettings({ io }, settings === '' ? undefined : settings).value.namespace,
    repository ? `${KFOPS_SELECTOR},${LABELS.repository}=${repositoryLabel(repository)}` : KFOPS_SELECTOR,
  );
  return list.slice(0, SHOWN).map(({ name, phase, title }) => ({ word: name, text: `${phase}: ${title}` }));
}

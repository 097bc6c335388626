import { planRun, type RunPlan } from '../generator/plan/plan-run.js';
import { requirePlaces } from '../generator/plan/require-step-images.js';
import { loadProject } from '../generator/project/project.js';
import { createRunWorkflow } from '../generator/workflow/run-workflow.js';
import { escapeTerminal } from '../templates/escape.js';
import { connectWaiting } from './cluster.js';
import { openProject } from './open-project.js';
import { diagnosticsText } from './output/diagnostics.js';
import { type Session, say, stderrPrinter } from './session.js';
import { reportSubmittedRun, type SubmitFlags } from './submit.js';

/** Options of `kfops run`. */
export type RunVersionFlags = Omit<SubmitFlags, 'tag' | 'run'> & {
  readonly versionName?: string;
  readonly versionId?: string;
};

/**
 * Submits a workflow that runs a version which was published before, and with `--wait` follows it to its end. The
 * workflow's name goes to stdout where that is no terminal, for scripts.
 *
 * @throws ConfigError where the configuration is wrong, or the settings have no Kubeflow Pipelines
 */
export async function submitRun(session: Session, dir: string, flags: RunVersionFlags): Promise<void> {
  const { style } = session;
  const { options, warnings } = await openProject(session, dir, flags);
  const project = await loadProject(options);
  const { settings } = project;
  const { versionName: version, versionId } = flags;
  requirePlaces([{ place: 'kfops.image in the settings', reference: settings.kfops.image }]);
  const plan = await planRun(project, {
    ...(version !== undefined && { version }),
    ...(versionId !== undefined && { versionId }),
  });
  const namespace = flags.namespace ?? settings.namespace;
  const workflow = createRunWorkflow(plan, settings, {
    namespace,
    ...(flags.name !== undefined && { name: flags.name }),
  });
  const all = [...warnings, ...plan.warnings];
  if (all.length > 0) say(session, `${diagnosticsText(stderrPrinter(session), all)}\n`);
  const { pipeline } = plan;
  say(
    session,
    `Version ${style.bold(escapeTerminal(versionText(plan)))} of ${escapeTerminal(pipeline.name)} in namespace ${pipeline.namespace}`,
  );

  const [{ workflowRunner }, { requireController }, client] = await Promise.all([
    import('../argo/workflows/runner.js'),
    import('../argo/discover/require-controller.js'),
    connectWaiting(session, flags),
  ]);
  await requireController(client, namespace);
  const runner = workflowRunner(
    client,
    settings.argo.url === undefined ? {} : { argoUrl: settings.argo.url },
  );
  const submitted = await runner.submit(workflow);
  await reportSubmittedRun(session, { client, namespace, settings }, { submitted }, flags.wait ?? false);
}

function versionText({ version }: RunPlan): string {
  if ('id' in version) return version.id;
  return 'name' in version ? version.name : version.newestOf;
}

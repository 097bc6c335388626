import type { Plan } from '../generator/plan/plan-types.js';
import type { WorkflowRunner } from '../generator/ports.js';
import { prepareRun, submitRun, type PreparedRun, type RunResult } from '../generator/run.js';
import { contextsOf } from '../generator/store-contexts.js';
import type { Settings } from '../schema/index.js';
import { tryConnect } from './cluster.js';
import { earlierSource } from './earlier-source.js';
import { howToAsk, whatTurnedReuseOff } from './reuse-off.js';
import { requireImages } from './image-operands.js';
import { openProject } from './open-project.js';
import { type BuildFlags, type ClusterFlags, planOptions, type ProjectFlags } from './options.js';
import { diagnosticsText } from './output/diagnostics.js';
import { contextProgress } from './output/progress.js';
import { planText } from './plan-text.js';
import { openRegistries } from './registries.js';
import { type Printer, type Session, say, stderrPrinter } from './session.js';
import { type OpenedStore, openFolder, openMinio } from './stores.js';

/** What the verbs that make a workflow are told. */
export type RunFlags = ProjectFlags &
  BuildFlags &
  ClusterFlags & { readonly namespace?: string; readonly name?: string };

/** Where contexts go, and where the workflow does. */
export interface Destination {
  /** Absent: they are not stored. */
  readonly contexts?: 'minio' | { readonly folder: string };
  /** The workflow goes to a cluster at once. */
  readonly isSubmitted?: true;
  /** Makes tags its own; absent: the same for the same files. */
  readonly buildId?: string;
  /** Asked before anything is written or shown: whether all of it is there already. */
  readonly isMade?: (prepared: PreparedRun, namespace: string) => Promise<boolean>;
  /** Rejects where no workflow of the namespace would ever start. Awaited before anything is stored. */
  readonly requireController?: (namespace: string) => Promise<void>;
  /** Finds the cluster's object store, where nothing names one. */
  readonly findStore?: () => Promise<string | undefined>;
  /** Where the plan is shown. */
  readonly report: Printer;
  readonly runner: (settings: Settings, namespace: string) => WorkflowRunner | Promise<WorkflowRunner>;
}

/** What was made, and where the contexts are. */
export interface MadeRun extends RunResult {
  readonly settings: Settings;
  readonly namespace: string;
  /** Absent when contexts were not to be stored. */
  readonly store:
    | { readonly place: string; readonly stored: number; readonly already: number; readonly bytes: number }
    | undefined;
}

/**
 * Takes the project that the arguments name from its source to a submitted workflow, and shows it going on.
 *
 * @returns undefined where all of it is there already
 * @throws ConfigError with all that is wrong
 * @throws ServiceError when the store or the cluster does not answer
 */
export async function runBuild(
  session: Session,
  dir: string,
  flags: RunFlags,
  destination: Destination,
): Promise<MadeRun | undefined> {
  const { io } = session;
  const { report } = destination;
  const { options, warnings } = await openProject(session, dir, flags);
  await requireImages(options, flags.only);
  const { settings, source } = options;
  const namespace = flags.namespace ?? settings.namespace;
  let runner: WorkflowRunner | undefined;
  const openRunner = async (): Promise<WorkflowRunner> =>
    (runner ??= await destination.runner(settings, namespace));
  const where = destination.contexts;
  let progress: ReturnType<typeof contextProgress> | undefined;
  let opened: OpenedStore | undefined;

  const showPlan = (plan: Plan): void => {
    const about = {
      published: settings.kfp !== undefined,
      columns: report.columns,
      reuseOff: whatTurnedReuseOff(session, flags, settings),
    };
    report.print(`${planText(plan, about, report.style)}\n`);
    const all = [...warnings, ...plan.warnings];
    if (all.length > 0) say(session, `${diagnosticsText(stderrPrinter(session), all)}\n`);
    progress = contextProgress(session, contextsOf(plan).length);
  };
  try {
    const how = howToAsk(session, flags);
    const request = {
      ...options,
      namespace,
      ...planOptions(flags),
      isSubmitted: destination.isSubmitted ?? false,
      ...(how !== undefined && { howToAsk: how }),
      ...(flags.name !== undefined && { name: flags.name }),
      earlier: earlierSource(io, dir, flags.commit),
      ...(destination.buildId !== undefined && { buildId: destination.buildId }),
    };
    const registries = flags.reuse ? await openRegistries(io, settings) : undefined;
    const { findStore } = destination;
    const prepared = await prepareRun(request, {
      source,
      ...(registries && { registries }),
      ...(findStore && { findStore }),
    });
    if (await destination.isMade?.(prepared, namespace)) return undefined;
    showPlan(prepared.plan);
    const controller = destination.requireController?.(namespace);
    // Awaited below; the run may fail before that.
    controller?.catch(() => undefined);
    const made = await submitRun(prepared, {
      source,
      ...(where && {
        openStore: async ({ config }, plan) => {
          // After the configuration was checked, before anything is stored.
          await openRunner();
          const cluster = () => tryConnect(session, flags);
          try {
            opened = await (where === 'minio'
              ? openMinio(session, { config, settings, namespace, cluster }, plan, flags.timeout)
              : openFolder(io, where.folder));
          } finally {
            // Its error says more than one of the store.
            await controller;
          }
          return opened.store;
        },
      }),
      onContext: (event) => progress?.observe(event),
      runner: {
        submit: async (workflow) => {
          progress?.end();
          return (await openRunner()).submit(workflow);
        },
      },
    });
    const totals = progress?.totals();
    const store = opened && totals ? { place: opened.store.describe(), ...totals } : undefined;
    return { ...made, settings, namespace, store };
  } finally {
    progress?.end();
    await opened?.close();
  }
}

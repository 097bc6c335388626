import { argumentDetails } from '../generator/plan/argument-details.js';
import type { PlannedSchedule, ScheduleEntry } from '../generator/plan/plan-types.js';
import { plannedSchedules, scheduleEntries } from '../generator/plan/planned-schedules.js';
import type { Project } from '../generator/project/project.js';
import { kfpClient, KfpRefusal } from '../pipeline/kfp.js';
import { listSchedules } from '../pipeline/schedules/apply-schedules.js';
import { compareSchedules, type ComparedSchedule } from '../pipeline/schedules/compare-schedules.js';
import { buildNamespace } from '../server/rules/build-namespaces.js';
import { connectWaiting } from './cluster.js';
import type { NamespaceFlags } from './options.js';
import type { Session } from './session.js';

/** The schedules of a repository's configuration, next to its recurring runs. */
export interface SchedulesHere {
  /** `owner/name` */
  readonly repository: string;
  /** The Kubeflow profile. */
  readonly namespace: string;
  readonly schedules: readonly PlannedSchedule[];
  /** Absent without Kubeflow Pipelines in the settings. */
  readonly compared?: readonly ComparedSchedule[];
}

/**
 * Reads the schedules of a project, and asks Kubeflow Pipelines, where the settings have it, for those of its repository.
 *
 * @throws ConfigError where there is no cluster
 * @throws ServiceError where the cluster or Kubeflow Pipelines doesn't answer or refuses
 */
export async function schedulesHere(
  session: Session,
  project: Project,
  flags: NamespaceFlags,
): Promise<SchedulesHere> {
  const { repository, pipeline } = project.config.value;
  const schedules = plannedSchedules(project);
  const here = {
    repository: `${repository.owner}/${repository.name}`,
    namespace: pipeline.namespace,
    schedules,
  };
  if (!project.settings.kfp) return here;
  const entries = scheduleEntries({
    schedules,
    arguments: pipeline.pipeline_args,
    ...argumentDetails(project),
  });
  return { ...here, compared: await compared(session, project, entries, here, flags) };
}

async function compared(
  session: Session,
  { settings, config }: Project,
  entries: readonly ScheduleEntry[],
  owner: Pick<SchedulesHere, 'repository' | 'namespace'>,
  flags: NamespaceFlags,
): Promise<readonly ComparedSchedule[]> {
  const { kfp, service_accounts: accounts } = settings;
  if (!kfp) return [];
  const { reachKubeflow } = await import('../argo/network/reach-kubeflow.js');
  const client = await connectWaiting(session, flags);
  const reached = await reachKubeflow(client, {
    endpoint: kfp.endpoint,
    audience: kfp.audience,
    account: accounts.publisher,
    namespace: flags.namespace ?? buildNamespace(settings, config.value.repository),
  });
  const { endpoint, token, withoutToken } = reached;
  try {
    const kubeflow = kfpClient({
      endpoint,
      ...(token !== undefined && { token }),
      attempts: ATTEMPTS,
      signal: session.io.interrupted,
    });
    return compareSchedules(entries, await listSchedules(kubeflow, owner));
  } catch (error) {
    const isLogin = error instanceof KfpRefusal && (error.status === 401 || error.status === 403);
    throw isLogin && withoutToken ? withoutToken : reached.explain(error);
  } finally {
    await reached.close();
  }
}

/** Somebody waits. */
const ATTEMPTS = 3;

import { explainedResult } from '../../argo/logs.js';
import { KubernetesError } from '../../argo/errors.js';
import { CALL_PATIENCE, persist } from '../../argo/patience.js';
import { readIfThere } from '../../argo/read-many.js';
import { goneResult } from '../../argo/status.js';
import { WorkError } from '../../schema/index.js';
import { renderStatusAnswer } from '../comment/answers.js';
import { withResult } from '../comment/result.js';
import type { Build } from '../comment/state.js';
import { recordStart } from '../pick-ups.js';
import type { Answer, Taken } from '../taken.js';
import type { Work, World } from '../world.js';

/** `/status`: the latest build as the cluster sees it now; where the cluster cannot be asked, as it was last told. */
export async function status(world: World, taken: Taken, work: Work): Promise<Answer> {
  const [build] = taken.conversation.builds;
  // What a build printed is read.
  if (build?.workflow) await recordStart(world, taken);
  const now = build && (await refreshed(world, build, work));
  const context = { ...world.render, ...taken.pullRequest };
  return { kind: 'answer', markdown: renderStatusAnswer(now, context) };
}

/** A build as its workflow is now; as it was last known where the cluster can't be asked. */
export async function refreshed(
  { cluster: { client, namespace }, links, explain }: Pick<World, 'cluster' | 'links' | 'explain'>,
  build: Build,
  { signal, log }: Pick<Work, 'log' | 'signal'>,
): Promise<Build> {
  if (build.workflow === undefined) return build;
  const { name } = build.workflow;
  try {
    const workflow = await persist(() => readIfThere(client, namespace, name, signal), CALL_PATIENCE, signal);
    const result = workflow
      ? await explainedResult(client, workflow, (...ended) => explain(...ended, { log, signal }))
      : goneResult(name, undefined);
    return withResult(build, result, links);
  } catch (err) {
    if (!(err instanceof WorkError) && !(err instanceof KubernetesError)) throw err;
    log.debug({ err }, 'the workflow cannot be read: told as it was last known');
    return build;
  }
}

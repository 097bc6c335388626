import { explainedResult } from '../../argo/logs.js';
import { readWorkflow } from '../../argo/read.js';
import { KubernetesError } from '../../argo/errors.js';
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

async function refreshed(
  { cluster, links, explain }: World,
  build: Build,
  { signal, log }: Work,
): Promise<Build> {
  if (build.workflow === undefined) return build;
  try {
    const workflow = await readWorkflow(cluster.client, cluster.namespace, build.workflow.name, signal);
    const explained = explainedResult(cluster.client, workflow, (...ended) =>
      explain(...ended, { log, signal }),
    );
    return withResult(build, await explained, links);
  } catch (err) {
    if (!(err instanceof WorkError) && !(err instanceof KubernetesError)) throw err;
    log.debug({ err }, 'the workflow cannot be read: told as it was last known');
    return build;
  }
}

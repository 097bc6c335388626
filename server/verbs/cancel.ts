import { workflowsOf } from '../../argo/find-workflows.js';
import { tellToStop } from '../../argo/stop.js';
import { says } from '../answers.js';
import type { PullRequestRef } from '../ports.js';
import type { Answer, Taken } from '../taken.js';
import type { Work, World } from '../world.js';

/** `/cancel`: stops what runs for the pull request. The reporter tells when it has stopped. */
export async function cancel(world: World, { pullRequest }: Taken, work: Work): Promise<Answer> {
  const stopped = await stopAll(world, pullRequest, work);
  if (stopped.length === 0) return says('Nothing runs for this pull request.');
  const names = stopped.map((name) => `\`${name}\``).join(', ');
  return says(`Told ${names} to stop.`, 'Write `retry` as a command to go on later.');
}

/**
 * Tells every running workflow of a pull request to stop.
 *
 * @returns their names
 * @throws KubernetesError when the cluster does not answer or refuses
 */
export async function stopAll(
  { cluster }: Pick<World, 'cluster'>,
  pullRequest: PullRequestRef,
  { log, signal }: Pick<Work, 'log' | 'signal'>,
): Promise<readonly string[]> {
  const { client, namespace } = cluster;
  const there = await workflowsOf(client, namespace, pullRequest, { signal });
  const stopped: string[] = [];
  for (const { name, finished } of there) {
    if (finished || !(await tellToStop(client, namespace, name, { signal }))) continue;
    log.info({ workflow: name }, 'told to stop');
    stopped.push(name);
  }
  return stopped;
}

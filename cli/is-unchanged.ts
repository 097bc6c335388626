import type { ClusterClient } from '../argo/client/client.js';
import { findUnchanged } from '../argo/workflows/find-unchanged.js';
import type { PreparedRun } from '../generator/run.js';
import { contentOf } from '../generator/workflow/content.js';
import { formatCount } from '../templates/units.js';
import { type Session, say } from './session.js';

/**
 * Whether a build would make what the last successful one made: no image has to be built, and the pipeline is the same. If
 * so, it says it. The cluster is asked only where no image has to be built.
 *
 * @throws KubernetesError when the cluster does not answer or refuses
 */
export async function isUnchanged(
  session: Session,
  { plan, project }: PreparedRun,
  connect: () => Promise<ClusterClient>,
  namespace: string,
): Promise<boolean> {
  const { repository, images } = plan;
  const digests = new Map<string, string>();
  for (const { decision, repository: place } of images) {
    if (decision.action === 'build') return false;
    digests.set(place, decision.digest);
  }
  const wanted = { repository, content: contentOf(plan, project.settings), digests };
  const name = await findUnchanged(await connect(), namespace, wanted, session.io.interrupted);
  if (name === undefined) return false;
  const { style } = session;
  const what =
    images.length === 0
      ? 'the pipeline is that of'
      : `${formatCount(images.length, 'image')} and the pipeline are those of`;
  say(session, `${style.green('✓')} Nothing changed: ${what} ${style.bold(name)}`);
  return true;
}

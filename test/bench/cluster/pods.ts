import { apiPath } from '../../../argo/client/client.js';
import { lines } from '../../../argo/logs/lines.js';
import { admin } from '../../cluster/support/build.js';
import { NAMESPACE } from '../../cluster/support/environment.js';

interface PodEvent {
  readonly object?: { readonly status?: { readonly phase?: string } };
}

/**
 * Watches pods before they are there.
 *
 * @param selector - `{ labelSelector: 'a=b' }` or `{ fieldSelector: 'metadata.name=x' }`
 * @returns once the watch stands: what ends when the first of these pods is in one of the phases, with the phase
 */
export async function podPhase(
  selector: Readonly<Record<string, string>>,
  phases: readonly string[],
): Promise<() => Promise<string>> {
  const stream = await admin.stream({
    what: 'watching pods',
    path: apiPath('api', 'v1', 'namespaces', NAMESPACE, 'pods'),
    query: { watch: true, ...selector },
  });
  const reached = (async () => {
    try {
      for await (const line of lines(stream)) {
        const phase = (JSON.parse(line) as PodEvent).object?.status?.phase ?? '';
        if (phases.includes(phase)) return phase;
      }
      throw new Error(
        `the watch of pods (${JSON.stringify(selector)}) ended before any was ${phases.join(' or ')}`,
      );
    } finally {
      stream.destroy();
    }
  })();
  // Its failure is met where it is waited for.
  reached.catch(() => undefined);
  return () => reached;
}

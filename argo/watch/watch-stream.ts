import { parseAnswer } from '../client/answer.js';
import { workflowPath, type ClusterClient } from '../client/client.js';
import { KubernetesError } from '../client/errors.js';
import { lines } from '../logs/lines.js';
import type { ObservedWorkflow } from '../status/observed.js';

/** What a watch tells: a change, or that it is over and from which version it can continue. */
export type WatchEvent =
  | { readonly type: 'ADDED' | 'MODIFIED' | 'DELETED'; readonly object: ObservedWorkflow }
  /** `version` is undefined where it cannot continue: read again first. */
  | { readonly type: 'ENDED'; readonly version: string | undefined };

/** Which changes. */
export interface WatchQuery {
  readonly labelSelector?: string;
  readonly fieldSelector?: string;
  /** Changes after this version. */
  readonly version: string;
  readonly signal?: AbortSignal | undefined;
}

/** Seconds after which the server ends a watch; a connection that died without a word is found out soon after. */
const WATCH_SECONDS = 60;

/**
 * Opens a watch over workflows. Its events end with one `ENDED`, whatever ended it: the server in good order, a
 * connection or a line that was cut, `410 Gone`.
 *
 * @param what - for error messages: `the workflow x in y`
 * @throws KubernetesError when it is refused for another reason than an old version
 */
export async function openWatch(
  client: ClusterClient,
  namespace: string,
  what: string,
  { version, signal, ...selectors }: WatchQuery,
): Promise<AsyncGenerator<WatchEvent, void, undefined>> {
  const over = AbortSignal.timeout((WATCH_SECONDS + 15) * 1000);
  try {
    const stream = await client.stream({
      what: `watching ${what}`,
      path: workflowPath(namespace),
      query: {
        ...selectors,
        watch: true,
        allowWatchBookmarks: true,
        resourceVersion: version,
        timeoutSeconds: WATCH_SECONDS,
      },
      signal: signal ? AbortSignal.any([signal, over]) : over,
    });
    return events(stream, version, signal);
  } catch (error) {
    if (error instanceof KubernetesError && error.status === 410) return ended(undefined);
    throw error;
  }
}

type Stream = AsyncIterable<Buffer> & { destroy(): void };

async function* events(
  stream: Stream,
  from: string,
  signal: AbortSignal | undefined,
): AsyncGenerator<WatchEvent, void, undefined> {
  let version: string | undefined = from;
  try {
    for await (const line of lines(stream)) {
      const event = parse(line);
      version = event?.object.metadata.resourceVersion;
      // A line that was cut, or `ERROR` (410 Gone among others).
      if (event === undefined || version === undefined) break;
      if (event.type !== 'BOOKMARK') yield { type: event.type, object: event.object };
    }
  } catch (error) {
    if (signal?.aborted) throw signal.reason;
    if (!isCut(error)) throw error;
    version = undefined;
  } finally {
    stream.destroy();
  }
  yield { type: 'ENDED', version };
}

// eslint-disable-next-line @typescript-eslint/require-await -- of the same type as the others
async function* ended(version: string | undefined): AsyncGenerator<WatchEvent, void, undefined> {
  yield { type: 'ENDED', version };
}

/** What Node says of a connection that ends in the midst, or that is ended for its silence. */
function isCut(error: unknown): boolean {
  return error instanceof Error && ('code' in error || error.name === 'TimeoutError');
}

interface ParsedEvent {
  readonly type: 'ADDED' | 'MODIFIED' | 'DELETED' | 'BOOKMARK';
  readonly object: ObservedWorkflow;
}

function parse(line: string): ParsedEvent | undefined {
  try {
    const { type, object } = parseAnswer(line) as { type?: string; object?: ObservedWorkflow };
    if (object?.metadata === undefined) return undefined;
    if (type === 'BOOKMARK') return { type, object };
    const change = type === 'ADDED' || type === 'MODIFIED' || type === 'DELETED';
    return change ? { type, object } : undefined;
  } catch {
    return undefined;
  }
}

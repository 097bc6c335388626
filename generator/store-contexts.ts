import { Readable } from 'node:stream';

import type { Context } from './contexts/context.js';
import { packContext } from './contexts/pack.js';
import type { Plan } from './plan/plan-types.js';
import type { ContextSource, ContextStore } from './ports.js';

/** The result for one context. */
export interface ContextEvent {
  /** Names of the images that are built from it; none for the code of the pipeline. */
  readonly images: readonly string[];
  readonly objectKey: string;
  /** `packing` repeats with the progress, and from its start when a store tries again. */
  readonly state: 'looking' | 'packing' | 'stored' | 'there already';
  /** Bytes of the archive so far. */
  readonly bytes: number;
}

/** Is told of each change; must not throw. */
export type ContextObserver = (event: ContextEvent) => void;

/** Packing keeps a core busy: more at a time are not faster. */
const AT_ONCE = 2;

/**
 * Stores the code of the pipeline and the context of every image, each once, unless it is there already.
 *
 * @throws what the store throws, after those under way have ended; no further one is begun
 */
export async function storeContexts(
  source: ContextSource,
  plan: Pick<Plan, 'images' | 'pipeline'>,
  store: ContextStore,
  observe: ContextObserver = () => undefined,
): Promise<void> {
  const groups = contextsOf(plan);
  const worker = async (): Promise<void> => {
    for (let group = groups.shift(); group; group = groups.shift()) {
      try {
        await storeOne(source, group, store, observe);
      } catch (error) {
        groups.length = 0;
        throw error;
      }
    }
  };
  const results = await Promise.allSettled(Array.from({ length: AT_ONCE }, worker));
  for (const result of results) if (result.status === 'rejected') throw result.reason;
}

/** A context, and the names of the images that are built from it. */
interface Group {
  readonly context: Context;
  readonly images: readonly string[];
}

/** What a plan needs in its store, each once: two images of the same files share an object. A reused image needs none. */
export function contextsOf({ images, pipeline }: Pick<Plan, 'images' | 'pipeline'>): Group[] {
  const groups = new Map<string, { context: Context; images: string[] }>();
  for (const { name, delivered: context, decision } of images) {
    if (decision.action === 'reuse') continue;
    const group = groups.get(context.key);
    if (group) group.images.push(name);
    else groups.set(context.key, { context, images: [name] });
  }
  const { source } = pipeline;
  if (!groups.has(source.key)) groups.set(source.key, { context: source, images: [] });
  return [...groups.values()];
}

async function storeOne(
  source: ContextSource,
  { context, images }: Group,
  store: ContextStore,
  observe: ContextObserver,
): Promise<void> {
  const { objectKey } = context;
  let bytes = 0;
  const tell = (state: ContextEvent['state']): void => {
    observe({ images, objectKey, state, bytes });
  };
  tell('looking');
  if (await store.has(objectKey)) {
    tell('there already');
    return;
  }
  async function* counted(): AsyncGenerator<Buffer> {
    for await (const chunk of packContext(source, context) as AsyncIterable<Buffer>) {
      bytes += chunk.length;
      tell('packing');
      yield chunk;
    }
  }
  const open = (): Readable => {
    bytes = 0;
    tell('packing');
    return Readable.from(counted(), { objectMode: false });
  };
  await store.put(objectKey, open);
  tell('stored');
}

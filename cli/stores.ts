import { addAbortSignal } from 'node:stream';
import { resolve } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';

import type { Plan } from '../generator/plan/plan-types.js';
import type { ContextStore } from '../generator/ports.js';
import type { Io } from './io.js';
import { type MinioPlace, type ReachedMinio, reachMinio } from './reach-minio.js';
import type { Session } from './session.js';
import { waitingNotice } from './waiting.js';

/** A store, and the end of the way to it. */
export interface OpenedStore {
  readonly store: ContextStore;
  readonly close: () => Promise<void>;
}

/** Opens a folder; a store that Ctrl-C stops cleanly. */
export async function openFolder(io: Io, folder: string): Promise<OpenedStore> {
  const { directoryStore } = await import('../stores/directory.js');
  return {
    store: interruptible(directoryStore(resolve(io.cwd, folder)), io),
    close: () => Promise.resolve(),
  };
}

/**
 * Opens MinIO as this machine reaches it ({@link reachMinio}); a store that Ctrl-C stops cleanly, and that says when
 * MinIO does not answer.
 *
 * @param timeout - seconds that somebody waits for it
 */
export async function openMinio(
  session: Session,
  place: Omit<MinioPlace, 'endpoint'>,
  plan: Plan,
  timeout: number | undefined,
): Promise<OpenedStore> {
  const { io } = session;
  const { minioStore, TIMING } = await import('../stores/minio.js');
  const { endpoint, region, bucket } = plan.objectStore;
  const reached = await reachMinio(io, { ...place, endpoint });
  const { access, forwarded } = reached;
  const service = `the object store at ${forwarded ?? `${access.secure ? 'https' : 'http'}://${access.endpoint}`}`;
  const patienceMs = timeout === undefined ? TIMING.patienceMs : timeout * 1000;
  const notice = waitingNotice(session, service, patienceMs);
  const store = minioStore({
    ...access,
    bucket,
    ...(region !== undefined && { region }),
    patienceMs,
    failFast: true,
    sleep: async (ms) => {
      notice.say();
      await pause(ms);
    },
  });
  const reachable = forwarded === undefined ? store : through(store, reached, bucket);
  const has = (key: string): Promise<boolean> => notice.during(reachable.has(key));
  return { store: interruptible({ ...reachable, has }, io), close: reached.close };
}

/** Speaks of the address that is meant, not of the port that leads to it. */
function through(store: ContextStore, { forwarded, explain }: ReachedMinio, bucket: string): ContextStore {
  const explained = async <T>(work: Promise<T>): Promise<T> => {
    try {
      return await work;
    } catch (error) {
      throw explain(error);
    }
  };
  return {
    has: (key) => explained(store.has(key)),
    put: (key, open) => explained(store.put(key, open)),
    describe: () => `${forwarded}/${bucket}`,
  };
}

/** With Ctrl-C the content that is being stored breaks off, and the store removes what it has of it. */
function interruptible(store: ContextStore, io: Io): ContextStore {
  return {
    has: (key) => store.has(key),
    describe: () => store.describe(),
    put: async (key, open) => {
      const work = store.put(key, () => addAbortSignal(io.interrupted, open()));
      io.pending.add(work);
      try {
        await work;
      } finally {
        io.pending.delete(work);
      }
    },
  };
}

import { readFileSync } from 'node:fs';
import { addAbortSignal } from 'node:stream';
import { resolve } from 'node:path';

import type { Plan } from '../generator/plan-types.js';
import type { ContextStore } from '../generator/ports.js';
import type { Project } from '../generator/project.js';
import type { Io } from './io.js';

/** Opens the folder or MinIO that the arguments name; a store that Ctrl-C stops cleanly. */
export async function openStore(
  io: Io,
  where: { readonly folder: string } | 'minio',
  project: Project,
  plan: Plan,
): Promise<ContextStore> {
  if (where !== 'minio') {
    const { directoryStore } = await import('../stores/directory.js');
    return interruptible(directoryStore(resolve(io.cwd, where.folder)), io);
  }
  const { minioStore } = await import('../stores/minio.js');
  const { region, bucket } = plan.objectStore;
  return interruptible(
    minioStore({ ...(await accessOf(io, project)), bucket, ...(region !== undefined && { region }) }),
    io,
  );
}

async function accessOf(io: Io, { config, settings }: Project) {
  const { minioAccess } = await import('../stores/credentials.js');
  const inline = config.value.image_builder?.minio.credentials;
  return minioAccess({
    env: io.env,
    ...(inline && { inline }),
    settings: settings.minio,
    readFile: (path) => {
      try {
        return readFileSync(resolve(io.cwd, path), 'utf8');
      } catch {
        return undefined;
      }
    },
  });
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

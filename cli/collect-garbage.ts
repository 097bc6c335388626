import { ASSUMED_STORE } from '../generator/plan/plan-parts.js';
import type { Settings } from '../schema/index.js';
import { type ObjectKind, PREFIXES, sortObjects } from '../stores/garbage.js';
import { buildNamespaces } from '../server/rules/build-namespaces.js';
import type { BucketCleaner, StoredObject } from '../stores/minio-clean.js';
import { DAY_MS } from '../stores/safe-age.js';
import { connectWaiting } from './cluster.js';
import type { Collected } from './collected.js';
import { findStore } from './find-store.js';
import { readSettings } from './open-project.js';
import type { ClusterFlags } from './options.js';
import { writeOutput } from './output/file.js';
import { garbageJson, garbageText } from './output/garbage-text.js';
import { reachMinio } from './reach-minio.js';
import { type Session, stdoutPrinter } from './session.js';

/** Options of `kfops gc`. */
export interface GarbageFlags extends ClusterFlags {
  /** Days. */
  readonly olderThan: number;
  readonly delete?: true;
  readonly bucket?: string;
  readonly namespace?: readonly string[];
  readonly settings?: string;
  readonly json?: true;
}

/** Requests at the same time. */
const AT_ONCE = 8;

/**
 * Finds objects of the bucket that are old and used by no workflow; deletes them with `--delete`.
 *
 * @throws KubernetesError if the workflows can't be listed: nothing was deleted then
 * @throws ServiceError if the store doesn't answer or refuses
 */
export async function collectGarbage(session: Session, flags: GarbageFlags): Promise<void> {
  const { io } = session;
  const { value: settings } = readSettings(session, flags.settings);
  const client = await connectWaiting(session, flags);
  const namespaces = [...new Set([...buildNamespaces(settings), ...(flags.namespace ?? [])])];
  const endpoint = settings.minio.endpoint ?? (await findStore(session, client)) ?? ASSUMED_STORE;
  const reached = await reachMinio(io, {
    settings,
    endpoint,
    namespace: settings.namespace,
    cluster: () => Promise.resolve(client),
  });
  try {
    const [{ bucketCleaner }, { usedObjects }] = await Promise.all([
      import('../stores/minio-clean.js'),
      import('../argo/workflows/used-objects.js'),
    ]);
    const place = placeOf(settings, flags);
    const cleaner = bucketCleaner({ ...reached.access, ...place });
    const before = new Date(Date.now() - flags.olderThan * DAY_MS);
    // The workflows after the objects: what a workflow that was submitted before this list uses is known.
    const objects = await listAll(cleaner);
    const used = await usedObjects(client, namespaces, io.interrupted);
    const found = {
      contexts: sortObjects('contexts', objects.contexts, used, before),
      pipelines: sortObjects('pipelines', objects.pipelines, used, before),
    };
    const deleted = flags.delete ? await removeAll(cleaner, found, before, io.interrupted) : undefined;
    const collected: Collected = {
      // Not the forwarded port: it ends with this command.
      bucket: reached.forwarded === undefined ? cleaner.describe() : `${reached.forwarded}/${place.bucket}`,
      namespaces,
      olderThan: flags.olderThan,
      found,
      ...(deleted !== undefined && { deleted }),
    };
    const text = flags.json
      ? JSON.stringify(garbageJson(collected), undefined, 2)
      : garbageText(collected, stdoutPrinter(session));
    await writeOutput(io, '-', `${text}\n`);
  } catch (error) {
    throw reached.explain(error);
  } finally {
    await reached.close();
  }
}

function placeOf({ minio, server }: Settings, flags: GarbageFlags): { bucket: string; region?: string } {
  const bucket = flags.bucket ?? server.minio.bucket;
  return { bucket, ...(minio.region !== undefined && { region: minio.region }) };
}

async function listAll(cleaner: BucketCleaner): Promise<Record<ObjectKind, readonly StoredObject[]>> {
  const contexts = await cleaner.list(PREFIXES.contexts);
  return { contexts, pipelines: await cleaner.list(PREFIXES.pipelines) };
}

/** @returns how many objects were deleted */
async function removeAll(
  cleaner: BucketCleaner,
  { contexts, pipelines }: Collected['found'],
  before: Date,
  signal: AbortSignal,
): Promise<number> {
  const left = [...contexts.unused, ...pipelines.unused];
  let deleted = 0;
  const work = async (): Promise<void> => {
    for (let next = left.pop(); next; next = left.pop()) {
      signal.throwIfAborted();
      if (await cleaner.removeIfOlder(next.key, before)) deleted++;
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
  return deleted;
}

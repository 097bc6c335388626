import { formatBytes } from '../../common/bytes.js';
import type { ObjectKind } from '../../stores/garbage.js';
import type { StoredObject } from '../../stores/minio-clean.js';
import type { Collected } from '../collected.js';
import type { Printer } from '../session.js';
import { table } from './table.js';

/** Several objects, for programs. */
interface Summary {
  readonly objects: number;
  readonly bytes: number;
  /** ISO 8601, or null if there are none. */
  readonly oldest: string | null;
}

const KINDS = ['contexts', 'pipelines'] as const satisfies readonly ObjectKind[];

/** What `kfops gc` found and did, for programs. */
export function garbageJson(collected: Collected): unknown {
  const { bucket, namespaces, olderThan, found, deleted } = collected;
  return {
    bucket,
    namespaces,
    olderThanDays: olderThan,
    ...Object.fromEntries(
      KINDS.map((kind) => [kind, { unused: summary(found[kind].unused), kept: summary(found[kind].kept) }]),
    ),
    deleted: deleted ?? 0,
    dryRun: deleted === undefined,
  };
}

/** The same for people. */
export function garbageText(collected: Collected, { style }: Pick<Printer, 'style'>): string {
  const { bucket, namespaces, olderThan, found, deleted } = collected;
  const unused = KINDS.flatMap((kind) => found[kind].unused);
  const rows = KINDS.map((kind) => row(kind, summary(found[kind].unused)));
  const kept = KINDS.map((kind) => row(kind, summary(found[kind].kept)));
  const lines = table([{}, { align: 'right' }, { align: 'right' }, {}], [...rows, ...kept]);
  return [
    style.bold(`Unused, stored more than ${olderThan} days ago:`),
    ...lines.slice(0, rows.length).map((line) => `  ${line}`),
    style.bold('Kept:'),
    ...lines.slice(rows.length).map((line) => `  ${line}`),
    style.dim(`Bucket ${bucket}; workflows of ${namespaces.join(', ')}`),
    outcome(unused.length, deleted),
  ].join('\n');
}

function outcome(unused: number, deleted: number | undefined): string {
  if (deleted !== undefined) return `Deleted ${objects(deleted)}.`;
  return unused === 0 ? 'There is nothing to delete.' : 'Nothing was deleted. Add --delete to delete them.';
}

function row(kind: ObjectKind, { objects: count, bytes, oldest }: Summary): string[] {
  return [kind, objects(count), formatBytes(bytes), oldest === null ? '' : `oldest ${oldest.slice(0, 10)}`];
}

function objects(count: number): string {
  return `${count} object${count === 1 ? '' : 's'}`;
}

function summary(stored: readonly StoredObject[]): Summary {
  // Not Math.min(...): a bucket can have more objects than a call can have arguments.
  const oldest = stored.reduce((least, { modified }) => Math.min(least, modified.getTime()), Infinity);
  return {
    objects: stored.length,
    bytes: stored.reduce((sum, { bytes }) => sum + bytes, 0),
    oldest: stored.length === 0 ? null : new Date(oldest).toISOString(),
  };
}

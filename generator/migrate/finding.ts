import type { Diagnostic } from '../../schema/diagnostic.js';
import { diagnosticAt } from '../../schema/located.js';
import { formatPath, type ConfigPath, type Tree } from '../../schema/tree.js';
import type { Change } from './change.js';

/** Names of what differs; `docs/migrating.md` explains each. */
export const MIGRATION_TOPICS = [
  'contexts',
  'credentials',
  'deployment',
  'execution-mode',
  'kaniko-arguments',
  'kaniko-image',
  'kfp1',
  'layer-cache',
  'manifest',
  'manifest-names',
  'namespace',
  'pipeline-code',
  'tags',
  'trailing-slash',
] as const;

/** One of {@link MIGRATION_TOPICS}. */
export type MigrationTopic = (typeof MIGRATION_TOPICS)[number];

/** What of a repository meant something else to the Kfops of 2022. Texts are sentences. */
export interface MigrationFinding extends Pick<Diagnostic, 'file' | 'line' | 'column'> {
  readonly topic: MigrationTopic;
  /** `pipeline.pipeline_execution_mode`, `kfp.dsl.ContainerOp` */
  readonly subject: string;
  /** What happened in 2022. */
  readonly before: string;
  readonly now: string;
  /** `write`: `kfops migrate --write` does it. `edit`: a person must do it. `none`: nothing has to be done. */
  readonly action: 'write' | 'edit' | 'none';
  /** What to do, as an imperative; with `none`, what else there is to know. */
  readonly next: string;
  /** What a person must do in addition, in another system. */
  readonly afterwards?: string;
}

/** A finding about a key of a YAML file, before it is known whether its changes can be made. */
export interface KeyFinding extends Pick<
  MigrationFinding,
  'topic' | 'before' | 'now' | 'next' | 'afterwards'
> {
  readonly path: ConfigPath;
  /** All of them are made, or a person must make them. Absent: {@link action} says who acts. */
  readonly changes?: readonly Change[];
  readonly action?: 'edit' | 'none';
}

/** @param made - changes that can be made */
export function findingAt(tree: Tree, finding: KeyFinding, made: ReadonlySet<Change>): MigrationFinding {
  const { topic, path, before, now, next, afterwards, changes, action = 'none' } = finding;
  const { file, line, column } = diagnosticAt(tree, path, { code: 'DEPRECATED', message: '', at: 'key' });
  const decided = changes === undefined ? action : changes.every((each) => made.has(each)) ? 'write' : 'edit';
  const place = {
    ...(file !== undefined && { file }),
    ...(line !== undefined && { line, column: column ?? 1 }),
  };
  return {
    topic,
    ...place,
    subject: formatPath(path) || (file ?? ''),
    before,
    now,
    action: decided,
    next,
    ...(afterwards !== undefined && { afterwards }),
  };
}

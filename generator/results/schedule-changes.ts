/** What was done to the schedules of a repository in Kubeflow Pipelines: their names. */
export interface ScheduleChanges {
  readonly created: readonly string[];
  /** Created again for another version, time or state, or with other arguments. */
  readonly replaced: readonly string[];
  readonly kept: readonly string[];
  /** No longer in the configuration. */
  readonly removed: readonly string[];
}

/** @returns one clause for each kind of change: ``created `nightly` ``; none where the repository has no schedules */
export function scheduleLines(changes: ScheduleChanges | undefined): readonly string[] {
  if (!changes) return [];
  const { created, replaced, kept, removed } = changes;
  return [
    clause('created', created),
    clause('replaced', replaced),
    clause('unchanged', kept),
    clause('removed', removed),
  ].filter((text) => text !== undefined);
}

function clause(what: string, names: readonly string[]): string | undefined {
  if (names.length === 0) return undefined;
  const shown = names.slice(0, NAMED).map((name) => `\`${name.replaceAll('`', "'")}\``);
  const more = names.length > NAMED ? ` and ${names.length - NAMED} more` : '';
  return `${what} ${shown.join(', ')}${more}`;
}

const NAMED = 10;

import { isFinished } from '../status/nodes.js';
import type { ObservedWorkflow } from '../status/observed.js';

type Metadata = ObservedWorkflow['metadata'];

/** What is kept of a workflow that is watched among many: some hundred bytes, where it may be a megabyte itself. */
export interface WatchedWorkflow {
  readonly name: string;
  readonly uid: string;
  readonly resourceVersion: string;
  /** Its end was seen. */
  readonly finished: boolean;
  /** Those of Kfops and no others. */
  readonly labels: Readonly<Record<string, string>>;
  /** Those of Kfops and no others. */
  readonly annotations: Readonly<Record<string, string>>;
}

/** Remembers which workflows were seen at which version, and whose end was. */
export class KnownWorkflows {
  readonly #byUid = new Map<string, WatchedWorkflow>();

  has(metadata: Metadata): boolean {
    return this.#byUid.has(uidOf(metadata));
  }

  /** Whether it was not yet seen, or at an earlier version. */
  isNews(metadata: Metadata): boolean {
    const before = this.#byUid.get(uidOf(metadata));
    return before === undefined || isLater(metadata.resourceVersion ?? '', before.resourceVersion);
  }

  /**
   * Remembers it.
   *
   * @returns whether it tells something new: a later version, unless its end was seen before and nothing went on since
   */
  add(workflow: ObservedWorkflow): boolean {
    if (!this.isNews(workflow.metadata)) return false;
    const uid = uidOf(workflow.metadata);
    const ended = this.#byUid.get(uid)?.finished === true;
    const finished = isFinished(workflow);
    this.#byUid.set(uid, watched(workflow.metadata, finished));
    return !(ended && finished);
  }

  /** Forgets it. */
  forget(metadata: Metadata): WatchedWorkflow {
    const uid = uidOf(metadata);
    const last = this.#byUid.get(uid) ?? watched(metadata, false);
    this.#byUid.delete(uid);
    return last;
  }

  /** Forgets all that a list does not hold. */
  missing(list: readonly Metadata[]): readonly WatchedWorkflow[] {
    const there = new Set(list.map(uidOf));
    const missing = [...this.#byUid.values()].filter(({ uid }) => !there.has(uid));
    for (const { uid } of missing) this.#byUid.delete(uid);
    return missing;
  }
}

function uidOf({ uid, name }: Metadata): string {
  return uid ?? name;
}

function watched(metadata: Metadata, finished: boolean): WatchedWorkflow {
  return {
    name: metadata.name,
    uid: uidOf(metadata),
    resourceVersion: metadata.resourceVersion ?? '',
    finished,
    labels: own(metadata.labels),
    annotations: own(metadata.annotations),
  };
}

const OWN = 'kfops.dev/';

function own(texts: Readonly<Record<string, string>> = {}): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(texts).filter(([name]) => name.startsWith(OWN)));
}

const NUMBER = /^\d+$/;

/**
 * The API server's versions of one object are numbers that grow. Where they are not (an API server on another store),
 * anything else than the same counts as later.
 */
function isLater(version: string, than: string): boolean {
  if (!NUMBER.test(version) || !NUMBER.test(than)) return version !== than;
  return BigInt(version) > BigInt(than);
}

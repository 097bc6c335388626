import { ancestors, isBelow, sortByPath } from '../../generator/contexts/paths.js';
import type { ContextSource, SourceEntry } from '../../generator/ports.js';
import { fromOutside } from './problems.js';
import type { Gitlink, ListedEntry, OpenedSubmodule } from './types.js';

/** A submodule that is read. */
export interface Submodule<S> extends Gitlink {
  readonly source: S;
}

/** Entries that come from one source: the submodule's, or without it the repository's own. */
export interface Run<S, E> {
  readonly submodule?: Submodule<S>;
  readonly entries: readonly E[];
}

/** The submodules of a source, each opened once, when a context wants its folder. */
export class Submodules<S extends Pick<ContextSource, 'list'>> {
  readonly #asked = new Map<string, Promise<OpenedSubmodule<S>>>();
  readonly #read = new Map<string, Submodule<S>>();

  constructor(private readonly open: (link: Gitlink) => Promise<OpenedSubmodule<S>>) {}

  /** Those opened so far. */
  get opened(): readonly Submodule<S>[] {
    return [...this.#read.values()];
  }

  /**
   * Puts the files of submodules in place of the submodules.
   *
   * @param paths - that were asked for
   * @param entries - what the source itself has below them, sorted
   * @param above - submodules that contain one of the paths
   */
  async expand(
    paths: readonly string[],
    entries: readonly ListedEntry[],
    above: readonly Gitlink[],
  ): Promise<readonly SourceEntry[]> {
    const links = entries.filter(isLink);
    const others = above.filter(({ path }) => !links.some((link) => link.path === path));
    if (links.length === 0 && others.length === 0) return entries;
    const lists: (readonly SourceEntry[])[] = [entries.filter((entry) => !isLink(entry))];
    // One after another: each starts several processes.
    for (const link of links) {
      const opened: OpenedSubmodule<S> = link.problem ? { problem: link.problem } : await this.#get(link);
      if (opened.problem) lists.push([{ ...link, problem: opened.problem }]);
      else lists.push(await listInside(opened.source, link.path, paths));
    }
    for (const link of others) {
      const { source } = await this.#get(link);
      if (source) lists.push(await listInside(source, link.path, paths));
    }
    return sortByPath(lists.flat());
  }

  #get(link: Gitlink): Promise<OpenedSubmodule<S>> {
    const opened = this.#asked.get(link.path) ?? this.#openOnce(link);
    this.#asked.set(link.path, opened);
    return opened;
  }

  async #openOnce({ path, commit }: Gitlink): Promise<OpenedSubmodule<S>> {
    const opened = await this.open({ path, commit });
    if (opened.source) this.#read.set(path, { path, commit, source: opened.source });
    return opened;
  }

  /** The submodule that a file comes from. */
  ownerOf(path: string): Submodule<S> | undefined {
    if (this.#read.size === 0) return undefined;
    for (const above of ancestors(path)) {
      const submodule = this.#read.get(above);
      if (submodule) return submodule;
    }
    return undefined;
  }

  /** Cuts a list into runs that have one source each. */
  runs<E extends SourceEntry>(entries: readonly E[]): readonly Run<S, E>[] {
    if (this.#read.size === 0) return [{ entries }];
    const runs: { submodule?: Submodule<S>; entries: E[] }[] = [];
    for (const entry of entries) {
      const submodule = this.ownerOf(entry.path);
      const last = runs.at(-1);
      if (last && last.submodule === submodule) last.entries.push(entry);
      else runs.push({ ...(submodule && { submodule }), entries: [entry] });
    }
    return runs;
  }
}

/** An entry as the submodule itself lists it. */
export function inside<E extends SourceEntry>(entry: E, { path }: Gitlink): E {
  return { ...entry, path: entry.path.slice(path.length + 1) };
}

/** The paths as seen from a submodule: all of it (`''`), or folders in it; those elsewhere are dropped. */
export function pathsInside(paths: readonly string[], at: string): readonly string[] {
  const found = paths.flatMap((path) => {
    if (isBelow(at, path)) return [''];
    return isBelow(path, at) ? [path.slice(at.length + 1)] : [];
  });
  return [...new Set(found)];
}

async function listInside(
  source: Pick<ContextSource, 'list'>,
  at: string,
  paths: readonly string[],
): Promise<readonly SourceEntry[]> {
  const entries = await source.list(pathsInside(paths, at), { submodules: true });
  return entries.map((entry) => {
    const path = `${at}/${entry.path}`;
    return entry.problem
      ? { ...entry, path, problem: fromOutside(entry.problem, at, entry.path) }
      : { ...entry, path };
  });
}

function isLink(entry: ListedEntry): entry is ListedEntry & Gitlink {
  return entry.commit !== undefined;
}

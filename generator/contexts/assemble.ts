import type { ContextSource, IdentifiedEntry, SourceEntry } from '../ports.js';
import { contextBudget, type ContextBudget } from './budget.js';
import type { Context, ContextEntry, ContextLimits, ContextProblem, ContextRequest } from './context.js';
import { Drafts, type Draft } from './drafts.js';
import { BudgetError } from './glob.js';
import { linksTooSlow } from './limits.js';
import { linksOutside } from './links.js';
import { contextKey, contextObjectKey } from './manifest.js';
import { foldersIn, missingFolder } from './missing.js';
import { hasBelow } from './paths.js';
import { foldersOf, parseRequest, type ParsedRequest, type PlacedEntry } from './places.js';
import { readTargets } from './targets.js';

/** The result of a request: a context, or everything that prevents it. */
export type AssembledContext =
  | {
      readonly context: Context;
      readonly problems: readonly [];
      readonly warnings: readonly ContextProblem[];
    }
  | { readonly context?: undefined; readonly problems: readonly ContextProblem[] };

/**
 * Puts the build contexts of all images together. All folders of all images are listed at once; only what survives
 * a context's .dockerignore is identified, and nothing of a context that is over its limits. What several images share
 * is done once.
 *
 * @param budget - what it may cost; default: enough for all that fits the limits
 * @returns one result for each request, in their order
 * @throws WorkError when a file cannot be read or changes meanwhile
 */
export async function assembleContexts(
  source: ContextSource,
  requests: readonly ContextRequest[],
  limits: ContextLimits,
  budget: ContextBudget = contextBudget(limits),
): Promise<readonly AssembledContext[]> {
  const parsed = requests.map(parseRequest);
  const folders = new Set(parsed.flatMap(foldersOf).map(({ folder }) => folder));
  const listed = await source.list([...folders], { submodules: true });
  const missing = await findMissing(source, parsed, listed, budget);
  const drafts = await new Drafts(source, listed, limits, budget).all(parsed, missing);
  const identified = await identify(source, drafts);
  const targets = await readTargets(
    source,
    [...identified.values()].filter(({ mode }) => mode === '120000'),
  );
  const finished = new Map<readonly PlacedEntry[], AssembledContext>();
  const results = new Map<Draft, AssembledContext>();
  const resultOf = (draft: Draft): AssembledContext => {
    const { entries, problems, warnings } = draft;
    if (problems.length > 0) return { problems };
    const made = finished.get(entries) ?? finish(entries, identified, targets, budget);
    finished.set(entries, made);
    const result = results.get(draft) ?? (made.context ? { ...made, warnings } : made);
    results.set(draft, result);
    return result;
  };
  return drafts.map(resultOf);
}

/** For each request, the folders that are not there; the whole source is listed only to say what was meant. */
async function findMissing(
  source: ContextSource,
  requests: readonly ParsedRequest[],
  listed: readonly SourceEntry[],
  { hints }: ContextBudget,
): Promise<ContextProblem[][]> {
  const missing = requests.map((request) =>
    foldersOf(request).filter(({ folder }) => !hasBelow(listed, folder)),
  );
  if (missing.every((folders) => folders.length === 0)) return [];
  const all = await source.list([''], { submodules: true });
  const there = foldersIn(all);
  return missing.map((folders) => folders.map((folder) => missingFolder(folder, all, there, hints)));
}

/** Identifies every file of every context without problems, each once. */
async function identify(
  source: ContextSource,
  drafts: readonly Draft[],
): Promise<Map<string, IdentifiedEntry>> {
  const wanted = new Map<string, SourceEntry>();
  const lists = new Set(drafts.filter(({ problems }) => problems.length === 0).map(({ entries }) => entries));
  for (const entries of lists) for (const entry of entries) wanted.set(entry.source.path, entry.source);
  const identified = await source.identify([...wanted.values()]);
  return new Map(identified.map((entry) => [entry.path, entry]));
}

function finish(
  entries: readonly PlacedEntry[],
  identified: ReadonlyMap<string, IdentifiedEntry>,
  targets: ReadonlyMap<string, string>,
  budget: ContextBudget,
): AssembledContext {
  const outside = findLinksOutside(entries, targets, budget);
  if (outside.length > 0) return { problems: outside };
  const files: ContextEntry[] = [];
  for (const { path, source } of entries) {
    const entry = identified.get(source.path);
    if (entry === undefined || entry.mode === '160000') continue;
    files.push({ path, mode: entry.mode, blob: entry.blob, size: entry.size, source: entry });
  }
  const key = contextKey(files);
  const bytes = files.reduce((sum, { size }) => sum + size, 0);
  return {
    context: { key, objectKey: contextObjectKey(key), entries: files, bytes },
    problems: [],
    warnings: [],
  };
}

function findLinksOutside(
  entries: readonly PlacedEntry[],
  targets: ReadonlyMap<string, string>,
  budget: ContextBudget,
): readonly ContextProblem[] {
  const links = entries.filter(({ source }) => source.mode === '120000');
  const here = new Map(links.map(({ path, source }) => [path, targets.get(source.path) ?? '']));
  try {
    return [...linksOutside(links, here, budget.links).values()];
  } catch (error) {
    if (!(error instanceof BudgetError)) throw error;
    return [linksTooSlow('the contexts')];
  }
}

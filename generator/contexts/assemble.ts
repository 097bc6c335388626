import type { ContextSource, IdentifiedEntry, SourceEntry } from '../ports.js';
import type { Context, ContextEntry, ContextLimits, ContextProblem, ContextRequest } from './context.js';
import { leaveOutIgnored } from './ignore.js';
import { exceededLimits } from './limits.js';
import { linksOutside, LONGEST_TARGET } from './links.js';
import { contextKey, contextObjectKey } from './manifest.js';
import { missingDockerfile, missingFolder, submodule } from './missing.js';
import { below, entryAt } from './paths.js';
import { parseRequest, placeEntries, type ParsedRequest, type PlacedEntry } from './places.js';
import { readTargets } from './targets.js';

/** What became of a request: a context, or all that is in its way. */
export type AssembledContext =
  | { readonly context: Context; readonly problems: readonly [] }
  | { readonly context?: undefined; readonly problems: readonly ContextProblem[] };

/** A request on its way. */
interface Draft {
  readonly entries: readonly PlacedEntry[];
  readonly problems: ContextProblem[];
}

/**
 * Puts the build contexts of all images together. All folders of all images are listed at once; only what survives
 * a context's .dockerignore is identified, and nothing of a context that is over its limits.
 *
 * @returns one result for each request, in their order
 * @throws WorkError when a file cannot be read or changes meanwhile
 */
export async function assembleContexts(
  source: ContextSource,
  requests: readonly ContextRequest[],
  limits: ContextLimits,
): Promise<readonly AssembledContext[]> {
  const parsed = requests.map(parseRequest);
  const listed = await source.list([...new Set(parsed.flatMap(foldersOf).map(({ folder }) => folder))]);
  const missing = await findMissing(source, parsed, listed);
  const drafts = await Promise.all(
    parsed.map((request, i) => draft(source, request, listed, missing[i] ?? [], limits)),
  );
  const identified = await identify(source, drafts);
  const targets = await readTargets(
    source,
    [...identified.values()].filter(({ mode }) => mode === '120000'),
  );
  return drafts.map((each) => finish(each, identified, targets));
}

function foldersOf({ dockerfileFolder, otherFolders }: ParsedRequest): ParsedRequest['otherFolders'] {
  return dockerfileFolder ? [dockerfileFolder, ...otherFolders] : otherFolders;
}

/** For each request, the folders that are not there; the whole source is listed only to say what was meant. */
async function findMissing(
  source: ContextSource,
  requests: readonly ParsedRequest[],
  listed: readonly SourceEntry[],
): Promise<ContextProblem[][]> {
  const missing = requests.map((request) =>
    foldersOf(request).filter(({ folder }) => !below(listed, folder).some(({ path }) => path !== folder)),
  );
  if (missing.every((folders) => folders.length === 0)) return [];
  const all = await source.list(['']);
  return missing.map((folders) => folders.map((folder) => missingFolder(folder, all)));
}

async function draft(
  source: ContextSource,
  request: ParsedRequest,
  listed: readonly SourceEntry[],
  missing: readonly ContextProblem[],
  limits: ContextLimits,
): Promise<Draft> {
  const placed = placeEntries(request, listed);
  const problems = [...request.problems, ...missing, ...placed.problems];
  const { dockerfile, dockerfileFolder } = request;
  // Without its folder or its name nothing can be said of the Dockerfile, and so of the ignore file.
  if (
    dockerfile === undefined ||
    !dockerfileFolder ||
    missing.some(({ field }) => field[0] === 'dockerfile_folder_path')
  ) {
    return { entries: [], problems };
  }
  if (!entryAt(placed.entries, dockerfile)) {
    problems.push(missingDockerfile(dockerfile, dockerfileFolder.folder, placed.entries));
  }
  const { entries, problems: ignored } = await leaveOutIgnored(source, placed.entries, dockerfile);
  problems.push(...ignored, ...unusable(entries), ...exceededLimits(entries, limits));
  return { entries, problems };
}

/** What a source says cannot be in a context. */
function unusable(entries: readonly PlacedEntry[]): ContextProblem[] {
  return entries.flatMap(({ source, field }): ContextProblem[] => {
    if (source.problem) return [{ ...source.problem, field }];
    if (source.mode === '160000') return [submodule(source.path, field)];
    if (source.mode !== '120000' || source.size <= LONGEST_TARGET) return [];
    const message = `the target of the symbolic link \`${source.path}\` is longer than ${LONGEST_TARGET} bytes`;
    return [{ code: 'LINK_OUTSIDE', message, hint: 'remove the link', field }];
  });
}

/** Identifies every file of every context without problems, each once. */
async function identify(
  source: ContextSource,
  drafts: readonly Draft[],
): Promise<Map<string, IdentifiedEntry>> {
  const wanted = new Map<string, SourceEntry>();
  for (const { entries, problems } of drafts) {
    if (problems.length > 0) continue;
    for (const entry of entries) wanted.set(entry.source.path, entry.source);
  }
  const identified = await source.identify([...wanted.values()]);
  return new Map(identified.map((entry) => [entry.path, entry]));
}

function finish(
  { entries, problems }: Draft,
  identified: ReadonlyMap<string, IdentifiedEntry>,
  targets: ReadonlyMap<string, string>,
): AssembledContext {
  if (problems.length > 0) return { problems };
  const links = entries.filter(({ source }) => source.mode === '120000');
  const outside = linksOutside(
    links,
    new Map(links.map(({ path, source }) => [path, targets.get(source.path) ?? ''])),
  );
  if (outside.length > 0) return { problems: outside };
  const files = entries.flatMap(({ path, source }): ContextEntry[] => {
    const entry = identified.get(source.path);
    if (entry === undefined || entry.mode === '160000') return [];
    return [{ path, mode: entry.mode, blob: entry.blob, size: entry.size, source: entry }];
  });
  const key = contextKey(files);
  const bytes = files.reduce((sum, { size }) => sum + size, 0);
  return { context: { key, objectKey: contextObjectKey(key), entries: files, bytes }, problems: [] };
}

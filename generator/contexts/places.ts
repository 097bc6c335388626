import { normalisePath } from '../../schema/paths.js';
import type { SourceEntry } from '../ports.js';
import type { ContextProblem, ContextRequest } from './context.js';
import type { StepBudget } from './glob.js';
import { ancestors, below, joinPath, lastName, parentPath, sortByPath } from './paths.js';
import { leftOutOfRoot } from './root.js';

/** A file of a source at its place in a context. */
export interface PlacedEntry {
  /** From the context's root. */
  readonly path: string;
  readonly source: SourceEntry;
  /** The field of the image that brought it here. */
  readonly field: ContextProblem['field'];
}

/** A folder that a request names, in the form that sources use. */
export interface RequestedFolder {
  readonly folder: string;
  readonly field: ContextProblem['field'];
}

/** A request whose paths were read. */
export interface ParsedRequest {
  readonly dockerfileFolder: RequestedFolder | undefined;
  readonly otherFolders: readonly RequestedFolder[];
  /** From the context's root. */
  readonly dockerfile: string | undefined;
  readonly problems: readonly ContextProblem[];
}

/** All folders of a request. */
export function foldersOf({ dockerfileFolder, otherFolders }: ParsedRequest): readonly RequestedFolder[] {
  return dockerfileFolder ? [dockerfileFolder, ...otherFolders] : otherFolders;
}

/** Reads the paths of a request; what is wrong with one is a problem of its field. */
export function parseRequest(request: ContextRequest): ParsedRequest {
  const problems: ContextProblem[] = [];
  const read = (text: string, field: ContextProblem['field']): string | undefined => {
    const path = normalisePath(text);
    if (path !== undefined) return path;
    problems.push({
      code: 'PATH_OUTSIDE',
      message: `${JSON.stringify(text)} is not a path inside the repository`,
      hint: 'write it from the root of the repository, with `/`',
      field,
    });
    return undefined;
  };
  const dockerfileFolder = read(request.dockerfileFolder, ['dockerfile_folder_path']);
  const otherFolders = request.otherFolders.flatMap((text, i): RequestedFolder[] => {
    const field = ['other_folders_path', i];
    const folder = read(text, field);
    if (folder !== '') return folder === undefined ? [] : [{ folder, field }];
    problems.push({
      code: 'WRONG_VALUE',
      message: `${JSON.stringify(text)} is the root of the repository, which has no name to stand under`,
      hint: 'name the folders that the image needs, or make the root its `dockerfile_folder_path`',
      field,
    });
    return [];
  });
  return {
    dockerfileFolder:
      dockerfileFolder === undefined
        ? undefined
        : { folder: dockerfileFolder, field: ['dockerfile_folder_path'] },
    otherFolders,
    dockerfile: read(request.dockerfile, ['dockerfile']),
    problems,
  };
}

/** Top folders of the repository that a request names for themselves, so that a root context has them, too. */
export function keptInRoot({ otherFolders, dockerfile = '' }: ParsedRequest): readonly string[] {
  return [
    ...otherFolders.map(({ folder }) => folder),
    dockerfile.slice(0, Math.max(dockerfile.indexOf('/'), 0)),
  ];
}

/** What {@link placeEntries} made of a request. */
export interface Placement {
  /** Sorted by path in byte order. */
  readonly entries: readonly PlacedEntry[];
  readonly problems: readonly ContextProblem[];
}

/**
 * Puts the files of a request's folders at their places in the context: those of the Dockerfile's folder at the root,
 * each other folder under its base name. What is in a `__pycache__` is left out, and of the repository's root
 * {@link leftOutOfRoot}.
 *
 * @param listed - all files of the source that any request wants, sorted by path in byte order
 * @param files - how many may be placed
 * @throws BudgetError
 */
export function placeEntries(
  request: ParsedRequest,
  listed: readonly SourceEntry[],
  files: StepBudget,
): Placement {
  const { dockerfileFolder, otherFolders } = request;
  const problems: ContextProblem[] = [];
  const entries: PlacedEntry[] = [];
  /** Names at the context's root, and where each comes from. */
  const owners = new Map<string, string>();
  const add = (source: SourceEntry, path: string, field: ContextProblem['field']): void => {
    const compiled = path.includes('__pycache__') && `/${path}/`.includes('/__pycache__/');
    if (!compiled) entries.push({ path, source, field });
  };
  if (dockerfileFolder) {
    const { folder, field } = dockerfileFolder;
    const found = below(listed, folder);
    files.spend(found.length);
    const kept = keptInRoot(request);
    for (const source of found) {
      if (source.path === folder || (folder === '' && leftOutOfRoot(source, kept))) continue;
      const path = folder === '' ? source.path : source.path.slice(folder.length + 1);
      add(source, path, field);
      const slash = path.indexOf('/');
      const name = slash === -1 ? path : path.slice(0, slash);
      if (!owners.has(name)) owners.set(name, joinPath(folder, name));
    }
  }
  for (const { folder, field } of otherFolders) {
    const name = lastName(folder);
    const owner = owners.get(name);
    // It is in the Dockerfile's folder, at this very place.
    if (owner === folder && parentPath(folder) === dockerfileFolder?.folder) continue;
    if (owner !== undefined) {
      problems.push(clash(name, owner, folder, field));
      continue;
    }
    owners.set(name, folder);
    const found = below(listed, folder);
    files.spend(found.length);
    for (const source of found) {
      if (source.path !== folder) add(source, name + source.path.slice(folder.length), field);
    }
  }
  sortByPath(entries);
  problems.push(...doubles(entries));
  return { entries, problems };
}

/** A tree object written by hand can hold a name twice, or a file where there is a folder; unpacking it would not be safe. */
function doubles(entries: readonly PlacedEntry[]): ContextProblem[] {
  const folders = new Set<string>();
  let last = '';
  for (const { path } of entries) {
    const parent = parentPath(path);
    if (parent === last) continue;
    last = parent;
    for (const folder of ancestors(path)) {
      if (folders.has(folder)) break;
      folders.add(folder);
    }
  }
  return entries.flatMap(({ path, source, field }, i) =>
    folders.has(path) || entries[i - 1]?.path === path ? [clash(path, source.path, source.path, field)] : [],
  );
}

function clash(place: string, first: string, second: string, field: ContextProblem['field']): ContextProblem {
  const message =
    first === second
      ? `\`${first}\` would be twice at \`${place}\` in the context`
      : `\`${first}\` and \`${second}\` would both be at \`${place}\` in the context`;
  return { code: 'CONTEXT_CLASH', message, hint: 'rename one of them, or leave one out', field };
}

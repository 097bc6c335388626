import { joinPath, isBelow, parentPath } from '../../generator/contexts/paths.js';
import { copiedPaths } from './dockerfile-sources.js';
import type { Tree } from './tree.js';

/** An image as `image_builder.images` has it. */
export interface ProposedImage {
  readonly name: string;
  /** `.` is the root. */
  readonly folder: string;
  /** From the folder. */
  readonly dockerfile: string;
  readonly otherFolders: readonly string[];
  /** What its `COPY` names and no folder has. */
  readonly missing: readonly string[];
}

const DOCKERFILE = /^(?:Dockerfile(?:\.(?!dockerignore$).+)?|.+\.[Dd]ockerfile)$/;
/** Folders that say what is in them and not whose it is. */
const NO_NAME = /^\.?(?:docker|dockerfiles?|containers?|images?|build)$/i;

/** The files that are named like a Dockerfile. */
export function dockerfilesOf(tree: Tree): string[] {
  return tree.files.filter((path) => DOCKERFILE.test(baseOf(path)));
}

/**
 * Proposes an image for each Dockerfile, with the smallest context that has what its `COPY` and `ADD` name.
 *
 * @param dockerfiles - path → content; those without a `FROM` are templates or something else
 * @param repository - gives its name to the image of a Dockerfile in the root
 */
export function proposeImages(
  tree: Tree,
  dockerfiles: ReadonlyMap<string, string>,
  repository: string,
): ProposedImage[] {
  const taken = new Set<string>();
  return [...dockerfiles]
    .filter(([, text]) => /^[ \t]*FROM[ \t]+\S/im.test(text))
    .map(([path, text]) => ({
      name: unique(namesFor(path, repository), taken),
      ...contextOf(tree, path, copiedPaths(text)),
    }));
}

function contextOf(tree: Tree, path: string, sources: readonly string[]): Omit<ProposedImage, 'name'> {
  const own = parentPath(path);
  const missingIn = (folder: string): string[] => sources.filter((source) => !tree.has(folder, source));
  const at = (folder: string, otherFolders: readonly string[] = []): Omit<ProposedImage, 'name'> => ({
    folder: folder === '' ? '.' : folder,
    dockerfile: folder === '' ? path : path.slice(folder.length + 1),
    otherFolders,
    missing: [],
  });
  const missing = missingIn(own);
  if (missing.length === 0) return at(own);
  const inRoot = foldersFor(tree, own, missing, (name) => (tree.folders.has(name) ? [name] : []));
  if (inRoot) return at(own, inRoot);
  for (let folder = own; folder !== '';) {
    folder = parentPath(folder);
    if (missingIn(folder).length === 0) return at(folder);
  }
  const anywhere = foldersFor(tree, own, missing, (name) => tree.named(name));
  return anywhere ? at(own, anywhere) : { ...at(own), missing };
}

/** The folders that bring sources into a context under their base names; undefined if one is missing, or not the only one. */
function foldersFor(
  tree: Tree,
  own: string,
  sources: readonly string[],
  candidates: (name: string) => readonly string[],
): string[] | undefined {
  const folders = new Set<string>();
  for (const source of sources) {
    const [name = ''] = source.split('/', 1);
    const [folder, ...more] = candidates(name).filter((each) => tree.has(parentPath(each), source));
    const clash = folder === undefined || isBelow(own, folder) || tree.folders.has(joinPath(own, name));
    if (clash || more.length > 0) return undefined;
    folders.add(folder);
  }
  return [...folders].sort();
}

/** What an image may be called, the best first: by its file's own name, by its folder, by all the folders. */
function namesFor(path: string, repository: string): string[] {
  const file = baseOf(path);
  const folders = parentPath(path).split('/');
  const speaking = folders.filter((folder) => !NO_NAME.test(folder) && cleaned(folder) !== '');
  const [, ending = ''] = /^Dockerfile\.(.+)$/.exec(file) ?? [];
  const [, own = ''] = /^(.+)\.dockerfile$/i.exec(file) ?? [];
  const shortest = own === '' ? [speaking.at(-1) ?? repository, ending] : [own];
  const names = [shortest, [...speaking, own, ending], [repository, ...folders, own, ending]];
  return names.map((parts) => cleaned(parts.join('-'))).filter((name) => name !== '');
}

function unique(names: readonly string[], taken: Set<string>): string {
  const [best = 'image'] = names;
  let name = names.find((each) => !taken.has(each)) ?? best;
  for (let n = 2; taken.has(name); n++) name = `${best}-${n}`;
  taken.add(name);
  return name;
}

const LONGEST_NAME = 60;

/** A part of an image's name: lower-case letters, digits and single `-`; `''` if nothing is left. */
export function cleaned(text: string): string {
  return text
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .slice(0, LONGEST_NAME)
    .replace(/^-|-$/g, '');
}

function baseOf(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}

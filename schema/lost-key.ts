import type { Diagnostic } from './diagnostic.js';
import { diagnosticAt, withPlace, type Finding } from './located.js';
import type { Source } from './source.js';
import { formatPath, itemsAt, textAt, type ConfigPath, type Tree } from './tree.js';

const IMAGES: ConfigPath = ['image_builder', 'images'];

function finding(folder: string): Finding {
  return {
    code: 'LOST_KEY',
    message: `\`${folder}\` is in the list of images: the line \`other_folders_path:\` above it is missing.`,
    hint: 'Put `other_folders_path:` on a line of its own below `dockerfile_folder_path`, and the folders below it.',
  };
}

/** Folders in the list of images: each image is a map, so a text or a list of texts lost its key. */
export function lostKeys(tree: Tree): { path: ConfigPath; diagnostic: Diagnostic }[] {
  return itemsAt(tree, IMAGES).flatMap((item, index) => {
    const path = [...IMAGES, index];
    const folder = lostFolder(item);
    if (folder !== undefined) return [{ path, diagnostic: diagnosticAt(tree, path, finding(folder)) }];
    // YAML joins a deeper-indented `- libs` to the text of the line above.
    const text = textAt(item, ['dockerfile_folder_path']);
    const joined = text && /\s- +(\S+)/.exec(text)?.[1];
    const folderPath = [...path, 'dockerfile_folder_path'];
    return joined && text.length > 0 && spansLines(item)
      ? [{ path: folderPath, diagnostic: diagnosticAt(tree, folderPath, finding(joined)) }]
      : [];
  });
}

function lostFolder(item: Tree): string | undefined {
  if (item.kind === 'scalar') return typeof item.value === 'string' ? item.value : undefined;
  return item.kind === 'list' ? (textAt(item, [0]) ?? undefined) : undefined;
}

function spansLines(image: Tree): boolean {
  const folder = image.kind === 'map' ? image.entries.get('dockerfile_folder_path') : undefined;
  return !!folder && folder.source.text.slice(...folder.range).includes('\n');
}

/** The same slip where YAML stumbles over it: list items right below `dockerfile_folder_path: …`. */
export function findLostKey(source: Source, offset: number): Diagnostic | undefined {
  const lines = source.text.slice(0, source.text.indexOf('\n', offset) >>> 0).split('\n');
  let folder: { text: string; line: number } | undefined;
  for (let index = lines.length - 1; index >= 0; index--) {
    const line = lines[index] ?? '';
    const item = /^\s*- +(['"]?)([^\s'":#]+)\1\s*(?:#.*)?$/.exec(line);
    if (item?.[2] !== undefined) folder = { text: item[2], line: index };
    else if (/^\s*(?:- +)?dockerfile_folder_path:\s*\S/.test(line)) break;
    else if (/\S/.test(line) && !/^\s*#/.test(line)) return undefined;
    if (index === 0) return undefined;
  }
  if (!folder) return undefined;
  const lineStart = lines.slice(0, folder.line).reduce((sum, line) => sum + line.length + 1, 0);
  const start = lineStart + (lines[folder.line] ?? '').indexOf(folder.text);
  return withPlace(finding(folder.text), source.locate(start, start + folder.text.length));
}

/** @returns how an image is named in messages: by its name where it has one. */
export function imageLabel(tree: Tree, index: number): string {
  const path = [...IMAGES, index];
  return textAt(tree, [...path, 'name']) ?? formatPath(path);
}

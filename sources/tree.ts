import { isUtf8 } from 'node:buffer';

import type { FileMode, SourceProblem } from '../generator/ports.js';
import type { ListedEntry } from './submodules/types.js';

/** The parts of `git … -z` output, as text; a part that is not UTF-8 is read with replacement characters and marked. */
export function splitNul(output: Buffer): { readonly text: string; readonly valid: boolean }[] {
  if (isUtf8(output)) {
    const parts = output.toString('utf8').split('\0');
    parts.pop();
    return parts.map((text) => ({ text, valid: true }));
  }
  const parts: { text: string; valid: boolean }[] = [];
  for (let start = 0; start < output.length;) {
    const end = output.indexOf(0, start);
    const part = output.subarray(start, end);
    parts.push({ text: part.toString('utf8'), valid: isUtf8(part) });
    start = end + 1;
  }
  return parts;
}

/** What is wrong with a path that git lists, if anything. */
export function nameProblem(path: string, valid: boolean): SourceProblem | undefined {
  const hint = 'rename the file';
  const code = 'FILE_UNREADABLE';
  if (!valid) return { code, message: `the name of \`${path}\` is not UTF-8`, hint };
  // Git itself never writes these; a tree made by hand can hold them.
  if (!/(^|\/)(\.{0,2}|\.git)(\/|$)/i.test(path)) return undefined;
  return { code, message: `${JSON.stringify(path)} is not a path that a file can have`, hint };
}

/** Git's mode of an entry; trees of old gits hold a few more. */
export function fileMode(mode: string): FileMode {
  if (mode === '100644' || mode === '100755') return mode;
  if (mode === '120000' || mode === '160000') return mode;
  return (parseInt(mode, 8) & 0o100) === 0 ? '100644' : '100755';
}

/** Cuts `git … -z` output into its parts as it comes. A part is never in two pieces. */
export class NulSplitter {
  #rest: Buffer[] = [];

  /** @returns the parts that end in this piece */
  push(piece: Buffer): ReturnType<typeof splitNul> {
    const end = piece.lastIndexOf(0) + 1;
    if (end === 0) {
      this.#rest.push(piece);
      return [];
    }
    const whole = this.#rest.length === 0 ? piece.subarray(0, end) : [...this.#rest, piece.subarray(0, end)];
    this.#rest = end === piece.length ? [] : [piece.subarray(end)];
    return splitNul(Array.isArray(whole) ? Buffer.concat(whole) : whole);
  }
}

/**
 * Reads a part of `git ls-tree -r -z -l`: `<mode> <type> <id> <size, padded><TAB><path>`; without `-l` sizes are 0.
 *
 * @returns undefined for a folder
 */
export function parseTreeLine({ text, valid }: { text: string; valid: boolean }): ListedEntry | undefined {
  if (text.startsWith(FOLDER)) return undefined;
  const tab = text.indexOf('\t');
  const mode = fileMode(text.slice(0, 6));
  const path = text.slice(tab + 1);
  if (mode === '160000') {
    const [, , commit = ''] = text.slice(0, tab).split(' ');
    const wrong = nameProblem(path, valid);
    return { path, mode, size: 0, commit, ...(wrong && { problem: wrong }) };
  }
  const space = text.indexOf(' ', 12);
  const end = space === -1 ? tab : Math.min(space, tab);
  const size = Number(text.slice(end, tab));
  const entry = { path, mode, size: Number.isNaN(size) ? 0 : size, blob: text.slice(12, end) };
  const problem = Number.isNaN(size) ? contentMissing(path) : nameProblem(path, valid);
  return problem ? { ...entry, problem } : entry;
}

/** In a damaged repository git lists a file whose content is gone with the size `BAD`, and does not fail. */
function contentMissing(path: string): SourceProblem {
  return {
    code: 'FILE_UNREADABLE',
    message: `the repository is damaged: the content of \`${path}\` is not in it`,
    hint: 'run `git fsck` to see what is wrong, or clone the repository again',
  };
}

const FOLDER = '040000 ';

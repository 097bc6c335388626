import { lstat } from 'node:fs/promises';
import { dirname, join } from 'node:path';

import { sortByPath } from '../generator/contexts/paths.js';
import type { FileMode, SourceProblem } from '../generator/ports.js';
import type { ObjectFormat } from './blob-id.js';
import { runGit, type GitSettings } from './run-git.js';
import { fileMode, nameProblem, splitNul } from './tree.js';

/** A file that git tracks, or that it does not track and does not ignore. */
export interface KnownFile {
  readonly path: string;
  /** As the index has it; absent for an untracked file. */
  readonly indexMode?: FileMode;
  readonly problem?: SourceProblem;
}

/** What git knows of a folder in a work tree. */
export interface GitInventory {
  /** Absent before the first commit. */
  readonly commit?: string;
  readonly dirty: boolean;
  readonly format: ObjectFormat;
  /** Whether the executable bit on disk means anything (not on every file system). */
  readonly trustsModes: boolean;
  /** Path from the folder to the top of the work tree: `''`, `../`, … */
  readonly toTop: string;
  /** Sorted by path in byte order. */
  readonly files: readonly KnownFile[];
}

/**
 * Whether a folder is in a git repository, without asking git: when git refuses to look (another owner, no git at all)
 * that must not pass for "no repository", which would deliver what git ignores.
 */
export async function isInRepository(folder: string): Promise<boolean> {
  for (let at = folder; ; at = dirname(at)) {
    const found = await lstat(join(at, '.git')).catch(() => undefined);
    if (found) return true;
    if (dirname(at) === at) return false;
  }
}

/**
 * Asks git which files of a folder belong to the repository. No filter, hook or monitor of the repository runs.
 *
 * @param includeIgnored adds what git ignores
 * @returns undefined when the folder is not in a work tree (in `.git` itself)
 * @throws WorkError when git does not answer
 */
export async function takeInventory(
  folder: string,
  includeIgnored: boolean,
): Promise<GitInventory | undefined> {
  const inside = await runGit(folder, [
    'rev-parse',
    '--is-inside-work-tree',
    '--show-cdup',
    '--show-object-format',
  ]);
  const [answer, toTop = '', format] = inside.stdout.toString('utf8').split('\n');
  if (answer !== 'true') return undefined;
  const others = ['ls-files', '-z', '--others', ...(includeIgnored ? [] : ['--exclude-standard'])];
  const [head, modes, tracked, untracked, settings] = await Promise.all([
    runGit(folder, ['rev-parse', '--verify', '--quiet', 'HEAD^{commit}'], { allow: [1] }),
    runGit(folder, ['config', '--type=bool', '--default=true', '--get', 'core.fileMode'], { allow: [1] }),
    runGit(folder, ['ls-files', '-z', '--cached', '--stage']),
    runGit(folder, others),
    withoutFilters(folder),
  ]);
  const status = [
    'status',
    '--porcelain',
    '-z',
    '-uno',
    '--no-renames',
    '--ignore-submodules=all',
    '--',
    '.',
  ];
  const changes = await runGit(folder, status, { settings });
  const files = new Map<string, KnownFile>();
  for (const file of [...parseStage(tracked.stdout), ...parseOthers(untracked.stdout)])
    files.set(file.path, file);
  const commit = head.stdout.toString('utf8').trim();
  return {
    ...(commit !== '' && { commit }),
    dirty: changes.stdout.length > 0 || untracked.stdout.length > 0,
    format: format === 'sha256' ? 'sha256' : 'sha1',
    trustsModes: process.platform !== 'win32' && modes.stdout.toString('utf8').trim() !== 'false',
    toTop,
    files: sortByPath([...files.values()]),
  };
}

/** `git status` would run the filters of changed files; a file that only a filter makes equal then counts as changed. */
async function withoutFilters(folder: string): Promise<GitSettings> {
  const args = [
    'config',
    '-z',
    '--name-only',
    '--get-regexp',
    '^filter\\..*\\.(clean|smudge|process|required)$',
  ];
  const { stdout } = await runGit(folder, args, { allow: [1] });
  return splitNul(stdout).map(({ text }) => [text, text.endsWith('.required') ? 'false' : '']);
}

/** `<mode> <blob> <stage><TAB><path>`; a file in a conflict comes once for each side. */
function parseStage(output: Buffer): KnownFile[] {
  return splitNul(output).map(({ text, valid }) => {
    const path = text.slice(text.indexOf('\t') + 1);
    const problem = nameProblem(path, valid);
    return { path, indexMode: fileMode(text.slice(0, 6)), ...(problem && { problem }) };
  });
}

/** A path that ends with `/` is a repository of its own. */
function parseOthers(output: Buffer): KnownFile[] {
  return splitNul(output).map(({ text, valid }): KnownFile => {
    if (text.endsWith('/')) return { path: text.slice(0, -1), indexMode: '160000' };
    const problem = nameProblem(text, valid);
    return { path: text, ...(problem && { problem }) };
  });
}

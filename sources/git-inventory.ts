import { lstat } from 'node:fs/promises';
import { dirname, join } from 'node:path';

import { sortByPath } from '../generator/contexts/paths.js';
import type { ObjectFormat } from '../common/git-blob.js';
import type { Inventory } from './inventory.js';
import type { KnownFile } from './known-file.js';
import type { SparseMode } from './not-checked-out.js';
import { withoutOutputs } from './outputs.js';
import { runGit, streamGit, type GitSettings } from './run-git.js';
import { otherRepository } from './submodules/problems.js';
import { fileMode, nameProblem, NulSplitter, splitNul } from './tree.js';

/** What git knows of a folder in a work tree. */
export interface GitInventory {
  /** Absent before the first commit. */
  readonly commit?: string;
  /** Paths that differ from the commit: changed, deleted or not tracked. */
  readonly changed: readonly string[];
  /** Paths where the index differs from the commit. */
  readonly staged: ReadonlySet<string>;
  readonly sparse: SparseMode;
  /** Path from the top of the work tree to the folder, with `/` at its end, or empty. */
  readonly prefix: string;
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
 * @param options.includeIgnored - adds what git ignores
 * @param options.outputs - what this run writes, from the folder
 * @param inventory - counts the files
 * @returns undefined when the folder is not in a work tree (in `.git` itself)
 * @throws WorkError when git does not answer
 */
export async function takeInventory(
  folder: string,
  { includeIgnored, outputs }: { readonly includeIgnored: boolean; readonly outputs: readonly string[] },
  inventory: Inventory,
): Promise<GitInventory | undefined> {
  const [inside, settings] = await Promise.all([
    runGit(folder, [
      'rev-parse',
      '--is-inside-work-tree',
      '--show-cdup',
      '--show-object-format',
      '--show-prefix',
    ]),
    readSettings(folder),
  ]);
  // The prefix comes last: a folder's name may have a newline in it.
  const [answer, toTop = '', format, ...rest] = inside.stdout.toString('utf8').split('\n');
  const prefix = rest.slice(0, -1).join('\n');
  if (answer !== 'true') return undefined;
  const listOthers = ['ls-files', '-z', '--others', ...(includeIgnored ? [] : ['--exclude-standard'])];
  const [status, tracked, others] = await Promise.all([
    readStatus(folder, prefix, settings.withoutFilters),
    listFiles(folder, ['ls-files', '-z', '-t', '--cached', '--stage'], parseStage, inventory),
    listFiles(folder, listOthers, parseOther, inventory),
  ]);
  const untracked = await withoutOutputs(folder, others, outputs);
  const files = new Map<string, KnownFile>();
  for (const file of [...tracked, ...untracked]) files.set(file.path, file);
  return {
    ...(status.commit !== undefined && { commit: status.commit }),
    changed: [...status.changed, ...untracked.map(({ path }) => path)],
    staged: status.staged,
    sparse: settings.sparse,
    prefix,
    format: format === 'sha256' ? 'sha256' : 'sha1',
    trustsModes: process.platform !== 'win32' && settings.fileMode,
    toTop,
    files: sortByPath([...files.values()]),
  };
}

/** Reads a list of git while it comes. */
async function listFiles(
  folder: string,
  args: readonly string[],
  parse: (part: Part) => KnownFile,
  inventory: Inventory,
): Promise<KnownFile[]> {
  const files: KnownFile[] = [];
  const splitter = new NulSplitter();
  await streamGit(folder, args, (piece) => {
    const parts = splitter.push(piece);
    inventory.add(parts.length, piece.length);
    for (const part of parts) files.push(parse(part));
  });
  return files;
}

type Part = ReturnType<typeof splitNul>[number];

const FALSE = /^(?:false|no|off|0)$/i;

/** What the repository's and the user's configuration say, asked in one call. */
async function readSettings(
  folder: string,
): Promise<{ fileMode: boolean; sparse: SparseMode; withoutFilters: GitSettings }> {
  const pattern =
    '^(core\\.(filemode|sparsecheckout|sparsecheckoutcone)|filter\\..*\\.(clean|smudge|process|required))$';
  const { stdout } = await runGit(folder, ['config', '-z', '--get-regexp', pattern], { allow: [1] });
  const core = new Map<string, boolean>();
  const withoutFilters: [string, string][] = [];
  for (const { text } of splitNul(stdout)) {
    // A key without `=` has no line feed, and means true.
    const [name = '', value = 'true'] = text.split('\n');
    if (name.startsWith('core.')) core.set(name, !FALSE.test(value));
    else withoutFilters.push([name, name.endsWith('.required') ? 'false' : '']);
  }
  const cone = core.get('core.sparsecheckoutcone') === true ? 'cone' : 'patterns';
  return {
    fileMode: core.get('core.filemode') ?? true,
    sparse: core.get('core.sparsecheckout') === true ? cone : 'none',
    withoutFilters,
  };
}

/**
 * The commit, and whether tracked files differ from it. `git status` would run the filters of changed files, so it is
 * given none; a file that only a filter makes equal then counts as changed.
 */
async function readStatus(
  folder: string,
  prefix: string,
  settings: GitSettings,
): Promise<{ commit: string | undefined; changed: string[]; staged: Set<string> }> {
  const args = [
    'status',
    '--porcelain=v2',
    '--branch',
    '-z',
    '-uno',
    '--no-renames',
    // Those with other commits, whatever the configuration says; git would run their filters to look for more.
    '--ignore-submodules=dirty',
  ];
  const { stdout } = await runGit(folder, [...args, '--', '.'], { settings });
  const lines = splitNul(stdout).map(({ text }) => text);
  const changes = lines
    .filter((line) => !line.startsWith('# '))
    .map((line) => ({ path: changedPath(line).slice(prefix.length), staged: isStaged(line) }));
  const commit = lines.find((line) => line.startsWith('# branch.oid '))?.slice(13);
  return {
    commit: commit === '(initial)' ? undefined : commit,
    changed: changes.map(({ path }) => path),
    staged: new Set(changes.filter(({ staged }) => staged).map(({ path }) => path)),
  };
}

/** Whether an entry of `git status` says that the index differs from the commit: in `.M`, say, only the work tree does. */
function isStaged(line: string): boolean {
  return !/^1 \.[^A]/.test(line);
}

/** The path of an entry of `git status --porcelain=v2`, from the top of the work tree: after 8 fields, after 10 in a conflict. */
function changedPath(line: string): string {
  return line
    .split(' ')
    .slice(line.startsWith('u ') ? 10 : 8)
    .join(' ');
}

/** `<tag> <mode> <blob> <stage><TAB><path>`; a file in a conflict comes once for each side. */
function parseStage({ text, valid }: Part): KnownFile {
  const tab = text.indexOf('\t');
  const [tag, mode = '', blob = ''] = text.slice(0, tab).split(' ');
  const path = text.slice(tab + 1);
  const problem = nameProblem(path, valid);
  return {
    path,
    indexMode: fileMode(mode),
    blob,
    ...(tag === 'S' && { skipped: true }),
    ...(tag === 'M' && { unmerged: true }),
    ...(problem && { problem }),
  };
}

/** A path that ends with `/` is a repository of its own. */
function parseOther({ text, valid }: Part): KnownFile {
  if (text.endsWith('/')) {
    const path = text.slice(0, -1);
    return { path, indexMode: '160000', untracked: true, problem: otherRepository(path) };
  }
  const problem = nameProblem(text, valid);
  return { path: text, untracked: true, ...(problem && { problem }) };
}

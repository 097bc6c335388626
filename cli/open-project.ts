import { existsSync, readFileSync, statSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';

import { CONFIG_PATH, type ProjectOptions } from '../generator/project/project.js';
import {
  ConfigError,
  parseSettings,
  type Diagnostic,
  type Located,
  type Override,
  type Settings,
} from '../schema/index.js';
import { shellQuote } from '../schema/shell.js';
import { originOf } from './invocation.js';
import type { Io } from './io.js';
import type { ProjectFlags } from './options.js';
import type { Session } from './session.js';

/** What of a session is needed to open a project. */
export type Opening = Pick<Session, 'io' | 'command'>;

/** A project to be read, and what is doubtful in the settings it is read with. */
export interface OpenedProject {
  readonly options: ProjectOptions;
  readonly warnings: readonly Diagnostic[];
}

/**
 * Opens what the arguments name: the repository's files, the settings, the configuration from elsewhere.
 *
 * @param dir - as the user wrote it
 * @param tellMissing - what to say where no folder above has a configuration either
 * @throws ConfigError when one of them is not there
 */
export async function openProject(
  session: Opening,
  dir: string,
  flags: ProjectFlags,
  tellMissing: TellMissing = proposeInit,
): Promise<OpenedProject> {
  const { io } = session;
  const folder = resolve(io.cwd, dir);
  requireFolder(dir, folder);
  if (flags.config === undefined && flags.commit === undefined) requireConfig(io, dir, folder, tellMissing);
  const read = readSettings(session, flags.settings);
  const settings = flags.withSettings?.(read.value) ?? read.value;
  return {
    options: {
      source: await openSource(io, folder, flags, settings.limits.repository_files),
      settings,
      ...(flags.config !== undefined && {
        config: { file: flags.config, text: readText(io, '--config', flags.config) },
      }),
      overrides: overridesOf(io, flags),
    },
    warnings: read.warnings,
  };
}

/** The file first: `--set` says more exactly what is wanted. */
function overridesOf(io: Io, { configOverride, set = [] }: ProjectFlags): Override[] {
  const values = set.map((text): Override => ({ kind: 'set', text }));
  if (configOverride === undefined) return values;
  return [
    { kind: 'file', file: configOverride, text: readText(io, '--config-override', configOverride) },
    ...values,
  ];
}

async function openSource(
  io: Io,
  folder: string,
  flags: ProjectFlags,
  files: number,
): Promise<ProjectOptions['source']> {
  if (flags.commit !== undefined) {
    const { gitCommitSource } = await import('../sources/git.js');
    return gitCommitSource(folder, flags.commit, files);
  }
  const { folderSource } = await import('../sources/folder.js');
  const { includeIgnored = false, output = '-' } = flags;
  const outputs = output === '-' ? [] : [resolve(io.cwd, output)];
  return folderSource(folder, { includeIgnored, files, outputs });
}

/**
 * The settings of a file, else the defaults.
 *
 * @throws ConfigError when the file cannot be read or is wrong
 */
export function readSettings(session: Opening, file: string | undefined): Located<Settings> {
  return file === undefined
    ? parseSettings('', { file: 'defaults' })
    : parseSettings(readText(session.io, originOf(session, 'settings'), file), { file });
}

/**
 * Reads the file that an option names.
 *
 * @param option - where the name comes from
 * @throws ConfigError when it cannot be read
 */
export function readText(io: Io, option: string, file: string): string {
  try {
    return readFileSync(resolve(io.cwd, file), 'utf8');
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    const missing = code === 'ENOENT';
    const why = missing
      ? 'does not exist'
      : code === 'EISDIR'
        ? 'is a folder'
        : `cannot be read (${code ?? 'unknown'})`;
    throw problem({
      code: missing ? 'FILE_MISSING' : 'FILE_UNREADABLE',
      message: `\`${file}\` ${why}`,
      file: option,
      hint: `name a file that can be read; paths start at ${io.cwd}`,
    });
  }
}

function requireFolder(dir: string, folder: string): void {
  refuseFile(dir, folder);
  if (existsSync(folder)) return;
  throw wrongFolder(`there is no folder \`${dir}\``);
}

/**
 * Refuses an argument DIR that is there and is no folder.
 *
 * @param dir - as the user wrote it
 * @param folder - its absolute path
 * @throws ConfigError
 */
export function refuseFile(dir: string, folder: string): void {
  const there = kindOf(folder, dir);
  if (there !== undefined && there !== 'folder') throw wrongFolder(`\`${dir}\` is not a folder`);
}

/**
 * What is at a path: `behind file` where a file is on the way to it.
 *
 * @param name - as the user knows it
 * @throws ConfigError when a folder above it lets nobody look
 */
function kindOf(path: string, name: string): 'folder' | 'file' | 'behind file' | undefined {
  try {
    // Not with `throwIfNoEntry: false`: Node 24 takes a file on the way for nothing there, too.
    return statSync(path).isDirectory() ? 'folder' : 'file';
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT') return undefined;
    if (code === 'ENOTDIR') return 'behind file';
    throw problem({
      code: 'FILE_UNREADABLE',
      message: `\`${name}\` cannot be read (${code ?? 'unknown'})`,
      file: name,
      hint: 'give yourself the right to read the folder that it is in',
    });
  }
}

function wrongFolder(message: string): ConfigError {
  return problem({
    code: 'FILE_MISSING',
    message,
    file: 'DIR',
    hint: 'name the repository’s root folder',
  });
}

/** What is wrong without a configuration, and what to do. */
type TellMissing = (dir: string, folder: string) => { readonly message: string; readonly hint: string };

function proposeInit(dir: string, folder: string): ReturnType<TellMissing> {
  const command = `kfops init${dir === '.' ? '' : ` ${shellQuote(dir)}`}`;
  return {
    message: notIn(dir, folder),
    hint: `\`${command}\` writes one to start from; or name the repository’s root folder`,
  };
}

function notIn(dir: string, folder: string): string {
  return `${CONFIG_PATH} is not in ${dir === '.' ? folder : dir}`;
}

function requireConfig(io: Io, dir: string, folder: string, tellMissing: TellMissing): void {
  const there = kindOf(join(folder, CONFIG_PATH), CONFIG_PATH);
  if (there === 'file') return;
  if (there === 'folder')
    throw problem({
      code: 'FILE_UNREADABLE',
      message: `\`${CONFIG_PATH}\` is a folder`,
      file: CONFIG_PATH,
      hint: 'remove the folder, then write the file with `kfops init`',
    });
  const parent = projectAbove(folder);
  const told =
    parent === undefined
      ? tellMissing(dir, folder)
      : {
          message: notIn(dir, folder),
          hint: `it is in ${parent}: name that folder (${relative(io.cwd, parent) || '.'})`,
        };
  throw problem({ code: 'FILE_MISSING', file: CONFIG_PATH, ...told });
}

/** The nearest folder above that holds a configuration. */
function projectAbove(folder: string): string | undefined {
  for (let at = dirname(folder), below = folder; at !== below; below = at, at = dirname(at)) {
    if (existsSync(join(at, CONFIG_PATH))) return at;
  }
  return undefined;
}

function problem(diagnostic: Omit<Diagnostic, 'severity'>): ConfigError {
  return new ConfigError([{ severity: 'error', ...diagnostic }]);
}

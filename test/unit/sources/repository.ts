import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

import type { ContextRequest } from '../../../generator/contexts/context.js';
import { assembleContexts, type AssembledContext } from '../../../generator/contexts/assemble.js';
import type { ContextSource } from '../../../generator/ports.js';

/** A file of a test's repository: its content, or a link or an executable. */
export type TestFile = string | Buffer | { readonly link: string } | { readonly run: string };

const folders: string[] = [];

/** A new folder of its own, removed by {@link removeFolders}. */
export function newFolder(): string {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'kfops-test-')));
  folders.push(folder);
  return folder;
}

/** To be called after each test. */
export function removeFolders(): void {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
}

/** Writes files below a folder. */
export function write(folder: string, files: Readonly<Record<string, TestFile>>): void {
  for (const [path, file] of Object.entries(files)) {
    const at = join(folder, path);
    mkdirSync(dirname(at), { recursive: true });
    if (typeof file === 'string' || Buffer.isBuffer(file)) writeFileSync(at, file);
    else if ('link' in file) symlinkSync(file.link, at);
    else {
      writeFileSync(at, file.run);
      chmodSync(at, 0o755);
    }
  }
}

/** Runs git as somebody, with no configuration but the repository's. */
export function git(folder: string, ...args: string[]): string {
  const env = { PATH: process.env.PATH, HOME: folder, GIT_CONFIG_NOSYSTEM: '1' };
  const who = [
    '-c',
    'user.name=test',
    '-c',
    'user.email=test@example.com',
    '-c',
    'protocol.file.allow=always',
  ];
  return execFileSync('git', ['-C', folder, ...who, ...args], { env, encoding: 'utf8' }).trim();
}

/** A repository with these files in one commit. */
export function repository(files: Readonly<Record<string, TestFile>>, ...init: string[]): string {
  const folder = newFolder();
  git(folder, 'init', '-q', '-b', 'main', ...init);
  write(folder, files);
  git(folder, 'add', '-A', '-f');
  git(folder, 'commit', '-q', '--allow-empty', '-m', 'all');
  return folder;
}

const LIMITS = { files: 10_000, bytes: 100_000_000 };

/** The context of one image. */
export async function contextOf(
  source: ContextSource,
  request: Partial<ContextRequest> = {},
): Promise<AssembledContext> {
  const asked = {
    name: 'image',
    dockerfileFolder: 'img',
    otherFolders: [],
    dockerfile: 'Dockerfile',
    ...request,
  };
  const [result] = await assembleContexts(source, [asked], LIMITS);
  return result!;
}

/** The whole content of a source below a folder. */
export async function contents(source: ContextSource, folder = ''): Promise<Record<string, string>> {
  const entries = await source.identify(await source.list([folder]));
  const found: Record<string, string> = {};
  for await (const { entry, content } of source.read(entries)) {
    const chunks: Buffer[] = [];
    for await (const chunk of content) chunks.push(chunk as Buffer);
    found[entry.path] = Buffer.concat(chunks).toString();
  }
  return found;
}

/** The error that a promise is rejected with. */
export async function failure(work: Promise<unknown>): Promise<Error> {
  try {
    await work;
  } catch (error) {
    return error as Error;
  }
  throw new Error('it did not fail');
}

/** As {@link failure}, where it is of this class. */
export async function failureOf<E extends Error>(
  kind: abstract new (...args: never[]) => E,
  work: Promise<unknown>,
): Promise<E> {
  const error = await failure(work);
  if (error instanceof kind) return error;
  throw error;
}

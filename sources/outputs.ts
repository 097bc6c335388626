import { closeSync } from 'node:fs';
import { realpath } from 'node:fs/promises';
import { basename, dirname, isAbsolute, join, relative, resolve, sep } from 'node:path';

import type { KnownFile } from './known-file.js';
import { openInside, readSome } from './open-inside.js';

/** An archive of the folder store, and an archive that an interrupted run left behind. */
const ARCHIVE = /(?:^|\/)ctx\/(?:[0-9a-f]{64}\.tar\.gz|\.[0-9a-f]{64}\.tar\.gz\.[0-9a-f]+\.partial)$/;

/** How a Workflow begins that `kfops generate` wrote. */
const WORKFLOW =
  /^apiVersion: argoproj\.io\/v1alpha1\nkind: Workflow\nmetadata:\n(?: .*\n)*? {4}app\.kubernetes\.io\/managed-by: kfops\n/;

/** The labels are within this many bytes. */
const HEAD_BYTES = 1024;

/**
 * The paths of files that a run writes, from the root of those that it reads; without those elsewhere.
 *
 * @param root - a real path
 */
export async function outputsInside(root: string, outputs: readonly string[]): Promise<readonly string[]> {
  const paths = outputs.map(async (output) => {
    const folder = dirname(resolve(output));
    const path = relative(root, join(await realpath(folder).catch(() => folder), basename(output)));
    return path.split(sep).join('/');
  });
  return (await Promise.all(paths)).filter(
    (path) => path !== '..' && !path.startsWith('../') && !isAbsolute(path),
  );
}

/**
 * The files without those that Kfops wrote: what this run writes, and of earlier ones archives of contexts and generated
 * Workflows. As input they would give the next run another key, and grow with every run.
 *
 * @param root - a real path
 * @param untracked - what git does not track: a file in a commit is input, whatever it is
 * @param outputs - from {@link outputsInside}
 */
export async function withoutOutputs(
  root: string,
  untracked: readonly KnownFile[],
  outputs: readonly string[],
): Promise<KnownFile[]> {
  const kept: KnownFile[] = [];
  for (const file of untracked) {
    const { path } = file;
    if (outputs.includes(path) || ARCHIVE.test(path)) continue;
    if (!(/\.ya?ml$/.test(path) && (await isWorkflow(root, path)))) kept.push(file);
  }
  return kept;
}

async function isWorkflow(root: string, path: string): Promise<boolean> {
  try {
    const file = await openInside(root, path);
    try {
      const head = Buffer.alloc(HEAD_BYTES);
      return WORKFLOW.test(head.toString('latin1', 0, await readSome(file, head)));
    } finally {
      closeSync(file.fd);
    }
  } catch {
    // What is wrong with the file shows where a context wants it.
    return false;
  }
}

import { posix } from 'node:path';

import { ConfigError } from '../schema/index.js';
import type { Context, ContextEntry } from './contexts/context.js';
import { linksOutside } from './contexts/links.js';
import { contextKey, contextObjectKey } from './contexts/manifest.js';
import { readTargets } from './contexts/targets.js';
import type { ContextSource, IdentifiedEntry, SourceEntry } from './ports.js';

/** What the code of a pipeline may have: as many files and bytes as the compile script unpacks. */
export const PIPELINE_SOURCE_LIMITS = { files: 20_000, bytes: 2 ** 28, file: 2 ** 20 } as const;

/** What programs put there; seldom listed, since git mostly ignores it. */
const INSTALLED = /(?:^|\/)(?:site-packages|node_modules|__pycache__)\//;

/**
 * What a pipeline is compiled from: every Python file of the repository, and everything in the folder of the
 * pipeline's own file. Files of more than 1 MiB, links that lead out, and what git or a disk has beside files are left
 * out. Named by its content, like a build context.
 *
 * @param pipelinePath the pipeline's file, from the repository's root
 * @throws ConfigError where it is larger than {@link PIPELINE_SOURCE_LIMITS}
 */
export async function assemblePipelineSource(source: ContextSource, pipelinePath: string): Promise<Context> {
  const folder = posix.dirname(pipelinePath);
  const near = folder === '.' ? '' : `${folder}/`;
  const wanted = (await source.list([''])).filter(
    (entry) => isFile(entry) && (entry.path.startsWith(near) || entry.path.endsWith('.py')),
  );
  checkLimits(wanted, pipelinePath);
  const identified = await source.identify(wanted);
  const inside = await withoutLinksOutside(source, identified);
  const entries = inside.flatMap((entry): ContextEntry[] =>
    entry.mode === '160000'
      ? []
      : [{ path: entry.path, mode: entry.mode, blob: entry.blob, size: entry.size, source: entry }],
  );
  const key = contextKey(entries);
  const bytes = entries.reduce((sum, { size }) => sum + size, 0);
  return { key, objectKey: contextObjectKey(key), entries, bytes };
}

function isFile({ path, mode, size, problem }: SourceEntry): boolean {
  if (mode === '160000' || problem !== undefined || INSTALLED.test(path)) return false;
  return size <= PIPELINE_SOURCE_LIMITS.file;
}

async function withoutLinksOutside(
  source: ContextSource,
  entries: readonly IdentifiedEntry[],
): Promise<readonly IdentifiedEntry[]> {
  const links = entries.filter(({ mode }) => mode === '120000');
  if (links.length === 0) return entries;
  const targets = await readTargets(source, links);
  const outside = new Set(
    links.filter((link) => linksOutside([{ path: link.path, source: link, field: [] }], targets).length > 0),
  );
  return entries.filter((entry) => !outside.has(entry));
}

function checkLimits(entries: readonly SourceEntry[], file: string): void {
  const bytes = entries.reduce((sum, { size }) => sum + size, 0);
  const { files: mostFiles, bytes: mostBytes } = PIPELINE_SOURCE_LIMITS;
  if (entries.length <= mostFiles && bytes <= mostBytes) return;
  throw new ConfigError([
    {
      code: 'CONTEXT_LIMIT',
      severity: 'error',
      message: `The code of the pipeline has ${entries.length} files and ${Math.ceil(bytes / 2 ** 20)} MiB; the limits are ${mostFiles} files and ${mostBytes / 2 ** 20} MiB.`,
      file,
      hint: 'Put the pipeline’s file into a folder of its own, beside what it needs.',
    },
  ]);
}

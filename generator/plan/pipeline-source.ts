import { ConfigError } from '../../schema/index.js';
import type { Context, ContextEntry } from '../contexts/context.js';
import { BudgetError, type StepBudget } from '../contexts/glob.js';
import { linksTooSlow } from '../contexts/limits.js';
import { linksOutside, LONGEST_TARGET_BYTES } from '../contexts/links.js';
import { contextKey, contextObjectKey } from '../contexts/manifest.js';
import { isBelow, parentPath } from '../contexts/paths.js';
import { groupProblems } from '../contexts/problems.js';
import { leftOutOfRoot } from '../contexts/root.js';
import { readTargets } from '../contexts/targets.js';
import type { ContextSource, IdentifiedEntry, SourceEntry } from '../ports.js';

/** What the code of a pipeline may have: as many files and bytes as the compile script unpacks. */
export const PIPELINE_SOURCE_LIMITS = { files: 20_000, bytes: 2 ** 28, file: 2 ** 20 } as const;

/** What programs put there; seldom listed, since git mostly ignores it. */
const INSTALLED = /(?:^|\/)(?:site-packages|node_modules|__pycache__)\//;

/** The code of a pipeline. */
export interface PipelineCode extends Context {
  /** Python files of other folders that git leaves out of the work tree, and that are not in it. */
  readonly missing: readonly string[];
}

/**
 * What a pipeline is compiled from: every Python file of the repository, and everything in the folder of the
 * pipeline's own file; in the root, {@link leftOutOfRoot} applies. Files of more than 1 MiB, links that lead out, and what
 * git or a disk has in addition to files are left out. Named by its content, like a build context.
 *
 * @param pipelinePath - the pipeline's file, from the repository's root
 * @param budget - what following links may cost
 * @throws ConfigError where it is larger than {@link PIPELINE_SOURCE_LIMITS}
 */
export async function assemblePipelineSource(
  source: ContextSource,
  pipelinePath: string,
  budget: StepBudget,
): Promise<PipelineCode> {
  const listed = await source.list([''], { only: (path) => belongsToPipeline({ path }, pipelinePath) });
  const all = listed.filter((entry) => belongsToPipeline(entry, pipelinePath));
  const missing = missingFiles(all, pipelinePath);
  const wanted = all.filter(isFile);
  checkLimits(wanted, pipelinePath);
  const identified = await source.identify(wanted);
  const inside = await withoutLinksOutside(source, identified, budget);
  const entries = inside.flatMap((entry): ContextEntry[] =>
    entry.mode === '160000'
      ? []
      : [{ path: entry.path, mode: entry.mode, blob: entry.blob, size: entry.size, source: entry }],
  );
  const key = contextKey(entries);
  const bytes = entries.reduce((sum, { size }) => sum + size, 0);
  return { key, objectKey: contextObjectKey(key), entries, bytes, missing };
}

/** Whether a pipeline is compiled from a file. */
export function belongsToPipeline(
  entry: Pick<SourceEntry, 'path' | 'untracked'>,
  pipelinePath: string,
): boolean {
  if (INSTALLED.test(entry.path)) return false;
  if (entry.path.endsWith('.py')) return true;
  const folder = parentPath(pipelinePath);
  return folder === '' ? !leftOutOfRoot(entry) : isBelow(entry.path, folder);
}

/**
 * The Python files that git leaves out of the work tree.
 *
 * @throws ConfigError where they are next to the pipeline's file, or have conflict markers
 */
function missingFiles(entries: readonly SourceEntry[], pipelinePath: string): readonly string[] {
  const folder = parentPath(pipelinePath);
  const missing = entries.filter(({ problem }) => problem?.code === 'NOT_CHECKED_OUT');
  const near = ({ path }: SourceEntry): boolean =>
    folder === '' ? !path.includes('/') : isBelow(path, folder);
  const unmerged = entries.filter(({ problem }) => problem?.code === 'UNMERGED');
  const problems = groupProblems([...missing.filter(near), ...unmerged]);
  if (problems.length > 0) {
    throw new ConfigError(
      problems.map(({ path, ...problem }) => ({ ...problem, severity: 'error', file: path })),
    );
  }
  return missing.map(({ path }) => path);
}

function isFile({ mode, size, problem }: SourceEntry): boolean {
  if (mode === '160000' || problem !== undefined) return false;
  return size <= (mode === '120000' ? LONGEST_TARGET_BYTES : PIPELINE_SOURCE_LIMITS.file);
}

async function withoutLinksOutside(
  source: ContextSource,
  entries: readonly IdentifiedEntry[],
  budget: StepBudget,
): Promise<readonly IdentifiedEntry[]> {
  const links = entries.filter(({ mode }) => mode === '120000');
  if (links.length === 0) return entries;
  const targets = await readTargets(source, links);
  const placed = links.map((link) => ({ path: link.path, source: link, field: [] }));
  try {
    const outside = new Set([...linksOutside(placed, targets, budget).keys()].map(({ path }) => path));
    return entries.filter(({ path }) => !outside.has(path));
  } catch (error) {
    if (!(error instanceof BudgetError)) throw error;
    const { code, message, hint } = linksTooSlow('the pipeline’s code');
    throw new ConfigError([{ code, severity: 'error', message, ...(hint !== undefined && { hint }) }]);
  }
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
      hint: 'Put the pipeline’s file into a folder of its own, with the files it needs.',
    },
  ]);
}

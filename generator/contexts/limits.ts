import { formatBytes } from '../../common/bytes.js';
import { filesTogether, type ContextBudget } from './budget.js';
import type { ContextLimits, ContextProblem } from './context.js';
import type { BudgetError } from './glob.js';
import type { PlacedEntry } from './places.js';

/** How many folders a message names. */
const NAMED = 3;

/** What the settings' limits say of a context, by names, sizes and nothing read. */
export function exceededLimits(entries: readonly PlacedEntry[], limits: ContextLimits): ContextProblem[] {
  const bytes = entries.reduce((sum, { source }) => sum + source.size, 0);
  const problems: ContextProblem[] = [];
  const hint = 'leave out what the image does not need by a `.dockerignore`, or raise';
  const field = ['dockerfile_folder_path'];
  if (entries.length > limits.files) {
    const folders = largest(
      entries,
      () => 1,
      (n) => `${n.toLocaleString('en')} files`,
    );
    problems.push({
      code: 'CONTEXT_LIMIT',
      message: `the context has ${entries.length.toLocaleString('en')} files, and the limit is ${limits.files.toLocaleString('en')}; most are in ${folders}`,
      hint: `${hint} \`limits.context_files\` in the settings`,
      field,
    });
  }
  if (bytes > limits.bytes) {
    const folders = largest(entries, ({ source }) => source.size, formatBytes);
    problems.push({
      code: 'CONTEXT_LIMIT',
      message: `the context has ${formatBytes(bytes)}, and the limit is ${formatBytes(limits.bytes)}; most is in ${folders}`,
      hint: `${hint} \`limits.context_bytes\` in the settings`,
      field,
    });
  }
  return problems;
}

/** What the contexts of all images together must not cost. */
export function exceededBudget(
  error: BudgetError,
  budget: ContextBudget,
  limits: ContextLimits,
): ContextProblem {
  const field = ['dockerfile_folder_path'];
  switch (error.budget) {
    case budget.patterns:
      return {
        code: 'IGNORE_PATTERN',
        message: 'the patterns of the `.dockerignore`, with those of the other images, take too long',
        hint: 'use fewer patterns, without many `*`; name whole folders, or build from folders with fewer files',
        field,
      };
    case budget.files:
      return {
        code: 'CONTEXT_LIMIT',
        message: `the folders of all images together have more than ${filesTogether(limits).toLocaleString('en')} files, each counted once for every set of folders it is in`,
        hint: 'name folders with fewer files, or the same ones for several images; or raise `limits.context_files` in the settings: the limit is ten times that',
        field,
      };
    default:
      return linksTooSlow('the contexts');
  }
}

/** Links that are made to be slow to follow. */
export function linksTooSlow(where: string): ContextProblem {
  return {
    code: 'CONTEXT_LIMIT',
    message: `following the symbolic links of ${where} takes too long`,
    hint: 'use fewer and shorter links, or leave them out by the `.dockerignore`',
    field: ['dockerfile_folder_path'],
  };
}

/** The folders (two levels deep, named as in the repository) with the most of something. */
function largest(
  entries: readonly PlacedEntry[],
  measure: (entry: PlacedEntry) => number,
  format: (sum: number) => string,
): string {
  const sums = new Map<string, number>();
  for (const entry of entries) {
    const { path, source } = entry;
    const prefix = source.path.slice(0, source.path.length - path.length);
    const folder = prefix + path.split('/').slice(0, -1).slice(0, 2).join('/');
    sums.set(folder, (sums.get(folder) ?? 0) + measure(entry));
  }
  return [...sums]
    .sort(([a, x], [b, y]) => y - x || (a < b ? -1 : 1))
    .slice(0, NAMED)
    .map(([folder, sum]) => `\`${folder.replace(/\/$/, '') || '.'}\` (${format(sum)})`)
    .join(', ');
}

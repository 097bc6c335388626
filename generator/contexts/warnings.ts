import { formatBytes } from '../../common/bytes.js';
import type { ContextProblem } from './context.js';
import type { Remaining } from './ignore.js';
import { lastName } from './paths.js';
import type { ParsedRequest, PlacedEntry } from './places.js';

/** Larger contexts are mostly data that no image needs; they take long to store, fetch and unpack. */
const LARGE_BYTES = 100 * 2 ** 20;
/** How many files a message names. */
const NAMED = 5;

/**
 * Folders of `other_folders_path` of which the ignore file leaves nothing.
 *
 * @param placed - before the ignore file
 * @throws BudgetError
 */
export function ignoredFolders(
  { otherFolders }: ParsedRequest,
  placed: readonly PlacedEntry[],
  { entries, lineFor }: Remaining,
): ContextProblem[] {
  if (!lineFor || entries.length === placed.length) return [];
  const before = fieldsOf(placed);
  const after = fieldsOf(entries);
  return otherFolders.flatMap(({ folder, field }): ContextProblem[] => {
    const id = String(field);
    if (!before.has(id) || after.has(id)) return [];
    const message = `${lineFor(lastName(folder))} excludes everything in \`${folder}\`, so the image gets nothing of it`;
    const hint = 'correct the ignore file, or remove the folder from `other_folders_path`';
    return [{ code: 'IGNORED_FOLDER', message, hint, field }];
  });
}

function fieldsOf(entries: readonly PlacedEntry[]): ReadonlySet<string> {
  const fields = new Set(entries.map(({ field }) => field));
  return new Set([...fields].map(String));
}

/** A context with much data: its largest files, by the sizes that are known already. */
export function largeContext(entries: readonly PlacedEntry[]): ContextProblem[] {
  const bytes = entries.reduce((sum, { source }) => sum + source.size, 0);
  if (bytes <= LARGE_BYTES) return [];
  const files = [...entries]
    .sort((a, b) => b.source.size - a.source.size)
    .slice(0, NAMED)
    .map(({ source }) => `\`${source.path}\` (${formatBytes(source.size)})`);
  return [
    {
      code: 'LARGE_CONTEXT',
      message: `the context has ${formatBytes(bytes)}; its largest files are ${files.join(', ')}`,
      hint: 'exclude what the image does not need in `.dockerignore`',
      field: ['dockerfile_folder_path'],
    },
  ];
}

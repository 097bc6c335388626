import type { ContextLimits, ContextProblem } from './context.js';
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

const UNITS = ['B', 'KiB', 'MiB', 'GiB', 'TiB'];

/** `1,536` bytes are `1.5 KiB`. */
export function formatBytes(bytes: number): string {
  let size = bytes;
  let unit = 0;
  for (; size >= 1024 && unit < UNITS.length - 1; unit++) size /= 1024;
  return `${unit === 0 ? size : Number(size.toPrecision(3))} ${UNITS[unit] ?? ''}`;
}

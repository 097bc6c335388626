/**
 * The lines of a documented output that a command didn't print. Names of workflows, digests, keys, times and sizes differ
 * between runs, and so does the order of what runs in parallel.
 *
 * @param values - what the documentation has in place of a value of this run
 */
export function missingLines(
  shown: readonly string[],
  output: string,
  values: readonly (readonly [documented: string, value: string])[] = [],
): string[] {
  const printed = new Set(output.split('\n').map(steady));
  return shown.filter((line) => {
    const here = values.reduce((text, [documented, value]) => text.replaceAll(documented, () => value), line);
    return !printed.has(steady(here));
  });
}

function steady(line: string): string {
  return line
    .replace(/\bsha256:[0-9a-f]{64}\b/g, 'DIGEST')
    .replace(/\b[0-9a-f]{12}\b/g, 'KEY')
    .replace(/\bkfops-shop-forecast-[a-z0-9]+\b/g, 'WORKFLOW')
    .replace(/\b[0-9.]+ (?:B|KiB|MiB)\b/g, 'SIZE')
    .replace(/\b\d+s\b/g, 'TIME')
    .replace(/\bINFO\[\d+\]/g, 'INFO')
    .replace(/ +/g, ' ')
    .trimEnd();
}

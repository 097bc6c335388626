/** How Commander refuses an option, where its only suggestion is the opposite one. */
const OPPOSITE = /('--(?:no-)?([^']+)')\n\(Did you mean --(?:no-)?\2\?\)/;

/**
 * An error of Commander without the suggestion of the opposite: for `--no-reuse` where only `--reuse` exists, and for `--cache`
 * where only `--no-cache` does. What was meant is then the default.
 */
export function withoutOpposite(error: string): string {
  return error.replace(OPPOSITE, '$1\n(It is the default here.)');
}

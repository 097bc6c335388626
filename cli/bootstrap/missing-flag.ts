import type { Diagnostic } from '../../schema/index.js';

/**
 * An option that must be given.
 *
 * @param hint - what to give
 */
export function missingFlag(flag: string, hint: string): Diagnostic {
  return { code: 'REQUIRED_OPTION', severity: 'error', message: `${flag} is missing`, file: flag, hint };
}

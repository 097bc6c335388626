import { appendFileSync } from 'node:fs';

/** The file in which the test processes note what they skipped; `skip-summary.ts` sets it. */
export const SKIPS_FILE = 'KFOPS_TEST_SKIPS_FILE';

/** What this machine lacks, and how to get it. */
export interface Missing {
  readonly what: string;
  readonly fix: string;
}

/**
 * Skips a test or suite because this machine lacks something. The summary at the end of the run says so once. If
 * `KFOPS_TEST_ALL` is set, as in `.ci/run`, the test fails instead.
 *
 * @param fix - how to get it, in a few words
 * @param isOptional - skips it even then
 */
export function skipWithout(
  context: Mocha.Context,
  what: string,
  fix: string,
  { isOptional = false }: { readonly isOptional?: boolean } = {},
): never {
  if (process.env.KFOPS_TEST_ALL && !isOptional) throw new Error(`Missing: ${what}. ${fix}`);
  const file = process.env[SKIPS_FILE];
  const missing: Missing = { what, fix };
  if (file === undefined) console.log(`      skipped without ${what}: ${fix}`);
  else appendFileSync(file, `${JSON.stringify(missing)}\n`);
  return context.skip();
}

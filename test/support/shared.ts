import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** The folder beside the checkout that holds what is too large or not ours to keep in it. */
const SHARED = fileURLToPath(new URL('../../../shared/', import.meta.url));

/**
 * A file of the folder `shared` beside the checkout. Where it is missing, skips the test or suite and says so;
 * in CI it fails instead.
 */
export function sharedFile(context: Mocha.Context, path: string): string {
  const file = SHARED + path;
  if (!existsSync(file)) {
    const message = `shared/${path} is not beside the checkout`;
    if (process.env.CI) throw new Error(message);
    console.log(`      skipped: ${message}`);
    context.skip();
  }
  return file;
}

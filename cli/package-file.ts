import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/**
 * A file of this package or of the checkout.
 *
 * @param path - from the package's root
 */
export function packageFile(path: string): string {
  let folder = dirname(fileURLToPath(import.meta.url));
  while (!existsSync(join(folder, path))) {
    const above = dirname(folder);
    if (above === folder) throw new Error(`${path} is not in this package`);
    folder = above;
  }
  return join(folder, path);
}

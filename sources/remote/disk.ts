import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';

/** How many bytes are in a folder and below it; 0 where there is none. What vanishes meanwhile does not count. */
export async function bytesIn(folder: string): Promise<number> {
  const entries = await readdir(folder, { withFileTypes: true }).catch(() => []);
  const sizes = await Promise.all(
    entries.map(async (entry) => {
      const path = join(folder, entry.name);
      if (entry.isDirectory()) return bytesIn(path);
      const there = await stat(path).catch(() => undefined);
      return there?.size ?? 0;
    }),
  );
  return sizes.reduce((sum, size) => sum + size, 0);
}

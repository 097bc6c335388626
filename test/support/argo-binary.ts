import { existsSync, readdirSync } from 'node:fs';
import { homedir } from 'node:os';
import { delimiter, join } from 'node:path';

/** Where test/cluster keeps what it built. */
const NODE_CACHE =
  process.env.KFOPS_NODE_CACHE ?? join(process.env.XDG_CACHE_HOME ?? join(homedir(), '.cache'), 'kfops-node');

/**
 * The `argo` command: `KFOPS_TEST_ARGO`, one of the PATH, or the one that test/cluster built. Where there is none,
 * skips the test and says so.
 */
export function argoBinary(context: Mocha.Context): string {
  const folders = [...(process.env.PATH ?? '').split(delimiter), ...builtFolders()];
  const places = [process.env.KFOPS_TEST_ARGO, ...folders.map((folder) => join(folder, 'argo'))];
  const found = places.find((place) => place !== undefined && existsSync(place));
  if (found !== undefined) return found;
  const message = 'there is no argo command (test/cluster/node.sh prepare builds one)';
  if (process.env.CI) throw new Error(message);
  console.log(`      skipped: ${message}`);
  return context.skip();
}

function builtFolders(): string[] {
  if (!existsSync(NODE_CACHE)) return [];
  return readdirSync(NODE_CACHE).flatMap((name) =>
    name.startsWith('argo-') ? [join(NODE_CACHE, name)] : [],
  );
}

import { homedir } from 'node:os';
import { join } from 'node:path';

/** A folder of the tests in the user's cache folder, or `override` if that is set. */
function cacheFolder(name: string, override: string | undefined): string {
  return override ?? join(process.env.XDG_CACHE_HOME ?? join(homedir(), '.cache'), name);
}

/** What `test/cluster` has built. */
export const NODE_CACHE = cacheFolder('kfops-node', process.env.KFOPS_NODE_CACHE);

/** What `npm run fetch:argo` has copied. */
export const TEST_CACHE = cacheFolder('kfops-tests', process.env.KFOPS_TEST_CACHE);

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/**
 * Gives the tests of a suite an empty home folder, and no KUBECONFIG.
 *
 * @returns the folder, from the first test on
 */
export function withoutKubeconfig(): () => string {
  const kept = { HOME: process.env.HOME, KUBECONFIG: process.env.KUBECONFIG };
  let home: string;
  before(() => {
    home = mkdtempSync(join(tmpdir(), 'kfops-home-'));
    process.env.HOME = home;
    delete process.env.KUBECONFIG;
  });
  after(() => {
    for (const [name, value] of Object.entries(kept)) {
      if (value === undefined) Reflect.deleteProperty(process.env, name);
      else process.env[name] = value;
    }
    rmSync(home, { recursive: true, force: true });
  });
  return () => home;
}

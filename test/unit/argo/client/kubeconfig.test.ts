import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { expect } from 'chai';

import { loadKubeConfig } from '../../../../argo/client/kubeconfig.js';
import type { ConfigError } from '../../../../schema/index.js';

describe('argo/client/kubeconfig', () => {
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

  it('says that there is none, and offers no context that a library made up', () => {
    for (const context of [undefined, 'nope', 'loaded-context']) {
      let found: unknown;
      try {
        loadKubeConfig(context === undefined ? {} : { context });
      } catch (error) {
        found = error;
      }
      const { code, message } = (found as ConfigError).diagnostics[0]!;
      expect(code).to.equal('NO_CLUSTER');
      if (context !== undefined)
        expect(message).to.equal(
          "There is no kubeconfig: KUBECONFIG isn't set, and ~/.kube/config doesn't exist.",
        );
    }
  });
});

import { join } from 'node:path';

import { expect } from 'chai';
import { ESLint } from 'eslint';

const ROOT = join(import.meta.dirname, '../..');
const RULE = '@typescript-eslint/no-restricted-imports';

describe('the directions of imports', () => {
  it('let no file of common/ import anything of ours', async () => {
    for (const folder of ['schema', 'generator', 'argo', 'server', 'stores', 'cli', 'templates']) {
      expect(await isRefused('common/clock.ts', `../${folder}/x.js`), folder).to.equal(true);
    }
    expect(await isRefused('common/clock.ts', './fifo.js')).to.equal(false);
  });

  it('let every folder import common/', async () => {
    const files = [
      'schema/cut.ts',
      'templates/wrap.ts',
      'generator/run.ts',
      'sources/tree.ts',
      'stores/retry.ts',
      'pipeline/ir.ts',
      'argo/client/patience.ts',
      'server/github/pace.ts',
      'cli/session.ts',
    ];
    for (const file of files) {
      const up = '../'.repeat(file.split('/').length - 1);
      expect(await isRefused(file, `${up}common/clock.js`), file).to.equal(false);
    }
  });

  it('keep the compiler away from the cluster and the server', async () => {
    for (const folder of ['argo', 'server', 'stores']) {
      expect(await isRefused('generator/run.ts', `../${folder}/x.js`), folder).to.equal(true);
    }
  });
});

/** What the rule says, of a list of patterns with an expression each. */
interface Restriction {
  readonly patterns: readonly { readonly regex: string }[];
}

/** Whether eslint.config.js refuses an import in a file. Without linting: types would take seconds for each file. */
async function isRefused(file: string, imported: string): Promise<boolean> {
  const config = (await new ESLint({ cwd: ROOT }).calculateConfigForFile(join(ROOT, file))) as {
    rules: Record<string, [number, Restriction] | undefined>;
  };
  const [severity, { patterns }] = config.rules[RULE] ?? [0, { patterns: [] }];
  return severity === 2 && patterns.some(({ regex }) => new RegExp(regex, 'u').test(imported));
}

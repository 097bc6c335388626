import { readFileSync } from 'node:fs';

import { expect } from 'chai';

import { leafKeys } from '../../support/schema-keys.js';

describe('docs/security.md, “Who decides what”', () => {
  const page = readFileSync(new URL('../../../docs/security.md', import.meta.url), 'utf8');
  const [, section = ''] = /^### Who decides what$([\s\S]*?)^## /m.exec(page) ?? [];
  const [, config = '', manifest = ''] = section.split(/^\*\*(?:config|kaniko-manifest)\.yaml\*\*$/m);
  const tables = [
    ['config', config],
    ['kaniko-manifest', manifest],
  ] as const;
  for (const [schema, table] of tables) {
    it(`has every key of ${schema} once, with who decides it and what holds it`, () => {
      const rows = table.split('\n').filter((line) => line.startsWith('| `'));
      const keys = rows.flatMap((row) =>
        [...(row.split(' | ')[0] ?? '').matchAll(/`([^`]+)`/g)].map(([, key]) => key),
      );
      expect([...keys].sort()).to.deep.equal([...leafKeys(schema)].sort());
      for (const row of rows) expect(row).to.match(/^\| .+ \| [a-zA-Z ]+ \| .{5,} \|$/);
    });
  }
});

import { expect } from 'chai';
import { readFile } from 'node:fs/promises';

const PAGE = new URL('../../../docs/security.md', import.meta.url);

describe('docs/security.md', () => {
  it('names tests that are there, and that name the row', async () => {
    const page = await readFile(PAGE, 'utf8');
    const [, threats = '', faults = ''] = page.split(/^## (?:Threats|Faults), and where they are tested$/m);
    const rows = [
      ['threat', threats, 80],
      ['fault', faults, 25],
    ] as const;
    for (const [kind, table, count] of rows) {
      const found = [...table.matchAll(/^\| (\d+b?) +\|.*$/gm)];
      expect(new Set(found.map(([, number]) => number)).size, kind).to.equal(count);
      for (const [row, number = ''] of found) {
        for (const [, path = ''] of row.matchAll(/\]\((\.\.\/test\/[^)]+)\)/g)) {
          const text = await readFile(new URL(path, PAGE), 'utf8');
          expect(text, `${path}, ${kind} ${number}`).to.match(new RegExp(`\\b${kind} ${number}\\b`));
        }
      }
    }
  });
});

import { expect } from 'chai';
import { readFile } from 'node:fs/promises';

import { EVENTS, RIGHTS } from '../../../server/setup/manifest.js';

const PAGE = new URL('../../../docs/install.md', import.meta.url);
const ACCESS = { read: 'read-only', write: 'read and write' };

describe('the table of the GitHub App in docs/install.md', () => {
  it('has each permission and event that the manifest asks for, with the same reason', async () => {
    const page = await readFile(PAGE, 'utf8');
    const [, table = ''] = page.split(
      '| Permission or event | Access | Why | Needed for |\n|---|---|---|---|\n',
    );
    const [rows = ''] = table.split('\n\n');
    expect(rows.split('\n')).to.deep.equal([
      ...RIGHTS.map(
        ({ what, access, why, usedBy }) => `| ${what} | ${ACCESS[access]} | ${why} | ${usedBy} |`,
      ),
      ...EVENTS.map(({ what, why, usedBy }) => `| ${what} | event | ${why} | ${usedBy} |`),
    ]);
  });
});

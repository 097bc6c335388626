import { readFileSync } from 'node:fs';

import { expect } from 'chai';

import { MIGRATION_TOPICS } from '../../../../generator/migrate/finding.js';

const PAGE = readFileSync(new URL('../../../../docs/migrating.md', import.meta.url), 'utf8');
const EXAMPLE = new URL('../../../cases/migrate-every-finding/expected/migration.txt', import.meta.url);

describe('docs/migrating.md', () => {
  it('explains each topic, in the row of its name', () => {
    const rows = [...PAGE.matchAll(/^\| `([a-z0-9-]+)` \|/gm)].map(([, name]) => name);
    expect(rows).to.have.members(MIGRATION_TOPICS);
  });

  it('says of each topic that --write changes, that it does', () => {
    const written = [
      ...readFileSync(EXAMPLE, 'utf8').matchAll(/^\S+ ([a-z0-9-]+) .*(?:\n {2}.*)*\n {2}write:/gm),
    ];
    const topics = new Set(written.map(([, topic = '']) => topic));
    expect([...topics]).to.have.length.above(4);
    for (const topic of topics)
      expect(PAGE).to.match(new RegExp(`^\\| \`${topic}\` .* removes [^|]+ \\|$`, 'm'));
  });

  it('has each flag of kfc', () => {
    const flags = ['--set', '-n', '--version-id', '--config-override', '-o', '-w', '--kubeflow-url'];
    for (const flag of [...flags, '--namespace', '--wait-until-complete'])
      expect(PAGE).to.match(new RegExp(`^\\| .*\`${flag}[ \`]`, 'm'));
  });
});

import { execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { expect } from 'chai';

import { ConfigError } from '../../../schema/diagnostic.js';
import { folderSource } from '../../../sources/folder.js';
import { gitCommitSource } from '../../../sources/git.js';
import { treeBomb, type TreeShape } from '../../support/tree-bomb.js';
import { failureOf, git, newFolder, removeFolders, repository } from './repository.js';

const LISTER = fileURLToPath(new URL('../../fixtures/commit-lister.ts', import.meta.url));

function bombIn(repo: string, leaf: string, shape: TreeShape): string {
  return git(repo, 'commit-tree', '-m', 'bomb', treeBomb(repo, leaf, shape));
}

describe('threat 38: a repository that lists more than fits into memory', () => {
  afterEach(removeFolders);

  const blobs = (repo: string): string => {
    const blob = git(repo, 'rev-parse', 'HEAD:f');
    return Array.from({ length: 4 }, (_, i) => `100644 blob ${blob}\tf${i}\n`).join('');
  };

  for (const [what, leaf, shape, told] of [
    ['a million files', blobs, { depth: 10, width: 4 }, '300,000 files and folders'],
    ['long paths', blobs, { depth: 15, width: 2, name: 'n'.repeat(250) }, 'paths of commit'],
    ['no files, in folders without end', () => '', { depth: 30, width: 10 }, '300,000 files and folders'],
  ] as const) {
    it(`stops at a commit of ${what} before it is in memory`, () => {
      const repo = repository({ f: 'x' });
      const commit = bombIn(repo, leaf(repo), shape);
      const output = execFileSync(process.execPath, ['--import=tsx/esm', LISTER, repo, commit], {
        encoding: 'utf8',
      });
      const { outcome, memory } = JSON.parse(output) as { outcome: string; memory: number };
      expect(outcome).to.include(told).and.include('limits.repository_files');
      expect(memory).to.be.below(400 * 2 ** 20);
    });
  }

  it('counts what a commit lists below some paths alone', async () => {
    const repo = repository({ f: 'x' });
    const commit = bombIn(repo, blobs(repo), { depth: 10, width: 4 });
    const source = await gitCommitSource(repo, commit, 1000);
    expect(await source.list(['d0/d0/d0/d0/d0/d0'])).to.have.lengthOf(256);
    const error = await failureOf(ConfigError, source.list(['d0']));
    expect(error.diagnostics[0]).to.include({ code: 'CONTEXT_LIMIT' });
    expect(error.diagnostics[0]?.hint).to.include('limits.repository_files');
  });

  it('counts the files of a folder, in a repository and outside of one', async () => {
    const outside = newFolder();
    mkdirSync(join(outside, 'a/b'), { recursive: true });
    for (let i = 0; i < 50; i++) writeFileSync(join(outside, 'a/b', `f${i}`), '');
    const source = await folderSource(outside, { files: 51 });
    const error = await failureOf(ConfigError, source.list(['']));
    expect(error.diagnostics[0]?.message).to.include(
      `he folder ${outside} has more than 51 files and folders`,
    );
    expect(await source.list(['a'])).to.have.lengthOf(50);

    const inside = repository(Object.fromEntries(Array.from({ length: 40 }, (_, i) => [`f${i}`, ''])));
    for (let i = 0; i < 10; i++) writeFileSync(join(inside, `new${i}`), '');
    expect(await (await folderSource(inside, { files: 50 })).list([''])).to.have.lengthOf(50);
    await failureOf(ConfigError, folderSource(inside, { files: 49 }));
  });
});

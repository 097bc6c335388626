import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { expect } from 'chai';

import { git } from '../unit/sources/repository.js';
import { kfops } from './kfops.js';
import { temporaryFolder, write, writeProject } from './project.js';

describe('kfops in a repository with a submodule', () => {
  const cwd = temporaryFolder();
  const inner = temporaryFolder();
  const out = temporaryFolder();
  before(() => {
    write(inner, { 'util.py': 'x = 1\n' });
    writeProject(cwd, ['trainer']);
    for (const folder of [inner, cwd]) {
      git(folder, 'init', '-q', '-b', 'main');
      if (folder === cwd) git(cwd, 'submodule', '--quiet', 'add', inner, 'images/trainer/shared');
      git(folder, 'add', '-A');
      git(folder, 'commit', '-qm', 'all');
    }
  });

  it('delivers its files, and names one that is not checked out', async () => {
    const archives = [join(out, 'folder.tar.gz'), join(out, 'commit.tar.gz')] as const;
    expect(await kfops(['context', 'trainer', '-o', archives[0]], { cwd })).to.include({ code: 0 });
    const args = ['context', 'trainer', '--commit', 'HEAD', '-o', archives[1]];
    expect(await kfops(args, { cwd })).to.include({ code: 0 });
    const listed = execFileSync('tar', ['-tzf', archives[0]], { encoding: 'utf8' });
    expect(listed.split('\n')).to.include('shared/util.py');
    expect(readFileSync(archives[1])).to.deep.equal(readFileSync(archives[0]));
    git(cwd, 'submodule', '--quiet', 'deinit', join('images', 'trainer', 'shared'));
    const { code, stdout } = await kfops(['validate'], { cwd });
    expect(code).to.equal(2);
    expect(stdout).to.include('SUBMODULE');
    expect(stdout).to.include('git submodule update --init --recursive images/trainer/shared');
  });
});

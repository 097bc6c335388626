import { mkdirSync, mkdtempSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { expect } from 'chai';

import { makeFolder } from '../../../stores/make-folder.js';

describe('stores/make-folder', () => {
  let root: string;
  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), 'kfops-make-'));
  });
  afterEach(() => {
    rmSync(root, { recursive: true, force: true });
  });
  const codeOf = (folder: string): Promise<string | undefined> =>
    makeFolder(folder).then(
      () => undefined,
      (error: unknown) => (error as NodeJS.ErrnoException).code,
    );

  it('makes what is missing, once or at the same time, through links', async () => {
    mkdirSync(join(root, 'real'));
    symlinkSync('real', join(root, 'link'));
    const folder = join(root, 'link/a/b/c');
    expect(await Promise.all([codeOf(folder), codeOf(folder), codeOf(root)])).to.deep.equal([
      undefined,
      undefined,
      undefined,
    ]);
    expect(statSync(join(root, 'real/a/b/c')).isDirectory()).to.be.true;
  });

  it('fails where a file or a broken link is in the way', async () => {
    writeFileSync(join(root, 'file'), '');
    symlinkSync('nowhere', join(root, 'broken'));
    expect(await codeOf(join(root, 'file'))).to.equal('EEXIST');
    expect(await codeOf(join(root, 'file/a/b'))).to.equal('EEXIST');
    expect(await codeOf(join(root, 'broken/a'))).to.equal('EEXIST');
  });

  it('fails where the system lets none be made', async function () {
    if (process.platform !== 'linux') this.skip();
    expect(await codeOf('/proc/kfops/a')).to.equal('ENOENT');
  });
});

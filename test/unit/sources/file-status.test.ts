import { execFileSync } from 'node:child_process';
import fs, { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { expect } from 'chai';

import { WorkError } from '../../../schema/errors.js';
import { folderSource } from '../../../sources/folder.js';

/** The superuser may read every folder, so the refusal is played. */
describe('sources, in a folder that may not be read', () => {
  const { lstatSync, readdirSync } = fs;
  const { readdir } = fs.promises;
  let root: string;
  let closed: string;

  const refuse = (path: unknown, itself: boolean): void => {
    const text = String(path);
    if (!(itself && text === closed) && !text.startsWith(`${closed}/`)) return;
    throw Object.assign(new Error(`EACCES: permission denied, '${text}'`), { code: 'EACCES' });
  };
  beforeEach(() => {
    root = realpathSync(mkdtempSync(join(tmpdir(), 'kfops-look-')));
    closed = join(root, 'images/closed');
    mkdirSync(closed, { recursive: true });
    writeFileSync(join(closed, 'Dockerfile'), 'FROM scratch\n');
    Object.assign(fs, {
      lstatSync: (...args: Parameters<typeof lstatSync>) => {
        refuse(args[0], false);
        return lstatSync(...args);
      },
      readdirSync: (...args: Parameters<typeof readdirSync>) => {
        refuse(args[0], true);
        return readdirSync(...args);
      },
    });
    Object.assign(fs.promises, {
      readdir: async (...args: Parameters<typeof readdir>) => {
        refuse(args[0], true);
        return readdir(...args);
      },
    });
    syncBuiltinESMExports();
  });
  afterEach(() => {
    Object.assign(fs, { lstatSync, readdirSync });
    Object.assign(fs.promises, { readdir });
    syncBuiltinESMExports();
    rmSync(root, { recursive: true, force: true });
  });

  const expectRefusal = async (work: Promise<unknown>): Promise<void> => {
    const error: unknown = await work.then(
      () => undefined,
      (cause: unknown) => cause,
    );
    expect(error).to.be.instanceOf(WorkError).and.include({
      message: 'the folder `images/closed` cannot be read: permission denied',
      nextStep: 'give yourself the right to read it',
    });
  };

  it('names it, outside of a repository', async () => {
    const source = await folderSource(root);
    await expectRefusal(source.list(['']));
    await expectRefusal(source.list(['images/closed/Dockerfile']));
    await expectRefusal(source.text('images/closed/Dockerfile'));
  });

  it('finds nothing behind a file', async () => {
    writeFileSync(join(root, 'file'), '');
    const source = await folderSource(root);
    expect(await source.list(['file/a/b'])).to.deep.equal([]);
    expect(await source.text('file/a/b')).to.equal(undefined);
  });

  it('names it, in a repository', async () => {
    execFileSync('git', ['init', '-q'], { cwd: root });
    execFileSync('git', ['add', '.'], { cwd: root });
    const source = await folderSource(root);
    await expectRefusal(source.list(['images']));
  });
});

import { execFileSync } from 'node:child_process';
import {
  closeSync,
  linkSync,
  mkdirSync,
  mkdtempSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { expect } from 'chai';

import { WorkError } from '../../../schema/errors.js';
import { openInside, readLinkInside, readSome, unreadable } from '../../../sources/open-inside.js';

describe('opening a file below a folder', () => {
  let root: string;

  beforeEach(() => {
    root = realpathSync(mkdtempSync(join(tmpdir(), 'kfops-open-')));
    mkdirSync(join(root, 'inside/folder'), { recursive: true });
    writeFileSync(join(root, 'inside/file'), 'hello');
    writeFileSync(join(root, 'outside'), 'secret');
  });
  afterEach(() => {
    rmSync(root, { recursive: true });
  });

  /** The error, which must be one that tells somebody what to do. */
  async function refused(work: Promise<unknown>): Promise<string> {
    const error: unknown = await work.catch((each: unknown) => each);
    expect(error).to.be.instanceOf(WorkError);
    return (error as WorkError).message;
  }

  it('gives its size and its bytes, from the beginning', async () => {
    const file = await openInside(join(root, 'inside'), 'file');
    try {
      expect(file.size).to.equal(5);
      const buffer = Buffer.alloc(3);
      expect(await readSome(file, buffer)).to.equal(3);
      expect(buffer.toString()).to.equal('hel');
      expect(await readSome(file, buffer)).to.equal(2);
      expect(await readSome(file, buffer)).to.equal(0);
    } finally {
      closeSync(file.fd);
    }
  });

  it('takes a second name of a file', async () => {
    linkSync(join(root, 'inside/file'), join(root, 'inside/hard'));
    closeSync((await openInside(join(root, 'inside'), 'hard')).fd);
  });

  it('does not go through a link, to a file or to a folder', async () => {
    symlinkSync('../outside', join(root, 'inside/link'));
    symlinkSync('..', join(root, 'inside/up'));
    symlinkSync('folder', join(root, 'inside/folder-link'));
    writeFileSync(join(root, 'inside/folder/file'), '');
    for (const path of ['link', 'up/outside', 'folder-link/file'])
      expect(await refused(openInside(join(root, 'inside'), path)), path).to.include(
        'changed while it was read',
      );
  });

  it('opens nothing but a file, and waits for none of it', async () => {
    execFileSync('mkfifo', [join(root, 'inside/fifo')]);
    for (const path of ['folder', 'fifo', 'gone'])
      expect(await refused(openInside(join(root, 'inside'), path)), path).to.include(`\`${path}\` changed`);
  });

  it('leaves nothing open that it refuses', async () => {
    const open = (): number => Number(execFileSync('sh', ['-c', `ls /proc/${process.pid}/fd | wc -l`]));
    await refused(openInside(join(root, 'inside'), 'folder'));
    const before = open();
    for (let i = 0; i < 10; i++) await refused(openInside(join(root, 'inside'), 'folder'));
    expect(open()).to.equal(before);
  });

  describe('where the kernel does not say what was opened', () => {
    const { platform } = process;
    beforeEach(() => Object.defineProperty(process, 'platform', { value: 'darwin' }));
    afterEach(() => Object.defineProperty(process, 'platform', { value: platform }));

    it('opens a file, and goes through no link', async () => {
      symlinkSync('..', join(root, 'inside/up'));
      closeSync((await openInside(join(root, 'inside'), 'file')).fd);
      expect(await refused(openInside(join(root, 'inside'), 'up/outside'))).to.include('changed while');
    });
  });

  it('reads a link itself, in a real folder only', async () => {
    symlinkSync('anything/../x', join(root, 'inside/link'));
    symlinkSync('inside', join(root, 'other'));
    expect(String(await readLinkInside(root, 'inside/link'))).to.equal('anything/../x');
    expect(await refused(readLinkInside(root, 'other/link'))).to.include('changed while it was read');
    expect(await refused(readLinkInside(root, 'inside/file'))).to.include('changed while it was read');
  });

  const reasons: readonly (readonly [string, RegExp])[] = [
    ['EACCES', /^what `a` cannot be read: permission denied$/],
    ['EPERM', /permission denied/],
    ['EMFILE', /too many open files/],
    ['ENFILE', /too many open files/],
    ['EIO', /the disk reports an error/],
    ['ENOENT', /^`a` changed while it was read$/],
  ];
  for (const [code, message] of reasons) {
    it(`says what ${code} means`, () => {
      expect(unreadable('a', Object.assign(new Error(), { code }), 'what ').message).to.match(message);
    });
  }

  it('calls the root by a dot, also where the reason has no code', () => {
    expect(unreadable('', Object.assign(new Error(), { code: 'EIO' })).message).to.match(/^`\.` cannot/);
    expect(unreadable('', new Error()).message).to.match(/^`\.` changed/);
  });
});

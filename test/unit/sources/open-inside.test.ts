import { execFileSync } from 'node:child_process';
import fs, {
  closeSync,
  linkSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  realpathSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { expect } from 'chai';

import { WorkError } from '../../../schema/errors.js';
import { openInside, readLinkInside, readSome, unreadable } from '../../../sources/open-inside.js';

const { platform } = process;
const real = { lstatSync: fs.lstatSync, readlinkSync: fs.readlinkSync };
let root: string;

/** Plays a file system, or a system, that differs from this one. */
function play(changes: Partial<Record<keyof typeof real, unknown>>): void {
  Object.assign(fs, changes);
  syncBuiltinESMExports();
}

/** As on a system that does not say where an open file is. */
function withoutProc(code = 'ENOENT'): void {
  play({
    readlinkSync: () => {
      throw Object.assign(new Error(code), { code });
    },
  });
}

async function errorOf(work: Promise<unknown>): Promise<unknown> {
  return work.then(
    () => undefined,
    (cause: unknown) => cause,
  );
}

/** Files below the root that are open now. */
function openFiles(): string[] {
  return readdirSync('/proc/self/fd').flatMap((fd) => {
    try {
      const file = real.readlinkSync(`/proc/self/fd/${fd}`);
      return file.startsWith(root) ? [file] : [];
    } catch {
      return [];
    }
  });
}

async function expectChanged(path: string): Promise<void> {
  const error = await errorOf(openInside(root, path));
  expect(error).to.be.instanceOf(WorkError);
  expect(error).to.have.property('message', `\`${path}\` changed while it was read`);
  if (platform === 'linux') expect(openFiles()).to.deep.equal([]);
}

beforeEach(() => {
  root = realpathSync(mkdtempSync(join(tmpdir(), 'kfops-open-')));
  mkdirSync(join(root, 'a/b'), { recursive: true });
  writeFileSync(join(root, 'a/b/file'), 'content');
  writeFileSync(join(root, 'secret'), 'secret!');
  symlinkSync('../../secret', join(root, 'a/b/link'));
  symlinkSync('a', join(root, 'folder-link'));
  symlinkSync('../..', join(root, 'a/b/up'));
  symlinkSync('anything/../x', join(root, 'a/dangling'));
});

afterEach(() => {
  Object.defineProperty(process, 'platform', { value: platform });
  play(real);
  rmSync(root, { recursive: true, force: true });
});

for (const [system, prepare] of [
  ['on this system', () => undefined],
  [
    'on a system without /proc',
    () => {
      Object.defineProperty(process, 'platform', { value: 'darwin' });
    },
  ],
  [
    'on Linux without /proc',
    () => {
      withoutProc();
    },
  ],
] as const)
  describe(`openInside ${system}`, () => {
    beforeEach(prepare);

    it('opens a regular file, which is read from its beginning to its end', async () => {
      const file = await openInside(root, 'a/b/file');
      try {
        expect(file.size).to.equal(7);
        const buffer = Buffer.alloc(4);
        expect(await readSome(file, buffer)).to.equal(4);
        expect(buffer.toString()).to.equal('cont');
        expect(await readSome(file, buffer)).to.equal(3);
        expect(buffer.toString('utf8', 0, 3)).to.equal('ent');
        expect(await readSome(file, buffer)).to.equal(0);
      } finally {
        closeSync(file.fd);
      }
    });

    it('opens a second name of a file', async () => {
      linkSync(join(root, 'a/b/file'), join(root, 'hard'));
      closeSync((await openInside(root, 'hard')).fd);
    });

    for (const path of [
      'nothing',
      'a/nothing',
      'a/b',
      'a/b/link',
      'folder-link/b/file',
      'a/b/up/secret',
      'a/b/file/x',
    ])
      it(`does not open ${path}, and leaves nothing open`, () => expectChanged(path));

    it('does not open a FIFO, and does not wait for one who writes to it', async () => {
      execFileSync('mkfifo', [join(root, 'fifo')]);
      await expectChanged('fifo');
    });
  });

describe('openInside where the system does not say where an open file is', () => {
  beforeEach(() => {
    Object.defineProperty(process, 'platform', { value: 'darwin' });
  });

  it('does not ask /proc', async () => {
    withoutProc('EACCES');
    closeSync((await openInside(root, 'a/b/file')).fd);
  });

  it('refuses a file that was replaced after it was opened', async () => {
    play({
      lstatSync: (path: string) => {
        writeFileSync(join(root, 'other'), 'content');
        renameSync(join(root, 'other'), path);
        return real.lstatSync(path);
      },
    });
    await expectChanged('a/b/file');
  });

  it('refuses a file of another device with the same number', async () => {
    play({
      lstatSync: (path: string) => {
        const there = real.lstatSync(path);
        return Object.assign(there, { dev: there.dev + 1 });
      },
    });
    await expectChanged('a/b/file');
  });
});

describe('openInside on Linux', () => {
  before(function () {
    if (platform !== 'linux') this.skip();
  });

  it('asks the kernel where the file is: a folder moved away meanwhile does not count', async () => {
    play({
      readlinkSync: (path: string) => {
        renameSync(join(root, 'a'), join(root, 'moved'));
        return real.readlinkSync(path);
      },
    });
    await expectChanged('a/b/file');
  });

  it('refuses a file where /proc refuses to say where it is', async () => {
    withoutProc('EACCES');
    const error = await errorOf(openInside(root, 'a/b/file'));
    expect(error).to.have.property('message').that.includes('permission denied');
    expect(openFiles()).to.deep.equal([]);
  });
});

describe('readLinkInside', () => {
  it('gives the target of a link', async () => {
    expect(String(await readLinkInside(root, 'a/b/link'))).to.equal('../../secret');
    expect(String(await readLinkInside(root, 'a/dangling'))).to.equal('anything/../x');
  });

  for (const path of ['nothing', 'a/b/file', 'a', 'folder-link/b/link'])
    it(`reads no link at ${path}`, async () => {
      const error = await errorOf(readLinkInside(root, path));
      expect(error).to.be.instanceOf(WorkError);
      expect(error).to.have.property('message', `\`${path}\` changed while it was read`);
    });
});

describe('what cannot be read', () => {
  const message = (code: string | undefined, path = 'a', what?: string): string =>
    unreadable(path, Object.assign(new Error('x'), code && { code }), what).message;

  it('is explained by its cause', () => {
    for (const code of ['EACCES', 'EPERM'])
      expect(message(code), code).to.equal('`a` cannot be read: permission denied');
    for (const code of ['EMFILE', 'ENFILE']) expect(message(code), code).to.include('too many open files');
    expect(message('EIO')).to.include('disk');
    for (const code of ['ENOENT', 'ELOOP', undefined])
      expect(message(code)).to.equal('`a` changed while it was read');
  });

  it('is named, the root too', () => {
    expect(message('EACCES', 'a/b', 'the folder ')).to.match(/^the folder `a\/b` cannot/);
    expect(message('EACCES', '')).to.match(/^`\.` cannot/);
    expect(message('ENOENT', '')).to.match(/^`\.` changed/);
    expect(message('ENOENT', 'a')).to.match(/^`a` changed/);
  });
});

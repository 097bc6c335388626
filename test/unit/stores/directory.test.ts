import { mkdir, mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';

import { expect } from 'chai';
import fc from 'fast-check';

import { WorkError } from '../../../schema/errors.js';
import { directoryStore } from '../../../stores/directory.js';

const KEY = `ctx/${'a'.repeat(64)}.tar.gz`;

describe('directoryStore', () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'kfops-store-'));
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  const filesBelow = async (): Promise<string[]> =>
    (await readdir(folder, { recursive: true, withFileTypes: true }))
      .filter((e) => e.isFile())
      .map((e) => e.name);
  const failure = async (work: Promise<unknown>): Promise<unknown> =>
    work.then(
      () => expect.fail('it did not fail'),
      (error: unknown) => error,
    );

  it('writes an object to a file of its key and finds it again', async () => {
    const store = directoryStore(join(folder, 'not', 'there', 'yet'));
    expect(await store.has(KEY)).to.be.false;
    await store.put(KEY, () => Readable.from([Buffer.from('con'), Buffer.from('tent')]));
    expect(await store.has(KEY)).to.be.true;
    expect(await readFile(join(folder, 'not/there/yet', KEY), 'utf8')).to.equal('content');
    expect(store.describe()).to.equal(join(folder, 'not/there/yet'));
  });

  it('leaves an object that is there alone, without opening the content', async () => {
    const store = directoryStore(folder);
    await store.put(KEY, () => Readable.from([Buffer.from('first')]));
    await store.put(KEY, () => expect.fail('opened'));
    expect(await readFile(join(folder, KEY), 'utf8')).to.equal('first');
  });

  it('lets two write one object at once', async () => {
    const store = directoryStore(folder);
    const content = Buffer.alloc(300_000, 'x');
    await Promise.all([1, 2, 3].map(() => store.put(KEY, () => Readable.from([content, content]))));
    expect((await readFile(join(folder, KEY))).length).to.equal(600_000);
    expect(await filesBelow()).to.have.length(1);
  });

  it('leaves nothing when the content fails, and passes that failure on', async () => {
    const cause = new WorkError('a file has changed');
    const content = (async function* () {
      yield Buffer.alloc(100_000);
      await Promise.resolve();
      throw cause;
    })();
    expect(await failure(directoryStore(folder).put(KEY, () => Readable.from(content)))).to.equal(cause);
    expect(await filesBelow()).to.be.empty;
  });

  it('shows nothing at its place before the whole content is there', async () => {
    const store = directoryStore(folder);
    const seen: boolean[] = [];
    const content = (async function* () {
      yield Buffer.alloc(100_000);
      seen.push(await store.has(KEY));
      yield Buffer.alloc(100_000);
      seen.push(await store.has(KEY));
    })();
    await store.put(KEY, () => Readable.from(content));
    expect(seen).to.deep.equal([false, false]);
  });

  it('says that a file is in the way', async () => {
    await writeFile(join(folder, 'ctx'), '');
    const content = Readable.from([Buffer.from('x')]);
    const error = (await failure(directoryStore(folder).put(KEY, () => content))) as WorkError;
    expect(error).to.be.instanceOf(WorkError);
    expect(error.message).to.contain(folder).and.to.contain('a part of its path is a file');
    expect(error.nextStep).to.contain('Choose another place');
  });

  it('says that a folder is in its place, and takes its own file away', async () => {
    await mkdir(join(folder, KEY, 'x'), { recursive: true });
    const content = Readable.from([Buffer.from('x')]);
    const error = (await failure(directoryStore(folder).put(KEY, () => content))) as WorkError;
    expect(error.message).to.contain('a folder is in its place');
    expect(await filesBelow()).to.be.empty;
  });

  it('never leaves its folder, whatever the key', async () => {
    const store = directoryStore(folder);
    for (const key of [
      '',
      '/',
      '/etc/passwd',
      '..',
      '../x',
      'ctx/../../x',
      'ctx/./x',
      'ctx//x',
      'ctx\\x',
      '.hidden',
      'a\0b',
      '-x',
    ]) {
      expect(await failure(store.put(key, () => Readable.from([]))), key).to.be.instanceOf(WorkError);
    }
    await fc.assert(
      fc.asyncProperty(
        fc.string({ unit: fc.constantFrom('.', '/', 'a', '\\', '\0', '~', ':') }),
        async (key) => {
          await store.has(key).catch((error: unknown) => expect(error).to.be.instanceOf(WorkError));
        },
      ),
    );
    expect(await filesBelow()).to.be.empty;
  });
});

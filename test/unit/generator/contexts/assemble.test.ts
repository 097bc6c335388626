import { expect } from 'chai';

import { assembleContexts } from '../../../../generator/contexts/assemble.js';
import { contextBudget } from '../../../../generator/contexts/budget.js';
import type { ContextProblem, ContextRequest } from '../../../../generator/contexts/context.js';
import { StepBudget } from '../../../../generator/contexts/glob.js';
import { MemorySource, type MemoryFile } from './memory-source.js';

const LIMITS_OF_MANY = { files: 100_000, bytes: 1e9 };
const LIMITS = { files: 1000, bytes: 1_000_000 };
const link = (content: string): MemoryFile => ({ mode: '120000', content });

function request(dockerfileFolder: string, ...otherFolders: string[]): ContextRequest {
  return { name: 'image', dockerfileFolder, otherFolders, dockerfile: 'Dockerfile' };
}

async function assemble(
  files: Record<string, MemoryFile>,
  asked: ContextRequest = request('img'),
  limits = LIMITS,
) {
  const [result] = await assembleContexts(new MemorySource(files), [asked], limits);
  return result!;
}

async function paths(
  files: Record<string, MemoryFile>,
  asked?: ContextRequest,
): Promise<string[] | undefined> {
  const { context, problems } = await assemble(files, asked);
  expect(problems).to.deep.equal([]);
  return context?.entries.map(({ path }) => path);
}

async function problems(
  files: Record<string, MemoryFile>,
  asked?: ContextRequest,
  limits?: typeof LIMITS,
): Promise<readonly ContextProblem[]> {
  return (await assemble(files, asked, limits)).problems;
}

const codes = (found: readonly ContextProblem[]): string[] => found.map(({ code }) => code);

describe('assembling contexts', () => {
  const plain = { 'img/Dockerfile': 'FROM scratch', 'img/src/a.py': 'a', 'libs/shared/b.py': 'b' };

  it('puts the Dockerfile’s folder at the root and others under their base name, trailing slash or not', async () => {
    const expected = ['Dockerfile', 'shared/b.py', 'src/a.py'];
    expect(await paths(plain, request('img', 'libs/shared'))).to.deep.equal(expected);
    expect(await paths(plain, request('./img/', 'libs/shared/'))).to.deep.equal(expected);
  });

  describe('from the repository’s root', () => {
    const root: Record<string, MemoryFile> = {
      Dockerfile: '',
      'app/a.py': '',
      'config_files.txt': '',
      'config_files/config.yaml': '',
      'libs/shared/b.py': '',
      'out/kept.csv': '',
      'out/workflow.yaml': { untracked: true },
      'new.py': { untracked: true },
    };
    const all = ['Dockerfile', 'app/a.py', 'config_files.txt', 'libs/shared/b.py', 'new.py', 'out/kept.csv'];

    for (const written of ['', '.', './', './.', 'app/..']) {
      it(`${JSON.stringify(written)} has everything but the configuration and new files in out/`, async () => {
        expect(await paths(root, request(written))).to.deep.equal(all);
      });
    }

    it('has other folders, also those that are in it at the same place', async () => {
      const shared = [...all, 'shared/b.py'];
      expect(await paths(root, request('.', 'libs/shared'))).to.deep.equal(shared);
      expect(await paths(root, request('.', 'libs/shared', 'app', 'libs'))).to.deep.equal(shared);
      expect(codes(await problems({ ...root, 'x/app/c': '' }, request('.', 'x/app')))).to.deep.equal([
        'CONTEXT_CLASH',
      ]);
    });

    it('has the configuration’s folder and out/ where the image names them', async () => {
      const named = await paths(root, request('.', 'config_files', 'out'));
      expect(named).to.have.members([...all, 'config_files/config.yaml', 'out/workflow.yaml']);
      const files = { ...root, 'config_files/Dockerfile': '' };
      const inside = await paths(files, { ...request('.'), dockerfile: 'config_files/Dockerfile' });
      expect(inside).to.include.members(['config_files/Dockerfile', 'config_files/config.yaml']);
    });

    it('shares nothing between images that leave out different folders', async () => {
      const source = new MemorySource(root);
      const results = await assembleContexts(
        source,
        [request('.'), request('.', 'config_files'), request('.')],
        LIMITS,
      );
      const sizes = results.map(({ context }) => context?.entries.length);
      expect(sizes).to.deep.equal([all.length, all.length + 1, all.length]);
    });

    it('is an error where there are no files', async () => {
      const [first] = await problems({}, request('.'));
      expect(first).to.include({ code: 'FOLDER_MISSING', message: 'the repository has no files' });
    });
  });

  it('leaves out __pycache__ at any depth, and nothing that only resembles it', async () => {
    const files = {
      ...plain,
      'img/__pycache__/x.pyc': '',
      'img/src/__pycache__/y': '',
      'img/__pycache__x/z': '',
    };
    expect(await paths(files)).to.deep.equal(['Dockerfile', '__pycache__x/z', 'src/a.py']);
  });

  it('sorts by bytes, not by UTF-16 units', async () => {
    const files = {
      'img/Dockerfile': '',
      'img/\u{1f600}': '',
      'img/\uff5e': '',
      'img/é': '',
      'img/a-b': '',
      'img/a/b': '',
    };
    const found = await paths(files);
    expect(found).to.deep.equal(['Dockerfile', 'a-b', 'a/b', 'é', '\uff5e', '\u{1f600}']);
    const bytes = (found ?? []).map((path) => Buffer.from(path));
    expect(bytes).to.deep.equal([...bytes].sort((a, b) => Buffer.compare(a, b)));
  });

  it('gives a key that depends on path, mode and content, and on nothing else', async () => {
    const keyOf = async (files: Record<string, MemoryFile>, asked?: ContextRequest) =>
      (await assemble(files, asked)).context?.key;
    const key = await keyOf(plain);
    expect(key).to.match(/^[0-9a-f]{64}$/);
    expect(
      await keyOf({ 'other/Dockerfile': 'FROM scratch', 'other/src/a.py': 'a' }, request('other')),
    ).to.equal(key);
    expect(await keyOf({ ...plain, 'img/src/a.py': 'b' })).not.to.equal(key);
    expect(await keyOf({ ...plain, 'img/src/a.py': { content: 'a', mode: '100755' } })).not.to.equal(key);
    expect(await keyOf({ 'img/Dockerfile': 'FROM scratch', 'img/src/b.py': 'a' })).not.to.equal(key);
  });

  it('has a manifest that is as documented', async () => {
    // printf 'kfops-context 1\000100644 <git hash-object of "x">\tDockerfile\000' | sha256sum
    const { context } = await assemble({ 'img/Dockerfile': 'x' });
    expect(context?.key).to.equal('94a6e556fbd1874f5ac2e707e25e47ecbeb9aa89d061da3ebc57c2bf374200aa');
    expect(context?.objectKey).to.equal(`ctx/${context?.key ?? ''}.tar.gz`);
    expect(context?.bytes).to.equal(1);
  });

  it('lists all folders of all images at once, and identifies shared files once', async () => {
    const source = new MemorySource({ ...plain, 'two/Dockerfile': '' });
    await assembleContexts(source, [request('img', 'libs/shared'), request('two', 'libs/shared/')], LIMITS);
    expect(source.calls).to.deep.equal([
      'list img libs/shared two',
      'identify img/Dockerfile libs/shared/b.py img/src/a.py two/Dockerfile',
    ]);
  });

  it('says what is wrong with every image at once', async () => {
    const source = new MemorySource({ 'img/a': '', 'two/Dockerfile': '' });
    const asked = [request('img', '../x'), request('imgg', 'nowhere'), request('two')];
    const results = await assembleContexts(source, asked, LIMITS);
    expect(results.map((result) => codes(result.problems))).to.deep.equal([
      ['PATH_OUTSIDE', 'DOCKERFILE_MISSING'],
      ['FOLDER_MISSING', 'FOLDER_MISSING'],
      [],
    ]);
    expect(results[1]?.problems[0]?.hint).to.include('did you mean `img`?');
    expect(results[1]?.problems[1]?.field).to.deep.equal(['other_folders_path', 0]);
  });

  describe('paths', () => {
    for (const path of ['../img', 'img/../../img', '/etc', 'a\\b', 'a\0b', 'C:/x', 'a\nb']) {
      it(`refuses ${JSON.stringify(path)}`, async () => {
        expect(codes(await problems(plain, request(path)))).to.deep.equal(['PATH_OUTSIDE']);
        expect(codes(await problems(plain, request('img', path)))).to.deep.equal(['PATH_OUTSIDE']);
        expect(codes(await problems(plain, { ...request('img'), dockerfile: path }))).to.deep.equal([
          'PATH_OUTSIDE',
        ]);
      });
    }

    it('refuses the root as another folder', async () => {
      expect(codes(await problems(plain, request('img', './')))).to.deep.equal(['WRONG_VALUE']);
    });

    it('explains a folder that is a file, a link, or in a submodule', async () => {
      const files = { ...plain, l: link('img'), s: { mode: '160000' as const } };
      expect((await problems(files, request('img/Dockerfile')))[0]?.message).to.include('is a file');
      expect((await problems(files, request('l/src')))[0]?.message).to.include('is a symbolic link');
      expect(codes(await problems(files, request('s/src')))).to.deep.equal(['SUBMODULE']);
    });
  });

  describe('clashes', () => {
    it('names both folders', async () => {
      const found = await problems(
        { ...plain, 'x/shared/c': '' },
        request('img', 'libs/shared', 'x/shared/'),
      );
      expect(codes(found)).to.deep.equal(['CONTEXT_CLASH']);
      expect(found[0]?.message).to.include('`libs/shared`').and.include('`x/shared`');
      expect(found[0]?.field).to.deep.equal(['other_folders_path', 1]);
    });

    it('sees a file or folder of the Dockerfile’s folder with the name of another folder', async () => {
      expect(codes(await problems({ ...plain, 'x/src/c': '' }, request('img', 'x/src')))).to.deep.equal([
        'CONTEXT_CLASH',
      ]);
      expect(
        codes(await problems({ ...plain, 'img/shared': '' }, request('img', 'libs/shared'))),
      ).to.deep.equal(['CONTEXT_CLASH']);
    });

    it('sees a link with files below it, which unpacking would write through', async () => {
      const files = { 'img/Dockerfile': '', 'img/a': link('/etc'), 'img/a-b': '', 'img/a/passwd': 'x' };
      expect(codes(await problems(files))).to.include('CONTEXT_CLASH');
    });
  });

  describe('the Dockerfile', () => {
    it('may have another name or be deeper', async () => {
      const files = { 'img/docker/prod.Dockerfile': '' };
      const asked = { ...request('img'), dockerfile: './docker/prod.Dockerfile' };
      expect(await paths(files, asked)).to.deep.equal(['docker/prod.Dockerfile']);
    });

    it('is missed, with what may have been meant', async () => {
      const [found] = await problems({ 'img/dockerfile': '' });
      expect(found?.code).to.equal('DOCKERFILE_MISSING');
      expect(found?.hint).to.include('did you mean `dockerfile`?');
      expect((await problems({ 'img/Dockerfile/x': '' }))[0]?.message).to.include('is a folder');
    });
  });

  describe('.dockerignore', () => {
    it('applies to other folders too, and never to the Dockerfile and itself', async () => {
      const files = { ...plain, 'img/.dockerignore': '*\n!src', 'libs/shared/c.py': '' };
      expect(await paths(files, request('img', 'libs/shared'))).to.deep.equal([
        '.dockerignore',
        'Dockerfile',
        'src/a.py',
      ]);
    });

    it('gives way to <Dockerfile>.dockerignore', async () => {
      const files = {
        ...plain,
        'img/.dockerignore': '*',
        'img/Dockerfile.dockerignore': 'src\n.dockerignore',
      };
      expect(await paths(files)).to.deep.equal(['Dockerfile', 'Dockerfile.dockerignore']);
    });

    it('keeps what a Dockerfile that is a link leads to', async () => {
      const files = {
        'img/Dockerfile': link('docker/prod'),
        'img/docker/prod': '',
        'img/x': '',
        'img/.dockerignore': '**',
      };
      expect(await paths(files)).to.deep.equal(['.dockerignore', 'Dockerfile', 'docker/prod']);
    });

    it('saves from problems with what it leaves out', async () => {
      const files: Record<string, MemoryFile> = {
        'img/Dockerfile': '',
        'img/.dockerignore': 'no',
        'img/no/link': link('/etc'),
        'img/no/sub': { mode: '160000' },
        'img/no/pipe': { problem: { code: 'FILE_KIND', message: '', hint: '' } },
        'img/no/large': { size: 2 ** 40 },
      };
      expect(await paths(files)).to.deep.equal(['.dockerignore', 'Dockerfile']);
    });

    it('reports a pattern that Docker would refuse, with its line', async () => {
      const [found] = await problems({ ...plain, 'img/.dockerignore': 'a\n[\n' });
      expect(found?.code).to.equal('IGNORE_PATTERN');
      expect(found?.message).to.include('line 2 of `img/.dockerignore`');
    });
  });

  it('names submodules and what a source says cannot be delivered', async () => {
    const pipe = { code: 'FILE_KIND', message: '`img/pipe` is a FIFO', hint: 'remove it' } as const;
    const found = await problems({ ...plain, 'img/pipe': { problem: pipe }, 'img/sub': { mode: '160000' } });
    expect(codes(found)).to.deep.equal(['FILE_KIND', 'SUBMODULE']);
    expect(found[1]?.message).to.include('`img/sub`');
  });

  describe('symbolic links', () => {
    const outside: [string, Record<string, MemoryFile>][] = [
      ['an absolute target', { 'img/l': link('/proc/self/environ') }],
      ['..', { 'img/l': link('../secret') }],
      ['.. in the middle', { 'img/l': link('src/../../secret') }],
      ['a way through another link', { 'img/s/a': link('..'), 'img/b': link('s/a/../etc') }],
      ['a way through a link and its end', { 'img/s/a': link('../'), 'img/b': link('./s//a/..') }],
      ['a circle', { 'img/a': link('b'), 'img/b': link('a') }],
      ['itself', { 'img/a': link('a/..') }],
      ['another folder of the repository', { 'img/l': link('../libs/shared') }],
      ['a name that is not there, and back', { 'img/l': link('nothing/../../x') }],
    ];
    for (const [what, files] of outside) {
      it(`are refused for ${what}`, async () => {
        const found = codes(await problems({ ...plain, ...files }));
        expect(found).not.to.be.empty;
        expect(new Set(found)).to.deep.equal(new Set(['LINK_OUTSIDE']));
      });
    }

    const inside: [string, Record<string, MemoryFile>][] = [
      ['a neighbour', { 'img/l': link('Dockerfile') }],
      ['a folder', { 'img/x/l': link('../src') }],
      ['the context’s root', { 'img/x/l': link('..') }],
      ['nothing', { 'img/l': link('nothing/at/all') }],
      ['a way through a link', { 'img/d': link('src'), 'img/l': link('d/../src/a.py') }],
      ['names with dots', { 'img/l': link('..a/...') }],
    ];
    for (const [what, files] of inside) {
      it(`may lead to ${what}`, async () => {
        expect(codes(await problems({ ...plain, ...files }))).to.deep.equal([]);
      });
    }

    it('may lead from another folder to the Dockerfile’s, as they stand in the context', async () => {
      const files = { ...plain, 'libs/shared/l': link('../src/a.py') };
      expect(codes(await problems(files, request('img', 'libs/shared')))).to.deep.equal([]);
    });

    it('are followed once each, however long the chain', async () => {
      const files: Record<string, MemoryFile> = { 'img/Dockerfile': '' };
      for (let i = 0; i < 5000; i++)
        files[`img/l${String(i).padStart(5, '0')}`] = link(
          `${'x/../'.repeat(50)}l${String(i + 1).padStart(5, '0')}`,
        );
      expect(new Set(codes(await problems(files, undefined, { files: 10_000, bytes: 1e9 })))).to.deep.equal(
        new Set(['LINK_OUTSIDE']),
      );
    });

    it('are not read when their target is too long', async () => {
      const files = { 'img/Dockerfile': '', 'img/l': { mode: '120000' as const, size: 2 ** 30 } };
      expect(codes(await problems(files, undefined, { files: 10, bytes: 2 ** 40 }))).to.deep.equal([
        'LINK_OUTSIDE',
      ]);
    });
  });

  describe('limits', () => {
    it('are held before anything is read, and name the largest folders', async () => {
      const files: Record<string, MemoryFile> = { 'img/Dockerfile': '', 'img/data/huge': { size: 2 ** 40 } };
      const source = new MemorySource(files);
      const [result] = await assembleContexts(source, [request('img')], LIMITS);
      expect(codes(result!.problems)).to.deep.equal(['CONTEXT_LIMIT']);
      expect(result!.problems[0]?.message).to.equal(
        'the context has 1.0 TiB, and the limit is 977 KiB; most is in `img/data` (1.0 TiB), `img` (0 B)',
      );
      expect(source.calls).to.deep.equal(['list img', 'identify ']);
    });

    it('count files', async () => {
      const files: Record<string, MemoryFile> = { 'img/Dockerfile': '' };
      for (let i = 0; i < 100; i++) files[`img/node_modules/p${i % 3}/f${i}`] = '';
      const [found] = await problems(files, undefined, { files: 100, bytes: 1 });
      expect(found?.message).to.include(
        '101 files, and the limit is 100; most are in `img/node_modules/p0` (34 files)',
      );
      expect(found?.hint).to.include('limits.context_files');
    });

    it('hold very many files', async () => {
      const files: Record<string, MemoryFile> = { 'img/Dockerfile': '' };
      const entry = { size: 1 };
      for (let i = 0; i < 200_000; i++) files[`img/d${i >> 10}/f${i}`] = entry;
      expect(codes(await problems(files, undefined, { files: 50_000, bytes: 1e9 }))).to.deep.equal([
        'CONTEXT_LIMIT',
      ]);
    });

    it('are told of when the folders of all images have too many files together', async () => {
      const files: Record<string, MemoryFile> = {};
      for (let i = 0; i < 11; i++) files[`i${i}/Dockerfile`] = '';
      for (let i = 0; i < 10_000; i++) files[`lib/f${i}`] = '';
      const asked = Array.from({ length: 11 }, (_, i) => request(`i${i}`, 'lib'));
      const results = await assembleContexts(new MemorySource(files), asked, { files: 10_001, bytes: 1e9 });
      expect(results.map(({ problems: found }) => codes(found).join())).to.deep.equal([
        ...Array.from({ length: 10 }, () => ''),
        'CONTEXT_LIMIT',
      ]);
      expect(results.at(-1)?.problems[0]?.message).to.include('all images together have more than 100,010');
    });
  });

  describe('threat 39: files that are made to cost much', () => {
    const many = (count: number): Record<string, MemoryFile> =>
      Object.fromEntries(Array.from({ length: count }, (_, i) => [`img/f${i}`, '']));

    it('shares what images with the same folders need', async () => {
      const files = { ...many(20_000), 'img/Dockerfile': '', 'img/.dockerignore': '*9\n' };
      const source = new MemorySource(files);
      const asked = Array.from({ length: 200 }, () => request('img'));
      const results = await assembleContexts(source, asked, LIMITS_OF_MANY);
      expect(new Set(results).size).to.equal(1);
      expect(results[0]?.context?.entries).to.have.lengthOf(18_002);
      const others = Array.from({ length: 200 }, (_, i) => ({ ...request('img'), dockerfile: `f${i}` }));
      const shared = await assembleContexts(new MemorySource(files), others, LIMITS_OF_MANY);
      // Of those that the ignore file leaves out, each context has its own Dockerfile.
      expect(new Set(shared.map(({ context }) => context)).size).to.equal(21);
    });

    it('refuses a .dockerignore of a megabyte of exceptions', async () => {
      const files = { ...many(1000), 'img/Dockerfile': '', 'img/.dockerignore': '!a\n'.repeat(349_000) };
      const found = await problems(files, undefined, LIMITS_OF_MANY);
      expect(codes(found)).to.deep.equal(['IGNORE_PATTERN']);
      expect(found[0]?.message).to.include('line 10001').and.include('more than 10,000 patterns');
    });

    it('charges exceptions that are only looked at, those of all images together', async () => {
      const files: Record<string, MemoryFile> = many(1000);
      const exceptions = '!a\n'.repeat(8000);
      for (const name of ['one', 'two', 'three']) {
        files[`img/${name}`] = '';
        files[`img/${name}.dockerignore`] = exceptions;
      }
      const asked = ['one', 'two', 'three'].map((dockerfile) => ({ ...request('img'), dockerfile }));
      // A thousand files times a thousand steps for each ignore file: enough for two of them.
      const budget = { ...contextBudget(LIMITS_OF_MANY), patterns: new StepBudget(2_500_000) };
      const results = await assembleContexts(new MemorySource(files), asked, LIMITS_OF_MANY, budget);
      expect(results.map(({ problems: found }) => codes(found).join())).to.deep.equal([
        '',
        '',
        'IGNORE_PATTERN',
      ]);
      expect(results[2]?.problems[0]?.message).to.include('with those of the other images, take too long');
    });

    it('gives up on links that are slow to follow', async () => {
      const files: Record<string, MemoryFile> = { 'img/Dockerfile': '' };
      const link = { mode: '120000' as const, content: 'a/'.repeat(2000), size: 4000 };
      for (let i = 0; i < 1000; i++) files[`img/l${i}`] = link;
      const budget = { ...contextBudget(LIMITS_OF_MANY), links: new StepBudget(1_000_000) };
      const source = new MemorySource(files);
      const [result] = await assembleContexts(source, [request('img')], LIMITS_OF_MANY, budget);
      expect(codes(result!.problems)).to.deep.equal(['CONTEXT_LIMIT']);
      expect(result!.problems[0]?.message).to.include('symbolic links');
    });

    it('gives up on Dockerfiles behind many links', async () => {
      const files: Record<string, MemoryFile> = { 'img/.dockerignore': 'x', 'img/f39': '' };
      for (let i = 0; i < 39; i++) files[`img/f${i}`] = { mode: '120000', content: `f${i + 1}`, size: 3 };
      for (let i = 0; i < 30; i++) files[`img/d${i}`] = { mode: '120000', content: 'f0', size: 2 };
      const asked = Array.from({ length: 30 }, (_, i) => ({ ...request('img'), dockerfile: `d${i}` }));
      const few = await assembleContexts(new MemorySource(files), asked.slice(20), LIMITS_OF_MANY);
      expect(few.flatMap((result) => result.problems)).to.deep.equal([]);
      const many = await assembleContexts(new MemorySource(files), asked, LIMITS_OF_MANY);
      expect(codes(many.at(-1)!.problems)).to.deep.equal(['CONTEXT_LIMIT']);
    });

    it('guesses no longer what was meant once that has cost enough', async () => {
      const asked = Array.from({ length: 200 }, (_, i) => request(`${'x'.repeat(150)}${i}`));
      const files = Object.fromEntries(
        Array.from({ length: 20_000 }, (_, i) => [`${'y'.repeat(150)}${i}/f`, '']),
      );
      const budget = { ...contextBudget(LIMITS_OF_MANY), hints: new StepBudget(100_000) };
      const results = await assembleContexts(new MemorySource(files), asked, LIMITS_OF_MANY, budget);
      expect(new Set(results.flatMap(({ problems: found }) => codes(found)))).to.deep.equal(
        new Set(['FOLDER_MISSING']),
      );
    });
  });
});

import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, readlinkSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';

import { expect } from 'chai';
import fc from 'fast-check';

import { packContext } from '../../../generator/contexts/pack.js';
import { folderSource } from '../../../sources/folder.js';
import { gitCommitSource } from '../../../sources/git.js';
import { compatible, file, ignore, path } from './arbitrary.js';
import { contextOf, newFolder, removeFolders, repository } from './repository.js';

describe('a context', () => {
  afterEach(removeFolders);

  it('has one key from a commit and from its clean folder, and GNU tar reads its files back', async () => {
    const repositories = fc.tuple(fc.array(fc.tuple(path, file), { maxLength: 12 }), ignore);
    await fc.assert(
      fc.asyncProperty(repositories, async ([entries, patterns]) => {
        const files = {
          ...compatible(new Map(entries)),
          'img/Dockerfile': 'FROM scratch',
          'img/.dockerignore': patterns.join('\n'),
        };
        const repo = repository(files);
        const [commit, folder] = [await gitCommitSource(repo, 'HEAD'), await folderSource(repo)];
        const [fromCommit, fromFolder] = [await contextOf(commit), await contextOf(folder)];
        expect(fromCommit.problems).to.deep.equal([]);
        expect(folder.revision.dirty).to.equal(false);
        expect(fromFolder.context?.key).to.equal(fromCommit.context?.key);

        const context = fromCommit.context!;
        const archive = await buffer(packContext(commit, context));
        expect(archive.equals(await buffer(packContext(folder, fromFolder.context!)))).to.equal(true);
        const out = newFolder();
        execFileSync('tar', ['-xzpf', '-', '-C', out], { input: archive });
        const found = execFileSync('find', [out, '!', '-type', 'd', '-printf', '%P\\0'], {
          encoding: 'utf8',
        });
        expect(found.split('\0').slice(0, -1).sort()).to.deep.equal(
          context.entries.map((entry) => entry.path).sort(),
        );
        for (const entry of context.entries) {
          const [at, original] = [join(out, entry.path), join(repo, entry.source.path)];
          if (entry.mode === '120000') {
            expect(readlinkSync(at)).to.equal(readlinkSync(original));
            continue;
          }
          expect(readFileSync(at).equals(readFileSync(original))).to.equal(true);
          expect(statSync(at).mode & 0o7777).to.equal(entry.mode === '100755' ? 0o755 : 0o644);
          expect(statSync(at).mtimeMs).to.equal(0);
        }
        removeFolders();
      }),
      { numRuns: 6, interruptAfterTimeLimit: 15_000 },
    );
  });

  it('is chosen from the files that are asked for, in a commit and in a folder below its root', async () => {
    const repo = repository({ 'a.py': '', 'in/a.py': '', 'in/b.md': '', 'in/c/d.py': '' });
    const below = join(repo, 'in');
    for (const source of [await gitCommitSource(below, 'HEAD'), await folderSource(below)]) {
      const listed = await source.list([''], { only: (path) => /^(?:a|c\/\w)\.py$/.test(path) });
      expect(listed.map(({ path }) => path)).to.deep.equal(['a.py', 'c/d.py']);
    }
  });

  it('can have paths longer than any header of tar', async () => {
    const repo = newFolder();
    const long = Array.from({ length: 12 }, (_, i) => `${i}${'n'.repeat(200)}`).join('/');
    mkdirSync(join(repo, 'img', long), { recursive: true });
    writeFileSync(join(repo, 'img', long, 'file'), 'x');
    writeFileSync(join(repo, 'img', 'Dockerfile'), 'x');
    const source = await folderSource(repo);
    const { context } = await contextOf(source);
    const listing = execFileSync('tar', ['-tzf', '-'], {
      input: await buffer(packContext(source, context!)),
      encoding: 'utf8',
    });
    expect(listing).to.equal(`${long}/file\nDockerfile\n`);
  });
});

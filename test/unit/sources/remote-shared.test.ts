import { spawn, type ChildProcess } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import {
  cpSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
  truncateSync,
  utimesSync,
  writeSync,
  closeSync,
  chmodSync,
} from 'node:fs';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';

import { expect } from 'chai';

import { gitCommitSource } from '../../../sources/git.js';
import { filesBelow, head, Remotes } from './remotes.js';
import { contents, failure } from './repository.js';

const READER = fileURLToPath(new URL('../../fixtures/remote-reader.ts', import.meta.url));

describe('a cache of remote repositories that is shared', function () {
  this.timeout(120_000);
  let remotes: Remotes;
  const children: ChildProcess[] = [];
  beforeEach(async () => {
    remotes = await Remotes.start();
  });
  afterEach(async () => {
    for (const child of children.splice(0)) child.kill('SIGKILL');
    await remotes.stop();
  });

  function reader(folder: string, repo: string, commits: readonly string[]): ChildProcess {
    const args = ['--import=tsx/esm', READER, folder, remotes.urlOf(repo), ...commits];
    const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
    children.push(child);
    return child;
  }

  async function commits(repo: string, count: number): Promise<Map<string, Record<string, string>>> {
    const made = new Map<string, Record<string, string>>();
    for (let i = 0; i < count; i++) {
      const id = remotes.commit(repo, { [`img/f${i}`]: `content ${i}`, 'img/same': `${i % 2}` });
      made.set(id, await contents(await gitCommitSource(repo, id)));
    }
    return made;
  }

  it('serves many commits of one repository at the same time', async () => {
    const repo = remotes.repository('o/r', { 'img/Dockerfile': 'FROM scratch' });
    const made = await commits(repo, 5);
    const cache = remotes.cache();
    await Promise.all(
      [...made, ...made].map(async ([commit, expected]) => {
        expect(await contents(await remotes.open(cache, repo, { commit }))).to.deep.equal(expected);
      }),
    );
  });

  it('serves two processes on one folder at the same time', async () => {
    const repo = remotes.repository('o/r', { 'img/Dockerfile': 'FROM scratch' });
    const made = await commits(repo, 3);
    const cache = remotes.cache();
    const outputs = [0, 1].map(async () => {
      const child = reader(cache.folder, repo, [...made.keys()]);
      const [output] = await Promise.all([text(child.stdout!), once(child, 'close')]);
      expect(child.exitCode).to.equal(0);
      return output
        .split('\n')
        .filter((line) => /^[0-9a-f]{40} /.test(line))
        .sort();
    });
    const [first, second] = await Promise.all(outputs);
    expect(first).to.have.lengthOf(3).and.to.deep.equal(second);
    expect(readdirSync(join(cache.folder, 'open'))).to.deep.equal([]);
  });

  for (const [what, stallAfter, at] of [
    ['a commit is fetched', 50, 1],
    ['contents are fetched', 200_000, 2],
  ] as const) {
    it(`works after a process was killed while ${what}`, async () => {
      const repo = remotes.repository('o/r', { 'img/f': randomBytes(400_000).toString('hex') });
      const cache = remotes.cache();
      let fetches = 0;
      const when = ({ wants }: { wants: readonly string[] }): boolean => wants.length > 0 && ++fetches === at;
      remotes.server.misbehave({ stallAfter }, { when });
      const asked = remotes.server.next(() => fetches === at);
      const child = reader(cache.folder, repo, [head(repo)]);
      await asked;
      child.kill('SIGKILL');
      await once(child, 'close');
      const expected = await contents(await gitCommitSource(repo, 'HEAD'));
      const source = await remotes.open(cache, repo);
      expect(await contents(source)).to.deep.equal(expected);
      // Nobody has said for long that this is in use.
      expect(readdirSync(join(cache.folder, 'open'))).to.have.lengthOf(2);
      for (const name of readdirSync(join(cache.folder, 'open'))) {
        utimesSync(join(cache.folder, 'open', name), 1, 1);
      }
      await source.dispose();
      expect(readdirSync(join(cache.folder, 'open'))).to.deep.equal([]);
    });
  }

  describe('when what it keeps is damaged', () => {
    const packs = (folder: string): string => join(folder, 'repositories', 'repo', 'objects', 'pack');
    const damages: Record<string, (folder: string) => void> = {
      'packs are cut off': (folder) => {
        each(packs(folder), '.pack', (path) => {
          truncateSync(path, 20);
        });
      },
      'packs are gone': (folder) => {
        each(packs(folder), '.pack', (path) => {
          rmSync(path);
        });
      },
      'indexes are noise': (folder) => {
        each(packs(folder), '.idx', noise);
      },
      'all objects are gone': (folder) => {
        rmSync(join(folder, 'repositories', 'repo', 'objects'), { recursive: true });
      },
    };
    for (const [what, damage] of Object.entries(damages)) {
      it(`fetches anew: ${what}`, async () => {
        const repo = remotes.repository('o/r', { 'img/f': 'one', g: 'two' });
        const cache = remotes.cache();
        for (const file of ['img/f', 'g']) {
          const commit = head(repo);
          const first = await remotes.open(cache, repo);
          const expected = await contents(first);
          await first.dispose();
          damage(cache.folder);
          const again = await remotes.open(cache, repo);
          expect(await contents(again)).to.deep.equal(expected);
          await again.dispose();
          damage(cache.folder);
          remotes.commit(repo, { [file]: 'another' });
          const next = await remotes.open(cache, repo);
          expect(await contents(next)).to.deep.equal({ ...expected, [file]: 'another' });
          expect(await contents(await remotes.open(cache, repo, { commit }))).to.deep.equal(expected);
        }
      });
    }

    it('fetches anew after contents could not be read', async () => {
      const repo = remotes.repository('o/r', { 'img/f': randomBytes(100_000).toString('base64') });
      const cache = remotes.cache();
      const first = await remotes.open(cache, repo);
      const expected = await contents(first);
      await first.dispose();
      each(packs(cache.folder), '.pack', (path) => {
        if (readFileSync(path).length > 50_000) noise(path, 40_000);
      });
      const second = await remotes.open(cache, repo);
      expect((await failure(contents(second))).name).to.equal('WorkError');
      await second.dispose();
      expect(await contents(await remotes.open(cache, repo))).to.deep.equal(expected);
    });
  });

  describe('when it grows beyond its size', () => {
    const kept = (folder: string): string[] => readdirSync(join(folder, 'repositories')).sort();

    it('drops the repository that was not used for longest', async () => {
      const cache = remotes.cache({ maxBytes: 250_000 });
      for (const key of ['a', 'b', 'c']) {
        const repo = remotes.repository(`o/${key}`, { f: randomBytes(100_000) });
        const source = await remotes.open(cache, repo, { key });
        await source.list(['']);
        await source.dispose();
      }
      expect(kept(cache.folder)).to.deep.equal(['b', 'c']);
    });

    it('drops none that is in use, in this process or another', async () => {
      const [repo, other] = [
        remotes.repository('o/a', { f: randomBytes(100_000).toString('hex') }),
        remotes.repository('o/b', { f: 'x' }),
      ];
      const cache = remotes.cache({ maxBytes: 1 });
      const used = await remotes.open(cache, repo, { key: 'a' });
      const expected = await contents(used);
      const elsewhere = remotes.cache({ maxBytes: 1, folder: cache.folder });
      await (await remotes.open(elsewhere, other, { key: 'b' })).dispose();
      expect(kept(cache.folder)).to.deep.equal(['a']);
      expect(await contents(used)).to.deep.equal(expected);
      await used.dispose();
      expect(kept(cache.folder)).to.deep.equal([]);
    });

    it('removes what a killed process was removing', async () => {
      const repo = remotes.repository('o/a', { f: 'x' });
      const cache = remotes.cache();
      const source = await remotes.open(cache, repo);
      const store = join(cache.folder, 'repositories', 'repo');
      cpSync(store, `${store}~1~removed`, { recursive: true });
      await source.dispose();
      await source.dispose();
      expect(kept(cache.folder)).to.deep.equal(['repo']);
      expect(filesBelow(cache.folder)).not.to.deep.equal([]);
    });
  });
});

/** Does something to each file with this ending; git makes them read-only. */
function each(folder: string, ending: string, change: (path: string) => void): void {
  const names = readdirSync(folder).filter((name) => name.endsWith(ending));
  expect(names).not.to.deep.equal([]);
  for (const name of names) {
    chmodSync(join(folder, name), 0o600);
    change(join(folder, name));
  }
}

/** Overwrites a part of a file. */
function noise(path: string, at = 12): void {
  const file = openSync(path, 'r+');
  writeSync(file, Buffer.alloc(64, 0xa5), 0, 64, at);
  closeSync(file);
}

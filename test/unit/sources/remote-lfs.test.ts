import { execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdirSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';

import { expect } from 'chai';

import { ConfigError } from '../../../schema/diagnostic.js';
import { gitCommitSource } from '../../../sources/git.js';
import { skipWithout } from '../../support/missing.js';
import { filesBelow, Remotes } from './remotes.js';
import { contents, contextOf, failureOf, newFolder } from './repository.js';

const ATTRIBUTES = '*.bin filter=lfs diff=lfs merge=lfs -text\n';
const TOKEN = 'ghs_canary0123456789';

describe('Git LFS files of a remote repository', () => {
  let remotes: Remotes;
  beforeEach(async () => {
    remotes = await Remotes.start();
  });
  afterEach(() => remotes.stop());

  function files(content: Buffer): Record<string, string> {
    return {
      '.gitattributes': ATTRIBUTES,
      'img/Dockerfile': 'FROM scratch\n',
      'img/model.bin': remotes.server.addLfs(content),
    };
  }

  it('are named where git-lfs is not installed, with what to do', async () => {
    const repo = remotes.repository('o/r', files(Buffer.from('weights')));
    const path = process.env.PATH;
    process.env.PATH = onlyGit();
    try {
      const source = await remotes.open(remotes.cache(), repo);
      const { problems } = await contextOf(source);
      expect(problems.map(({ code }) => code)).to.deep.equal(['LFS_CONTENT']);
      expect(problems[0]?.message).to.include('`img/model.bin`');
      expect(problems[0]?.hint).to.include('install `git-lfs`');
      expect(await source.text('img/Dockerfile')).to.equal('FROM scratch\n');
    } finally {
      process.env.PATH = path;
    }
  });

  describe('with git-lfs', () => {
    before(function () {
      if (!hasGitLfs()) skipWithout(this, 'git-lfs', 'install git-lfs');
    });

    it('are delivered by their content, of only those that are needed, with the token', async () => {
      const content = randomBytes(300_000);
      const repo = remotes.repository('o/r', {
        ...files(content),
        'other/unneeded.bin': remotes.server.addLfs(Buffer.from('unneeded')),
        '.lfsconfig': '[lfs]\n\turl = https://evil.invalid/lfs\n',
      });
      remotes.server.password = TOKEN;
      const cache = remotes.cache();
      const source = await remotes.open(cache, repo, { token: TOKEN });
      const { context, problems } = await contextOf(source);
      expect(problems).to.deep.equal([]);
      expect((await contents(source, 'img'))['img/model.bin']).to.equal(content.toString());

      const plain = remotes.repository('o/plain', {
        'img/Dockerfile': 'FROM scratch\n',
        'img/model.bin': content,
      });
      const here = await contextOf(await gitCommitSource(plain, 'HEAD'));
      expect(context?.key).to.be.a('string').and.to.equal(here.context?.key);

      const stored = remotes.server.requests.filter(({ path }) => path.includes('/storage/'));
      expect(stored).to.have.lengthOf(1);
      await source.list(['img']);
      await (await remotes.open(cache, repo, { token: TOKEN })).list(['img']);
      expect(remotes.server.requests.filter(({ path }) => path.includes('/storage/'))).to.have.lengthOf(1);
    });

    it('are named where the remote does not have them', async () => {
      const repo = remotes.repository('o/r', {
        ...files(Buffer.from('weights')),
        'img/there.bin': remotes.server.addLfs(Buffer.from('there')),
      });
      remotes.server.lfs.delete([...remotes.server.lfs.keys()][0]!);
      const source = await remotes.open(remotes.cache(), repo);
      const { problems } = await contextOf(source);
      expect(problems.map(({ code }) => code)).to.deep.equal(['LFS_CONTENT']);
      expect(problems[0]?.message).to.include('`img/model.bin`');
      expect(problems[0]?.hint).to.include('git lfs push');
    });

    it('may not be larger than the limit, and then are not fetched', async () => {
      const repo = remotes.repository('o/r', files(randomBytes(200_000)));
      const cache = remotes.cache({ limits: { files: 100, bytes: 100_000 } });
      const source = await remotes.open(cache, repo);
      const error = await failureOf(ConfigError, source.list(['img']));
      expect(error.diagnostics[0]).to.include({ code: 'CONTEXT_LIMIT' });
      expect(remotes.server.requests.filter(({ path }) => path.includes('/lfs/'))).to.deep.equal([]);
    });

    it('leave nothing when they were not wanted to the end', async () => {
      const repo = remotes.repository('o/r', files(randomBytes(200_000)));
      const cache = remotes.cache();
      const abort = new AbortController();
      const source = await remotes.open(cache, repo, { signal: abort.signal });
      const when = ({ path }: { path: string }): boolean => path.includes('/lfs/');
      const asked = remotes.server.next(when);
      remotes.server.misbehave({ stallAfter: 0 }, { when });
      const listing = failureOf(Error, source.list(['img']));
      await asked;
      abort.abort();
      expect((await listing).name).to.equal('AbortError');
      await source.dispose();
      expect(filesBelow(cache.folder).filter((path) => path.includes('lfs/'))).to.deep.equal([]);
    });
  });
});

/** A PATH with git and nothing else. */
function onlyGit(): string {
  const bin = join(newFolder(), 'bin');
  mkdirSync(bin);
  const git = execFileSync('sh', ['-c', 'command -v git'], { encoding: 'utf8' }).trim();
  symlinkSync(git, join(bin, 'git'));
  return bin;
}

function hasGitLfs(): boolean {
  try {
    execFileSync('git', ['lfs', 'version'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

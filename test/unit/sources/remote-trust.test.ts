import { execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { expect } from 'chai';

import { ConfigError } from '../../../schema/diagnostic.js';
import { WorkError } from '../../../schema/errors.js';
import { redact } from '../../../sources/remote/access.js';
import { RemoteError } from '../../../sources/remote/index.js';
import { GitServer } from '../../fixtures/git-server.js';
import { filesBelow, head, Remotes } from './remotes.js';
import { contextOf, failure, failureOf, git, newFolder, write } from './repository.js';

const TOKEN = 'ghs_canary0123456789';
const ENCODED = Buffer.from(`x-access-token:${TOKEN}`).toString('base64');

describe('a remote source that nobody may lead astray', () => {
  let remotes: Remotes;
  beforeEach(async () => {
    remotes = await Remotes.start();
  });
  afterEach(() => remotes.stop());

  describe('threat 11: a push after the comment', () => {
    it('delivers the commit that was asked for, also when the branch was moved away from it', async () => {
      const repo = remotes.repository('o/r', { f: 'one' });
      const commit = head(repo);
      write(repo, { f: 'two' });
      git(repo, 'commit', '-q', '--amend', '-am', 'replaced');
      const source = await remotes.open(remotes.cache(), repo, { commit });
      expect(source.revision.commit).to.equal(commit);
      expect(await source.text('f')).to.equal('one');
    });

    it('says when the commit is gone', async () => {
      const repo = remotes.repository('o/r', { f: 'one' });
      const error = await failureOf(
        ConfigError,
        remotes.open(remotes.cache(), repo, { commit: 'a'.repeat(40) }),
      );
      const [diagnostic] = error.diagnostics;
      expect(diagnostic).to.include({ code: 'REVISION' });
      expect(diagnostic?.message).to.include('a'.repeat(40)).and.to.include(remotes.urlOf(repo));
      expect(diagnostic?.hint).to.include('forced push');
    });
  });

  describe('threat 12: a branch named like a SHA, or like an option', () => {
    it('fetches by the id, never by the name', async () => {
      const repo = remotes.repository('o/r', { f: 'one' });
      const first = head(repo);
      remotes.commit(repo, { f: 'two' });
      git(repo, 'update-ref', `refs/heads/${first}`, 'HEAD');
      git(repo, 'update-ref', `refs/tags/${first}`, 'HEAD');
      const source = await remotes.open(remotes.cache(), repo, { commit: first });
      expect(await source.text('f')).to.equal('one');
    });

    it('does not find what is only a name', async () => {
      const repo = remotes.repository('o/r', { f: 'one' });
      const name = 'b'.repeat(40);
      git(repo, 'update-ref', `refs/heads/${name}`, 'HEAD');
      expect(await failure(remotes.open(remotes.cache(), repo, { commit: name }))).to.be.instanceOf(
        ConfigError,
      );
    });

    it('refuses the id of what is no commit', async () => {
      const repo = remotes.repository('o/r', { f: 'one' });
      git(repo, 'tag', '-a', '-m', 'x', 'v1');
      for (const name of ['v1', 'HEAD:', 'HEAD:f']) {
        const commit = git(repo, 'rev-parse', name);
        expect(await failure(remotes.open(remotes.cache(), repo, { commit })), name).to.be.instanceOf(
          ConfigError,
        );
      }
    });

    for (const commit of ['--upload-pack=touch canary', 'HEAD', 'main', 'abc1234', 'A'.repeat(40), '']) {
      it(`refuses ${JSON.stringify(commit)}, and asks nobody`, async () => {
        const repo = remotes.repository('o/r', { f: 'one' });
        expect(await failure(remotes.open(remotes.cache(), repo, { commit }))).to.be.instanceOf(ConfigError);
        expect(remotes.server.requests).to.deep.equal([]);
      });
    }

    for (const key of ['../x', '.', '', '-x', 'a/b', 'a\0', 'a~b']) {
      it(`takes no ${JSON.stringify(key)} for a key`, async () => {
        const repo = remotes.repository('o/r', { f: 'one' });
        expect((await failure(remotes.open(remotes.cache(), repo, { key }))).message).to.include('is no key');
      });
    }

    for (const url of [
      'file:///etc',
      'ssh://git@example.com/r.git',
      'git@example.com:r.git',
      'ext::sh -c id',
      '--upload-pack=x',
      '/etc',
      'http://example.com/r.git',
      'https://me:secret@example.com/r.git',
    ]) {
      it(`does not fetch from ${url}`, async () => {
        const commit = 'a'.repeat(40);
        const error = await failure(remotes.cache().open({ key: 'k', url, commit }));
        expect(error).to.be.instanceOf(WorkError);
        expect(error.message).not.to.include('secret');
      });
    }
  });

  describe('threat 22: a link that leads out', () => {
    it('is listed as a link, and nothing is read behind it', async () => {
      const repo = remotes.repository('o/r', {
        'img/Dockerfile': '',
        'img/l': { link: '/proc/self/environ' },
      });
      const source = await remotes.open(remotes.cache(), repo);
      expect((await contextOf(source)).problems.map(({ code }) => code)).to.deep.equal(['LINK_OUTSIDE']);
      expect(await failure(source.text('img/l'))).to.be.instanceOf(ConfigError);
    });
  });

  describe('threat 23, threat 38: too much', () => {
    it('stops at a tree that names itself over and over: ten million files', async () => {
      const repo = remotes.repository('o/r', { f: 'x' });
      let tree = git(repo, 'rev-parse', 'HEAD^{tree}');
      for (let depth = 0; depth < 7; depth++) {
        const lines = Array.from({ length: 10 }, (_, i) => `040000 tree ${tree}\td${i}\n`);
        tree = execFileSync('git', ['-C', repo, 'mktree'], {
          input: lines.join(''),
          encoding: 'utf8',
        }).trim();
      }
      const commit = git(repo, 'commit-tree', '-m', 'bomb', tree);
      const cache = remotes.cache({ limits: { files: 1000, bytes: 1_000_000 } });
      const source = await remotes.open(cache, repo, { commit });
      const error = await failureOf(ConfigError, source.list(['']));
      expect(error.diagnostics[0]).to.include({ code: 'CONTEXT_LIMIT' });
      expect(error.message).to.include('1,000 files');
    });

    it('refuses contents that are small only while they are packed', async () => {
      const repo = remotes.repository('o/r', { 'img/zeros': Buffer.alloc(5_000_000), ok: 'x' });
      const source = await remotes.open(remotes.cache({ limits: { files: 100, bytes: 1_000_000 } }), repo);
      const error = await failureOf(ConfigError, source.list(['img']));
      expect(error.diagnostics[0]).to.include({ code: 'CONTEXT_LIMIT' });
      expect(await source.text('ok')).to.equal('x');
    });

    it('cuts off what does not end, and keeps nothing of it', async () => {
      const repo = remotes.repository('o/r', { 'img/big': randomBytes(3_000_000) });
      const cache = remotes.cache({ limits: { files: 100, bytes: 1_000_000 } });
      const source = await remotes.open(cache, repo);
      remotes.server.misbehave({ stallAfter: 2_000_000 }, { when: ({ wants }) => wants.length > 0 });
      const error = await failureOf(ConfigError, source.list(['img']));
      expect(error.diagnostics[0]).to.include({ code: 'CONTEXT_LIMIT' });
      expect(filesBelow(cache.folder).filter((path) => path.includes('tmp_'))).to.deep.equal([]);
    });
  });

  describe('threat 30: a token that gets out', () => {
    it('is sent to the remote, and stands in no process list, file, log or error', async () => {
      const repo = remotes.repository('o/r', { f: 'one' });
      remotes.server.password = TOKEN;
      const lines: unknown[] = [];
      const log = {
        info: (...line: unknown[]) => lines.push(line),
        warn: (...line: unknown[]) => lines.push(line),
      };
      const cache = remotes.cache({ log });
      const stalled = remotes.server.next(({ wants }) => wants.length > 0);
      remotes.server.misbehave({ stallAfter: 0 }, { when: ({ wants }) => wants.length > 0 });
      const abort = new AbortController();
      const opening = failure(remotes.open(cache, repo, { token: TOKEN, signal: abort.signal }));
      await stalled;
      const commands = execFileSync('ps', ['-A', '-ww', '-o', 'args='], { encoding: 'utf8' });
      expect(commands).to.match(/git.* fetch .*origin/);
      expect(commands).not.to.include(TOKEN).and.not.to.include(ENCODED);
      expectNowhere(cache.folder);
      abort.abort();
      await opening;
      const source = await remotes.open(cache, repo, { token: TOKEN });
      expect(await source.text('f')).to.equal('one');
      expectNowhere(cache.folder);

      remotes.server.password = 'another';
      remotes.commit(repo, { f: 'two' });
      const error = await failureOf(RemoteError, remotes.open(cache, repo, { token: TOKEN }));
      expect(error.reason).to.equal('denied');
      const told = JSON.stringify([error, error.message, error.stack, String(error.cause), lines]);
      expect(told).not.to.include(TOKEN).and.not.to.include(ENCODED);
    });

    it('is taken out of what a remote sends back', () => {
      expect(redact(`fatal: ${TOKEN} ${ENCODED}`, TOKEN)).to.equal('fatal: *** ***');
    });

    it('does not follow a redirect', async () => {
      const other = await GitServer.start(newFolder());
      try {
        const repo = remotes.repository('o/r', { f: 'one' });
        for (const when of ['GET', 'POST']) {
          const location =
            other.url('o/r') + (when === 'GET' ? '/info/refs?service=git-upload-pack' : '/git-upload-pack');
          remotes.server.misbehave(
            { status: 307, headers: { location } },
            { when: ({ method }) => method === when },
          );
          const error = await failureOf(RemoteError, remotes.open(remotes.cache(), repo, { token: TOKEN }));
          expect(error.reason).to.equal('redirected');
        }
        expect(other.requests).to.deep.equal([]);
      } finally {
        await other.stop();
      }
    });
  });

  it('runs no helper, hook or monitor, and fetches no submodule', async () => {
    const repo = remotes.repository('o/r', {
      'img/Dockerfile': '',
      '.lfsconfig': '[lfs]\n\turl = https://evil.invalid\n',
    });
    const inner = remotes.repository('o/inner', { f: '' });
    git(repo, 'submodule', '--quiet', 'add', inner, 'img/sub');
    git(repo, 'config', '-f', '.gitmodules', 'submodule.img/sub.url', remotes.urlOf(inner));
    remotes.commit(repo, {});
    const home = newFolder();
    const canary = join(home, 'canary');
    const hooks = join(home, 'hooks');
    for (const hook of ['post-checkout', 'reference-transaction', 'post-index-change']) {
      write(hooks, { [hook]: { run: `#!/bin/sh\ntouch ${canary}\n` } });
    }
    writeFileSync(
      join(home, 'config'),
      [
        `[credential]\n helper = "!touch ${canary}; echo password=x #"`,
        `[core]\n askPass = "${join(hooks, 'post-checkout')}"\n hooksPath = ${hooks}`,
        `[fetch]\n recurseSubmodules = true\n[submodule]\n recurse = true`,
      ].join('\n'),
    );
    const before = process.env.GIT_CONFIG_GLOBAL;
    process.env.GIT_CONFIG_GLOBAL = join(home, 'config');
    process.env.SSH_ASKPASS = join(hooks, 'post-checkout');
    try {
      const source = await remotes.open(remotes.cache(), repo);
      const [problem, ...others] = (await contextOf(source)).problems;
      expect(others).to.deep.equal([]);
      expect(problem?.code).to.equal('SUBMODULE');
      expect(problem?.message).to.equal(
        "`img/sub` is a git submodule, and the server doesn't fetch submodules",
      );
      remotes.server.password = 'secret';
      remotes.commit(repo, { more: '' });
      expect(await failure(remotes.open(remotes.cache(), repo))).to.be.instanceOf(RemoteError);
    } finally {
      delete process.env.SSH_ASKPASS;
      if (before === undefined) delete process.env.GIT_CONFIG_GLOBAL;
      else process.env.GIT_CONFIG_GLOBAL = before;
    }
    expect(existsSync(canary)).to.equal(false);
    expect(remotes.server.requests.filter(({ path }) => path.includes('inner'))).to.deep.equal([]);
  });
});

/** No file below a folder holds the token. */
function expectNowhere(folder: string): void {
  expect(readdirSync(folder)).not.to.deep.equal([]);
  for (const path of filesBelow(folder)) {
    const content = readFileSync(join(folder, path), 'latin1');
    expect(content, path).not.to.include(TOKEN).and.not.to.include(ENCODED);
  }
}

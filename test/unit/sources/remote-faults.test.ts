import { execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { readdirSync } from 'node:fs';
import { delimiter, join } from 'node:path';

import { expect } from 'chai';

import { WorkError } from '../../../schema/errors.js';
import { readAnswer } from '../../../sources/remote/answers.js';
import { cacheFailed } from '../../../sources/remote/errors.js';
import { RemoteError } from '../../../sources/remote/index.js';
import type { GitFault, GitServer, SeenGitRequest } from '../../fixtures/git-server.js';
import { filesBelow, Remotes } from './remotes.js';
import { contents, failure, failureOf, newFolder, write } from './repository.js';

const isFetch = ({ wants }: SeenGitRequest): boolean => wants.length > 0;

describe('a remote source whose remote fails', () => {
  let remotes: Remotes;
  beforeEach(async () => {
    remotes = await Remotes.start();
  });
  afterEach(() => remotes.stop());

  async function opening(fault: GitFault, times = 1000): Promise<RemoteError> {
    const repo = remotes.repository('o/r', { f: 'one' });
    remotes.server.misbehave(fault, { times });
    const cache = remotes.cache();
    const error = await failureOf(RemoteError, remotes.open(cache, repo));
    expect(error.message).to.include(remotes.urlOf(repo));
    expect(error.nextStep).not.to.equal('');
    expect(readdirSync(join(cache.folder, 'open'))).to.deep.equal([]);
    return error;
  }

  for (const status of [401, 403]) {
    it(`names the right that a ${status} is about, and does not try again`, async () => {
      const error = await opening({ status });
      expect(error.reason).to.equal('denied');
      expect(error.problem).to.include(String(status));
      expect(error.nextStep).to.include('contents:read');
      expect(remotes.server.requests).to.have.lengthOf(1);
    });
  }

  it('says of a 404 that it may be a missing right', async () => {
    const error = await opening({ status: 404 });
    expect(error.reason).to.equal('not-found');
    expect(error.nextStep).to.include('contents:read');
    expect(remotes.server.requests).to.have.lengthOf(1);
  });

  for (const status of [429, 500, 503]) {
    it(`tries again after ${status}, four times in all`, async () => {
      const error = await opening({ status });
      expect(error.reason).to.equal('busy');
      expect(error.problem).to.include(String(status));
      expect(remotes.server.requests).to.have.lengthOf(4);
    });
  }

  it('goes on when the remote is back, while a commit and while contents are fetched', async () => {
    const repo = remotes.repository('o/r', { f: 'one' });
    const cache = remotes.cache();
    remotes.server.misbehave({ status: 503 }, { times: 3 });
    const source = await remotes.open(cache, repo);
    remotes.server.misbehave({ status: 500 }, { times: 2, when: isFetch });
    expect(await contents(source)).to.deep.equal({ f: 'one' });
  });

  it('goes on after a transfer that was cut in the middle, and keeps nothing of that', async () => {
    const files = { 'img/a': randomBytes(400_000), 'img/b': 'x' };
    const repo = remotes.repository('o/r', files);
    const cache = remotes.cache();
    const source = await remotes.open(cache, repo);
    remotes.server.misbehave({ cutAfter: 200_000 }, { times: 2, when: isFetch });
    expect((await source.list(['img'])).map(({ size }) => size)).to.deep.equal([400_000, 1]);
    expect(filesBelow(cache.folder).filter((path) => path.includes('tmp_'))).to.deep.equal([]);
  });

  it('gives up on transfers that are always cut', async () => {
    const repo = remotes.repository('o/r', { f: randomBytes(100_000) });
    const source = await remotes.open(remotes.cache(), repo);
    remotes.server.misbehave({ cutAfter: 1000 }, { times: 1000, when: isFetch });
    const error = await failureOf(RemoteError, source.list(['']));
    expect(error.reason).to.equal('unreachable');
  });

  it('says that a name cannot be resolved', async () => {
    const request = { key: 'k', url: 'https://host.invalid/o/r.git', commit: 'a'.repeat(40) };
    const error = await failureOf(RemoteError, remotes.cache().open(request));
    expect(error.reason).to.equal('unreachable');
    expect(error.problem).to.include('name');
  });

  it('says that nobody listens', async () => {
    const url = remotes.server.url('o/r');
    await remotes.server.stop();
    const error = await failureOf(
      RemoteError,
      remotes.cache().open({ key: 'k', url, commit: 'a'.repeat(40) }),
    );
    expect(error.problem).to.include('connection');
  });

  it('ends a transfer that takes too long', async () => {
    const repo = remotes.repository('o/r', { f: 'one' });
    remotes.server.misbehave({ stallAfter: 0 });
    const cache = remotes.cache({ pace: { transferMs: 300 } });
    const error = await failureOf(RemoteError, remotes.open(cache, repo));
    expect(error.reason).to.equal('slow');
    expect(processes(cache, remotes.server)).to.deep.equal([]);
  });

  it('tells a certificate that is not trusted, and git’s own words otherwise', () => {
    const url = 'https://example.com/r.git';
    const certificate = `fatal: unable to access '${url}/': server certificate verification failed. CAfile: none CRLfile: none`;
    for (const [stderr, reason] of [
      [certificate, 'untrusted'],
      ['fatal: \u001b[31mnew words', 'unclear'],
      ['', 'unclear'],
    ] as const) {
      const answer = readAnswer(url, stderr);
      expect(answer).to.include({ kind: 'error', mayPass: false });
      if (answer.kind === 'error') {
        expect(answer.error.reason).to.equal(reason);
        expect(answer.error.message).not.to.include('\u001b');
      }
    }
  });

  describe('fault 20: a stop in the middle', () => {
    for (const [what, when, stallAfter] of [
      ['before the first answer', () => true, 0],
      ['while a commit is fetched', isFetch, 100],
    ] as const) {
      it(`leaves no process and no file: ${what}`, async () => {
        const repo = remotes.repository('o/r', { f: 'one' });
        const cache = remotes.cache();
        const abort = new AbortController();
        const asked = remotes.server.next(when);
        remotes.server.misbehave({ stallAfter }, { when });
        const opening = failure(remotes.open(cache, repo, { signal: abort.signal }));
        await asked;
        expect(processes(cache, remotes.server)).not.to.deep.equal([]);
        abort.abort(new Error('the server stops'));
        expect((await opening).message).to.equal('the server stops');
        expect(filesBelow(cache.folder)).to.deep.equal([]);
        expect(readdirSync(join(cache.folder, 'open'))).to.deep.equal([]);
        expect(processes(cache, remotes.server)).to.deep.equal([]);
      });
    }

    it('leaves no process and no file: while contents are fetched', async () => {
      const repo = remotes.repository('o/r', { f: randomBytes(500_000) });
      const cache = remotes.cache();
      const abort = new AbortController();
      const source = await remotes.open(cache, repo, { signal: abort.signal });
      const asked = remotes.server.next(isFetch);
      remotes.server.misbehave({ stallAfter: 300_000 }, { when: isFetch });
      const listing = failure(source.list(['']));
      await asked;
      abort.abort();
      expect((await listing).name).to.equal('AbortError');
      await source.dispose();
      expect(readdirSync(join(cache.folder, 'open'))).to.deep.equal([]);
      expect(filesBelow(cache.folder).filter((path) => path.includes('tmp_'))).to.deep.equal([]);
      expect(processes(cache, remotes.server)).to.deep.equal([]);
      expect(await contents(await remotes.open(cache, repo))).to.have.keys('f');
    });

    it('asks nobody after a stop', async () => {
      const repo = remotes.repository('o/r', { f: 'one' });
      const abort = new AbortController();
      const source = await remotes.open(remotes.cache(), repo, { signal: abort.signal });
      abort.abort();
      const before = remotes.server.requests.length;
      expect((await failure(source.list(['']))).name).to.equal('AbortError');
      expect((await failure(source.text('f'))).name).to.equal('AbortError');
      expect(remotes.server.requests).to.have.lengthOf(before);
    });
  });

  describe('fault 21: a full disk', () => {
    const path = process.env.PATH;
    afterEach(() => {
      process.env.PATH = path;
    });

    it('is named, and what was fetched so far goes away', async () => {
      const repo = remotes.repository('o/r', { f: 'one' });
      const cache = remotes.cache();
      const bin = newFolder();
      const real = execFileSync('sh', ['-c', 'command -v git'], { encoding: 'utf8' }).trim();
      const words = "echo 'fatal: write error: No space left on device' >&2; exit 128";
      const run = `#!/bin/sh\ncase " $* " in *" fetch "*) ${words};; esac\nexec ${real} "$@"\n`;
      write(bin, { git: { run } });
      process.env.PATH = `${bin}${delimiter}${path ?? ''}`;
      const error = await failure(remotes.open(cache, repo));
      expect(error).to.be.instanceOf(WorkError);
      expect(error.message).to.include('the disk is full');
      expect(filesBelow(cache.folder)).to.deep.equal([]);
      process.env.PATH = path;
      expect(await contents(await remotes.open(cache, repo))).to.deep.equal({ f: 'one' });
    });

    it('is named where no file can be made; so is a folder that may not be written to', () => {
      const failed = (code: string): unknown =>
        cacheFailed('/cache', Object.assign(new Error(code), { code }));
      expect(failed('ENOSPC'))
        .to.be.instanceOf(WorkError)
        .with.property('message')
        .that.includes('disk is full');
      expect(failed('EROFS'))
        .to.be.instanceOf(WorkError)
        .with.property('nextStep')
        .that.includes('right to write');
      expect(failed('EIO')).not.to.be.instanceOf(WorkError);
    });
  });

  it('says when there is no git', async () => {
    const repo = remotes.repository('o/r', { f: 'one' });
    const commit = 'a'.repeat(40);
    const path = process.env.PATH;
    process.env.PATH = newFolder();
    try {
      const error = await failure(remotes.open(remotes.cache(), repo, { commit }));
      expect(error.message).to.include('git is not installed');
    } finally {
      process.env.PATH = path;
    }
  });
});

/** Processes that work on a cache, or talk to the server, also those whose parent is gone. */
function processes(cache: { folder: string }, server: GitServer): string[] {
  const all = execFileSync('ps', ['-A', '-ww', '-o', 'stat=,args='], { encoding: 'utf8' }).split('\n');
  const port = new URL(server.url('')).host;
  return all.filter((line) => !line.startsWith('Z') && (line.includes(cache.folder) || line.includes(port)));
}

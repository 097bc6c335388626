import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';

import { expect } from 'chai';

import { head, Remotes } from './remotes.js';
import { git, newFolder } from './repository.js';

const READER = fileURLToPath(new URL('../../fixtures/remote-reader.ts', import.meta.url));
const MEBIBYTE = 2 ** 20;
/** What reading may add to the memory of Node itself, of which each release needs another amount. */
const MOST_MEMORY = 96 * MEBIBYTE;

describe('fault 19: a context of 2 GiB', function () {
  this.timeout(600_000);
  let remotes: Remotes;
  beforeEach(async () => {
    remotes = await Remotes.start();
  });
  afterEach(() => remotes.stop());

  /** The content compresses well, so that this takes seconds; what is held in memory would be held all the same. */
  async function memoryToRead(size: number): Promise<number> {
    const repo = remotes.repository('o/r', { 'img/Dockerfile': 'FROM scratch\n' });
    git(repo, 'config', 'core.bigFileThreshold', '8m');
    mkdirSync(join(repo, 'img'), { recursive: true });
    writeFileSync(join(repo, 'img', 'large'), 'begin');
    truncateSync(join(repo, 'img', 'large'), size);
    remotes.commit(repo, {});
    const args = ['--import=tsx/esm', READER, newFolder(), remotes.urlOf(repo), head(repo)];
    const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
    try {
      const [output] = await Promise.all([text(child.stdout), once(child, 'close')]);
      const [, wanted, delivered, memory] = /^\S+ (\S+) (\S+)\nmemory (\d+)\n$/.exec(output) ?? [];
      expect(wanted).to.equal(
        [git(repo, 'rev-parse', 'HEAD:img/Dockerfile'), git(repo, 'rev-parse', 'HEAD:img/large')].join(),
      );
      expect(delivered).to.equal(wanted);
      return Number(memory);
    } finally {
      child.kill('SIGKILL');
    }
  }

  it('is not held in memory (an eighth of it)', async () => {
    expect(await memoryToRead(256 * MEBIBYTE)).to.be.lessThan(MOST_MEMORY);
  });

  it('is not held in memory (with KFOPS_TEST_LARGE=1)', async function () {
    if (process.env.KFOPS_TEST_LARGE === undefined) this.skip();
    expect(await memoryToRead(2048 * MEBIBYTE)).to.be.lessThan(MOST_MEMORY);
  });
});

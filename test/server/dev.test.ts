import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';

import { expect } from 'chai';

import { digestOf } from '../support/argo-status.js';
import { endsWithTests, removedWithTests } from '../support/interrupted.js';
import { processesOf } from '../support/process-tree.js';

const MAIN = fileURLToPath(new URL('../dev/main.ts', import.meta.url));

describe('npm run dev', function () {
  this.timeout(300_000);
  const folder = mkdtempSync(join(tmpdir(), 'kfops-dev-'));
  after(removedWithTests(folder));

  async function dev(...args: readonly string[]) {
    const child = endsWithTests(
      spawn(process.execPath, ['--import', 'tsx/esm', MAIN, '--once', '--port', '0', ...args], {
        env: { PATH: process.env.PATH, TMPDIR: folder },
        stdio: ['ignore', 'pipe', 'pipe'],
      }),
    );
    const [out, err] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'close')]);
    return { code: child.exitCode, out, err };
  }

  it('--once shows the comment with the built images, and leaves nothing behind', async () => {
    const { code, out, err } = await dev('--step-seconds', '0.2');
    expect(err).to.equal('');
    expect(code).to.equal(0);
    const last = out.slice(out.lastIndexOf('### '));
    expect(last).to.match(/^### ✅ Built 2 images/);
    for (const image of ['train', 'serve'])
      expect(last).to.include(
        `registry.example.com/data-science/iris_${image}@${digestOf(`build-iris-${image}`)}`,
      );
    expect(processesOf(folder)).to.deep.equal([]);
    expect(readdirSync(folder).filter((name) => name.startsWith('kfops-'))).to.deep.equal([]);
  });

  it('rejects an option of the comment that is not quoted', async () => {
    const { code, err } = await dev('/build', '--no-cache');
    expect(code).to.equal(2);
    expect(err).to.include("npm run dev -- '/build --no-cache'");
  });
});

import { closeSync, existsSync, openSync } from 'node:fs';

import { expect } from 'chai';

import { kfops } from './kfops.js';
import { temporaryFolder, writeProject } from './project.js';

/** Takes no byte, as a full disk. */
const FULL = '/dev/full';

describe('kfops without room for its output', () => {
  const cwd = temporaryFolder();
  let full: number;
  before(function () {
    if (!existsSync(FULL)) this.skip();
    full = openSync(FULL, 'w');
    after(() => {
      closeSync(full);
    });
    writeProject(cwd, ['trainer']);
  });

  for (const args of [
    ['graph'],
    ['--version'],
    ['plan'],
    ['plan', '--json'],
    ['validate'],
    ['context', 'trainer'],
  ]) {
    it(`${args.join(' ')} says so in one line`, async () => {
      const { code, stderr } = await kfops(args, { cwd, stdout: full });
      expect(stderr).to.equal('error: Cannot write to standard output: no space left.\n');
      expect(code).to.equal(1);
    });
  }

  for (const args of [['context', 'trainer'], ['generate'], ['generate', '--contexts', 'contexts']]) {
    it(`${args.join(' ')} -o ${FULL} names the file and the reason`, async () => {
      const { code, stdout, stderr } = await kfops([...args, '-o', FULL], { cwd });
      expect(stderr).to.match(
        /error: Cannot write \/dev\/full: no space left\.\n {2}→ Free some space, or choose a folder on another disk\.\n$/,
      );
      expect(stdout).not.to.include('Wrote');
      expect(code).to.equal(1);
    });
  }

  it('works on when only stderr is lost, and ends as it would', async () => {
    const graph = await kfops(['graph'], { cwd, stderr: full });
    expect(graph).to.include({
      code: 0,
      stdout: 'publish-pipeline\n└─ compile-pipeline\n   └─ build-trainer\n',
    });
    const wrong = await kfops(['plan', 'nowhere'], { cwd, stderr: full });
    expect(wrong).to.include({ code: 2, stdout: '' });
    const both = await kfops(['graph'], { cwd, stdout: full, stderr: full });
    expect(both.code).to.equal(1);
  });

  for (const args of [['graph'], ['plan'], ['validate'], ['validate', '--json']]) {
    it(`${args.join(' ')} is quiet when the reader of stdout has gone`, async () => {
      const { code, stderr } = await kfops(args, { cwd, during: (child) => child.stdout?.destroy() });
      expect({ code, stderr }).to.deep.equal({ code: 0, stderr: '' });
    });
  }
});

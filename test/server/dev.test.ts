import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

import { expect } from 'chai';

import { endsWithTests } from '../support/interrupted.js';

const MAIN = fileURLToPath(new URL('../dev/main.ts', import.meta.url));
const NODE_ARGS = ['--import=tsx/esm', MAIN];
const run = promisify(execFile);

describe('npm run dev', function () {
  this.timeout(120_000);

  it('shows the comment of a build to its end, then ends', async () => {
    const { stdout } = await run(process.execPath, [...NODE_ARGS, '--once']);
    expect(stdout).to.include('ada: /build').and.include('✅ Built 2 images and compiled the pipeline');
    expect(stdout).to.include('check kfops: success');
    expect(stdout).not.to.include('<!--');
  });

  it('shows a failed step, its log and what to do', async () => {
    const { stdout } = await run(process.execPath, [...NODE_ARGS, '--once', '--fail', 'build-iris-serve']);
    expect(stdout).to.include('❌ iris\\_serve failed').and.include('No matching distribution');
  });

  it('writes the lines of its input as comments, and shows the page', async () => {
    const child = endsWithTests(spawn(process.execPath, [...NODE_ARGS, 'hello'], { stdio: 'pipe' }));
    const lines: string[] = [];
    const output = createInterface({ input: child.stdout });
    const read = async (text: string): Promise<string> => {
      for (;;) {
        const found = lines.find((line) => line.includes(text));
        if (found !== undefined) return found;
        await once(output, 'line');
      }
    };
    output.on('line', (line) => lines.push(line));
    const url = (await read('http://')).replace(/^.*(?=http)/, '');
    await read('no line of it is a command');
    child.stdin.write('/plan\n');
    await read('would store');
    const page = await (await fetch(url)).text();
    expect(page).to.include('<table>').and.include('iris_train');
    child.stdin.end();
    expect(await once(child, 'exit')).to.deep.equal([0, null]);
  });

  it('rejects an unknown option', async () => {
    const failed = await run(process.execPath, [...NODE_ARGS, '--onse']).catch((error: unknown) => error);
    expect(failed).to.include({ code: 2 });
    expect((failed as { stderr: string }).stderr)
      .to.include("'--onse'")
      .and.include('--help');
  });
});

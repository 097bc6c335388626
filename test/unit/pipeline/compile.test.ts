import { chmodSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { expect } from 'chai';

import { compilePipeline, type CompileRequest } from '../../../pipeline/compile.js';

/** In a shell: the paths that the script gets. */
const PATHS = `#!/bin/sh
for argument in "$@"; do case "$argument" in
  --output=*) output=\${argument#--output=};;
  --error=*) error=\${argument#--error=};;
esac; done
`;

describe('threat 70: what is left where a pipeline was compiled', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'kfops-test-'));
  });
  afterEach(() => {
    expect(readdirSync(folder)).to.deep.equal(['python']);
    rmSync(folder, { recursive: true });
  });
  /** Compiles with a Python that is this shell script. */
  const compile = async (script: string, more: Partial<CompileRequest> = {}): Promise<unknown> => {
    const python = join(folder, 'python');
    writeFileSync(python, PATHS + script);
    chmodSync(python, 0o755);
    try {
      return await compilePipeline({
        python,
        root: folder,
        path: 'pipeline.py',
        repositories: new Map(),
        timeout: 60,
        env: process.env,
        onOutput: () => undefined,
        ...more,
      });
    } catch (error) {
      return (error as Error).message;
    }
  };

  it('is read where it is a regular file', async () => {
    expect(await compile('echo compiled > "$output"')).to.equal('compiled\n');
    const report = '{"kind":"code","message":"no","frames":[]}';
    expect(await compile(`echo '${report}' > "$error"; exit 2`)).to.include('no.');
  });

  for (const [what, leave] of [
    ['a FIFO', 'mkfifo "$path"'],
    ['a folder', 'mkdir "$path"'],
    ['a link to a device', 'ln -s /dev/zero "$path"'],
    ['a link to a file', 'ln -s /etc/passwd "$path"'],
    ['a sparse file of a TiB', 'truncate -s 1T "$path"'],
  ] as const) {
    it(`is not read where it is ${what}`, async () => {
      expect(await compile(`path=$output; ${leave}`)).to.match(/not a regular file|ELOOP|EISDIR|more than/);
      expect(await compile(`path=$error; ${leave}; echo why >&2; exit 2`)).to.match(
        /ended with 2:\n {2}why$/,
      );
    });
  }

  it('says what the script itself failed at', async () => {
    const report = '{"kind":"internal","message":"Kfops failed: x","hint":"Report it.","frames":[]}';
    expect(await compile(`echo '${report}' > "$error"; exit 1`)).to.equal('Kfops failed: x');
  });

  it('ends a script that does not end, even one that was stopped', async () => {
    const limit = { timeout: 0, overheadMs: 100, endMs: 200 };
    expect(await compile('exec sleep 600', limit)).to.match(/ended with SIGTERM/);
    expect(await compile('kill -STOP $$', limit)).to.match(/ended with SIGKILL/);
  });

  it('does not wait for what holds the output open after the end', async () => {
    const pid = join(tmpdir(), `kfops-test-${process.pid}`);
    const script = `sleep 600 & echo $! > ${pid}; echo compiled > "$output"`;
    expect(await compile(script, { endMs: 200 })).to.equal('compiled\n');
    process.kill(Number(readFileSync(pid, 'utf8')));
    rmSync(pid);
  });
});

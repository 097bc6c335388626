import { execFileSync } from 'node:child_process';
import { cpSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { expect } from 'chai';

import { kfops } from './kfops.js';
import { temporaryFolder } from './project.js';

const INPUT = fileURLToPath(new URL('../cases/root-context/input', import.meta.url));

describe('kfops with the repository’s root as a build context', () => {
  const cwd = temporaryFolder();
  const git = (...args: string[]): string =>
    execFileSync('git', ['-c', 'user.name=t', '-c', 'user.email=t@example.com', ...args], {
      cwd,
      encoding: 'utf8',
    });

  async function run(...args: string[]): Promise<string> {
    const { code, stdout, stderr } = await kfops(args, { cwd });
    expect(code, stderr).to.equal(0);
    return stdout;
  }

  before(() => {
    cpSync(INPUT, cwd, { recursive: true });
    git('init', '-q', '-b', 'main');
    git('add', '-A');
    git('commit', '-q', '-m', 'all');
  });

  it('gives one plan and one Workflow, from the commit and from the folder, however often it wrote there', async () => {
    const contexts = ['--contexts', 'out/contexts'];
    const workflow = await run('generate', '--commit', 'HEAD');
    await run('validate', '--commit', 'HEAD');
    await run('validate');
    expect(await run('generate')).to.equal(workflow);

    for (const file of ['out/workflow.yaml', 'out/workflow.yaml', 'workflow.yaml', 'workflow.yaml']) {
      await run('generate', '-o', file, ...contexts);
      expect(readFileSync(join(cwd, file), 'utf8')).to.equal(workflow);
    }
    const plan = await run('plan', '--json', '--commit', 'HEAD');
    await run('context', 'trainer', '-o', 'trainer.tar.gz');
    const first = readFileSync(join(cwd, 'trainer.tar.gz'));
    await run('context', 'trainer', '-o', 'trainer.tar.gz');
    expect(readFileSync(join(cwd, 'trainer.tar.gz')).equals(first)).to.equal(true);
    const files = execFileSync('tar', ['-tzf', 'trainer.tar.gz'], { cwd, encoding: 'utf8' });
    expect(files.trim().split('\n')).to.deep.equal(
      git('ls-files', '--', ':!config_files').trim().split('\n'),
    );
    expect(await run('plan', '--json', '--commit', 'HEAD')).to.equal(plan);
  });
});

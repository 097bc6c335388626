import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';

import { expect } from 'chai';
import { parse } from 'yaml';

import { pythonOrSkip } from '../fixtures/python.js';
import { kfops } from './kfops.js';
import { temporaryFolder, write, writeProject } from './project.js';

const TEAM = 'registry.example.com/a-team-with-a-long-name';
const DIGEST = `sha256:${'1'.repeat(64)}`;
const PIPELINE = `import os
from kfp import dsl

print('secrets:', [name for name in os.environ if 'SECRET' in name or 'TOKEN' in name])


@dsl.component(base_image='${TEAM}/trainer:{{workflow.parameters.version_id}}')
def train(rows: int) -> str:
    return str(rows)


@dsl.component(base_image='${TEAM}/trainr')
def check(text: str):
    print(text)


@dsl.pipeline(name='iris')
def iris(rows: int = 3):
    check(text=train(rows=rows).output)
`;

describe('kfops compile-pipeline', function () {
  this.timeout(120_000);
  const cwd = temporaryFolder();
  let python: string;
  before(function () {
    python = pythonOrSkip(this);
    writeProject(cwd, ['trainer', 'server']);
    write(cwd, {
      'pipeline/pipeline.py': PIPELINE,
      'images.json': JSON.stringify({ trainer: `${TEAM}/trainer@${DIGEST}` }),
    });
  });

  it('compiles, pins and says what became of each image', async () => {
    const args = ['compile-pipeline', '--python', python, '--images', 'images.json', '-o', '-'];
    const env = { KFOPS_MINIO_SECRET_KEY: 'do-not-show', GITHUB_TOKEN: 'do-not-show' };
    const { code, stdout, stderr } = await kfops(args, { cwd, env });
    expect(stderr).to.include('secrets: []\n');
    expect(code).to.equal(0);
    const { deploymentSpec } = parse(stdout) as {
      deploymentSpec: { executors: Record<string, { container: { image: string } }> };
    };
    expect(deploymentSpec.executors['exec-train']?.container.image).to.equal(`${TEAM}/trainer@${DIGEST}`);
    expect(stderr).to.include('✓ compiled: 2 steps with an image\n');
    expect(stderr).to.include(`  pinned  exec-train  ${TEAM}/trainer@${DIGEST}\n`);
    expect(stderr).to.include(`${TEAM}/trainr  ← not an image of this build; is trainer meant?\n`);
    expect(existsSync(join(cwd, 'pipeline/__pycache__'))).to.be.false;
  });

  it('without images compiles to pipeline.yaml, and pins nothing', async () => {
    const { code, stdout, stderr } = await kfops(['compile-pipeline', '--python', python], { cwd });
    expect(code, stderr).to.equal(0);
    expect(readFileSync(join(cwd, 'pipeline.yaml'), 'utf8')).to.include('# Name: iris\n');
    expect(stdout).to.include('✓ compiled to pipeline.yaml').and.to.include('Nothing was pinned');
    expect(stderr).to.equal('secrets: []\n');
  });

  it('shows where the code is wrong', async () => {
    writeProject(join(cwd, 'other'), []);
    write(cwd, { 'other/pipeline/pipeline.py': PIPELINE.replace('rows=rows', 'text=rows') });
    const args = ['compile-pipeline', 'other', '--python', python, '-o', 'other.yaml'];
    const { code, stderr } = await kfops(args, { cwd });
    expect(code).to.equal(2);
    expect(stderr).to.include('pipeline/pipeline.py:19:1 error PIPELINE_CODE');
    expect(stderr.match(/unexpected keyword argument/g), stderr).to.have.length(1);
    expect(stderr).to.include('    check(text=train(text=rows).output)\n    ^^^');
    expect(stderr).not.to.include('Traceback');
    expect(existsSync(join(cwd, 'other.yaml'))).to.be.false;
  });

  it('refuses an image whose tag nothing fills in, with its step', async () => {
    const folder = join(cwd, 'unfilled');
    writeProject(folder, []);
    write(folder, { 'pipeline/pipeline.py': PIPELINE });
    const { code, stderr } = await kfops(['compile-pipeline', 'unfilled', '--python', python], { cwd });
    expect(code).to.equal(1);
    expect(stderr).to.include(
      `\`exec-train\` has \`${TEAM}/trainer:{{workflow.parameters.version_id}}\` (nothing fills in`,
    );
    expect(existsSync(join(folder, 'pipeline.yaml'))).to.be.false;
  });

  it('compiles a commit, with the files that the cluster gets', async () => {
    const folder = join(cwd, 'committed');
    writeProject(folder, ['trainer']);
    const pipeline =
      'import os, notes\n' +
      PIPELINE +
      "\nprint(sorted(os.listdir('.')), sorted(os.listdir('pipeline')))\nopen('left-behind', 'w')\n";
    write(folder, {
      'pipeline/pipeline.py': pipeline,
      'pipeline/step.yaml': 'a: 1\n',
      'libs/notes.py': '',
      'notes.py': 'from libs import notes\n',
      'data.csv': '1,2\n',
      'pipeline/large.bin': 'x'.repeat(2 ** 20 + 1),
      'pipeline/ignored.txt': '',
      '.gitignore': 'ignored.txt\n',
    });
    const git = (...args: string[]): unknown =>
      execFileSync('git', ['-c', 'user.name=x', '-c', 'user.email=x@example.com', ...args], { cwd: folder });
    git('init', '-q');
    git('add', '-A');
    git('commit', '-qm', 'x');
    write(folder, { 'pipeline/pipeline.py': 'import nothing_of_this\n' });
    const args = [
      'compile-pipeline',
      'committed',
      '--commit',
      'HEAD',
      '--python',
      python,
      '-o',
      'committed.yaml',
    ];
    const { code, stderr } = await kfops(args, { cwd });
    expect(stderr).to.include("['libs', 'notes.py', 'pipeline'] ['pipeline.py', 'step.yaml']\n");
    expect(code).to.equal(0);
    expect(existsSync(join(folder, 'left-behind'))).to.be.false;
  });

  it('says how to get a Python with kfp', async () => {
    const none = await kfops(['compile-pipeline', '--python', './no/python'], { cwd });
    expect(none.code).to.equal(1);
    expect(none.stderr)
      .to.include('no/python` is not there')
      .and.to.include('python3 -m pip install kfp==2.');

    // The same Python, without what its virtual environment has.
    mkdirSync(join(cwd, 'bare'), { recursive: true });
    symlinkSync('/usr/bin/env', join(cwd, 'bare/python'));
    const other = await kfops(['compile-pipeline', '--python', 'bare/python'], { cwd });
    expect(other.code).to.equal(1);
    expect(other.stderr).to.include('Install kfp: ');
  });

  it('refuses images that the configuration has not', async () => {
    write(cwd, { 'forged.json': `{"trainer":"evil.example/trainer@${DIGEST}"}` });
    const args = ['compile-pipeline', '--python', python, '--images', 'forged.json'];
    const { code, stderr } = await kfops(args, { cwd });
    expect(code).to.equal(1);
    expect(stderr)
      .to.include('forged.json cannot be used')
      .and.to.include(`the configuration says ${TEAM}/trainer`);
  });

  it('ends with Ctrl-C, and its Python with it', async () => {
    writeProject(join(cwd, 'endless'), []);
    write(cwd, {
      'endless/pipeline/pipeline.py': "import os\nprint('pid', os.getpid(), flush=True)\nwhile True: pass\n",
    });
    let said = '';
    const { code } = await kfops(['compile-pipeline', 'endless', '--python', python], {
      cwd,
      during: (child) =>
        child.stderr?.on('data', (text: string) => {
          const before = /pid \d+\n/.test(said);
          said += text;
          // Only once: a second Ctrl-C does not wait.
          if (!before && /pid \d+\n/.test(said)) child.kill('SIGINT');
        }),
    });
    expect(code).to.equal(130);
    const pid = Number(/pid (\d+)/.exec(said)?.[1]);
    expect(() => process.kill(pid, 0)).to.throw('ESRCH');
  });
});

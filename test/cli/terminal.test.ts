import { existsSync, mkdirSync, readdirSync, watch } from 'node:fs';
import { randomBytes } from 'node:crypto';
import { join } from 'node:path';

import { expect } from 'chai';

import { kfops } from './kfops.js';
import { temporaryFolder, write, writeProject } from './project.js';

/** A whole stack frame: what nobody wants to see. */
const STACK = /\n\s+at /;
// eslint-disable-next-line no-control-regex -- colours begin with it
const COLOR = /\u001b\[/;

describe('kfops on the command line', () => {
  const cwd = temporaryFolder();
  const empty = temporaryFolder();
  const many = temporaryFolder();
  before(() => {
    writeProject(cwd, ['trainer']);
    writeProject(
      many,
      Array.from({ length: 200 }, (_, at) => `image_number_${at}`),
    );
  });

  it('a mistake in the arguments is told in two lines, with what was meant', async () => {
    const { code, stdout, stderr } = await kfops(['plan', '--jsno'], { cwd });
    expect(code).to.equal(2);
    expect(stdout).to.equal('');
    expect(stderr).to.equal(
      "error: unknown option '--jsno'\n(Did you mean --json?)\nSee kfops plan --help.\n",
    );
  });

  it('--help and --version go to stdout', async () => {
    const [help, version] = await Promise.all([kfops(['--help'], { cwd }), kfops(['--version'], { cwd })]);
    expect(help).to.include({ code: 0, stderr: '' });
    expect(help.stdout).to.include('Usage: kfops').and.to.include('Exit codes:');
    expect(version.stdout).to.match(/^\d+\.\d+\.\d+\n$/);
  });

  it('in a sub-folder names the folder that was meant', async () => {
    const { code, stderr } = await kfops(['plan'], { cwd: join(cwd, 'images/trainer') });
    expect(code).to.equal(2);
    expect(stderr.replace(/\s+/g, ' ')).to.include(`It is in ${cwd}`);
  });

  it('without a configuration names `kfops init`', async () => {
    const { code, stdout } = await kfops(['validate'], { cwd: empty });
    expect(code).to.equal(2);
    expect(stdout).to.include('config_files/config.yaml is not in').and.to.include('`kfops init`');
  });

  it('all errors come at once, with their places', async () => {
    const args = [
      'validate',
      '--set',
      'image_builder.images.0.dockerfile_folder_path=nowhere',
      '--set',
      'pipeline_path=gone.py',
    ];
    const { code, stdout } = await kfops(args, { cwd });
    expect(code).to.equal(2);
    expect(stdout).to.include('FOLDER_MISSING').and.to.include('PIPELINE_MISSING').and.to.include('2 errors');
  });

  describe('colours', () => {
    it('are off in a pipe', async () => {
      const [plan, wrong] = await Promise.all([
        kfops(['plan'], { cwd }),
        kfops(['plan', 'nowhere'], { cwd }),
      ]);
      expect(plan.stdout).to.include('trainer').and.not.to.match(COLOR);
      expect(wrong.stderr).to.include('nowhere').and.not.to.match(COLOR);
    });
    it('are on with FORCE_COLOR, off again with --no-color', async () => {
      const env = { FORCE_COLOR: '1' };
      const [on, off] = await Promise.all([
        kfops(['plan'], { cwd, env }),
        kfops(['plan', '--no-color'], { cwd, env }),
      ]);
      expect(on.stdout).to.match(COLOR);
      expect(off.stdout).to.include('trainer').and.not.to.match(COLOR);
    });
    it('never get into data', async () => {
      for (const args of [['graph'], ['plan', '--json'], ['generate']]) {
        const { stdout } = await kfops(args, { cwd, env: { FORCE_COLOR: '1' } });
        expect(stdout, args.join(' ')).to.include('trainer').and.not.to.match(COLOR);
      }
    });
  });

  describe('200 images', () => {
    it('the plan stays short, and within 60 columns', async () => {
      const { code, stdout } = await kfops(['plan'], { cwd: many, env: { COLUMNS: '60' } });
      expect(code).to.equal(0);
      const lines = stdout.split('\n');
      expect(lines.length).to.be.below(70);
      expect(lines.filter((line) => /^ {2}image_number/.test(line))).to.have.length(20);
      expect(stdout).to.include('… 180 more; `kfops plan --json` lists them all');
      for (const line of lines.filter((text) => text.startsWith('  ')))
        expect(Array.from(line).length).to.be.at.most(60);
    });

    it('stands on one line each in 200 columns', async () => {
      const { stdout } = await kfops(['plan'], { cwd: many, env: { COLUMNS: '200' } });
      expect(stdout).to.match(/ {2}image_number_0 .*→ registry\.example\.com\/\S+\/image_number_0:/);
    });

    it('a reader that goes early is no error', async () => {
      for (const args of [['plan'], ['plan', '--json']]) {
        const { code, stderr } = await kfops(args, {
          cwd: many,
          during: ({ stdout }) => {
            stdout?.once('data', () => stdout.destroy());
          },
        });
        expect({ code, stderr }, args.join(' ')).to.deep.equal({ code: 0, stderr: '' });
      }
    });
  });

  it('Ctrl-C while a context is stored leaves nothing half-written', async () => {
    const contexts = join(cwd, 'interrupted/ctx');
    mkdirSync(contexts, { recursive: true });
    write(cwd, {
      'images/trainer/model.bin': Buffer.concat(Array.from({ length: 64 }, () => randomBytes(1 << 20))),
    });
    const { code, stdout, stderr } = await kfops(
      ['generate', '--contexts', 'interrupted', '-o', 'never.yaml'],
      {
        cwd,
        during: (child) => {
          const watcher = watch(contexts, (_event, name) => {
            if (!name?.endsWith('.partial')) return;
            watcher.close();
            child.kill('SIGINT');
          });
          child.once('exit', () => {
            watcher.close();
          });
        },
      },
    );
    expect(stderr.endsWith('Stopped.\n')).to.be.true;
    expect(code).to.equal(130);
    expect(stdout).not.to.include('Wrote');
    expect(stderr).not.to.match(STACK);
    expect(readdirSync(contexts)).to.deep.equal([]);
    expect(existsSync(join(cwd, 'never.yaml'))).to.be.false;
  });
});

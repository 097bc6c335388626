import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, readdirSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { expect } from 'chai';

import { EXAMPLE_SETTINGS_FILE } from '../support/example-settings.js';
import { temporaryFolder } from './project.js';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
/** Large, and not packed. */
const LEFT_OUT = new Set(['.git', '.venv', '.venv-mlmd', 'coverage', 'node_modules', 'out', 'test']);
const CONFIG = ['--config', 'examples/self/config_files/config.yaml'];

describe('the npm package', function () {
  const folder = temporaryFolder();
  const packed = join(folder, 'package');

  before(() => {
    // In a copy, because packing writes npm-shrinkwrap.json for a moment.
    const copy = join(folder, 'copy');
    mkdirSync(copy);
    for (const name of readdirSync(ROOT).filter((entry) => !LEFT_OUT.has(entry)))
      cpSync(join(ROOT, name), join(copy, name), { recursive: true });
    symlinkSync(join(ROOT, 'node_modules'), join(copy, 'node_modules'));
    const [{ filename }] = JSON.parse(run(copy, 'npm', 'pack', '--json', '--silent').toString()) as [
      { filename: string },
    ];
    run(folder, 'tar', '-xzf', join(copy, filename));
    symlinkSync(join(ROOT, 'node_modules'), join(packed, 'node_modules'));
  });

  /** @returns what it wrote to stdout */
  function run(cwd: string, command: string, ...args: string[]): Buffer {
    return execFileSync(command, args, {
      cwd,
      env: { PATH: process.env.PATH, HOME: folder },
      stdio: ['ignore', 'pipe', 'pipe'],
      maxBuffer: 1 << 28,
    });
  }
  const kfops = (...args: string[]): Buffer => run(packed, process.execPath, 'dist/cli/bin.js', ...args);

  function filesOf(image: string): string[] {
    const archive = join(folder, `${image}.tar.gz`);
    kfops('context', image, ...CONFIG, '-o', archive);
    return run(folder, 'tar', '-tzf', archive).toString().split('\n');
  }

  it('has everything from which Kfops’ own images are built', () => {
    const plan = JSON.parse(
      kfops('plan', ...CONFIG, '--settings', EXAMPLE_SETTINGS_FILE, '--no-reuse', '--json').toString(),
    ) as { images: { name: string }[] };
    expect(plan.images.map(({ name }) => name)).to.deep.equal(['kfops', 'kfops-compiler']);
    expect(filesOf('kfops')).to.include.members([
      'package.json',
      'npm-shrinkwrap.json',
      'deploy/Dockerfile',
      'scripts/build.mjs',
      'cli/bin.ts',
    ]);
    expect(filesOf('kfops-compiler')).to.include.members([
      'Dockerfile',
      'requirements.txt',
      'lib/kfops/model.py',
    ]);
  });

  it('has the manifests that are installed', () => {
    for (const part of ['chart', 'server', 'build-namespace'])
      expect(readdirSync(join(packed, 'deploy', part)), part).to.not.deep.equal([]);
  });
});

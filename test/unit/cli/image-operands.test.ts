import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { Command } from 'commander';
import { expect } from 'chai';

import { imageOperands, type Operands } from '../../../cli/image-operands.js';
import { fakeIo } from './fake-io.js';

describe('cli/image-operands: a folder, or names of images', () => {
  let root: string;
  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), 'kfops-operands-'));
    mkdirSync(join(root, 'trainer'));
    mkdirSync(join(root, 'clone/.git'), { recursive: true });
    project('iris');
  });
  afterEach(() => {
    rmSync(root, { recursive: true });
  });

  function project(folder: string): void {
    mkdirSync(join(root, folder, 'config_files'), { recursive: true });
    writeFileSync(join(root, folder, 'config_files/config.yaml'), '');
  }

  function read(words: string[], flags: { config?: string; commit?: string } = {}): Operands {
    const [first = '.', ...others] = words;
    return imageOperands({ io: fakeIo({ cwd: root }) }, first, others, flags);
  }

  /** Where no configuration is, one is, and only a git repository is. */
  const cases: [words: string[], outside: Operands, inside: Operands][] = [
    [[], { dir: '.' }, { dir: '.' }],
    [['.'], { dir: '.' }, { dir: '.' }],
    [['trainer'], { dir: 'trainer' }, { dir: '.', only: ['trainer'] }],
    [['nowhere'], { dir: 'nowhere' }, { dir: '.', only: ['nowhere'] }],
    [['iris'], { dir: 'iris' }, { dir: 'iris' }],
    [['clone'], { dir: 'clone' }, { dir: 'clone' }],
    [['./trainer'], { dir: './trainer' }, { dir: './trainer' }],
    [['../x'], { dir: '../x' }, { dir: '../x' }],
    [['iris', 'trainer'], { dir: 'iris', only: ['trainer'] }, { dir: 'iris', only: ['trainer'] }],
    [['.', 'iris'], { dir: '.', only: ['iris'] }, { dir: '.', only: ['iris'] }],
    [['b', 'a', 'b'], { dir: 'b', only: ['a', 'b'] }, { dir: '.', only: ['b', 'a'] }],
  ];
  for (const [words, outside, inside] of cases) {
    it(`${words.join(' ') || 'nothing'}, where no configuration is`, () => {
      expect(read(words)).to.deep.equal(outside);
    });
    it(`${words.join(' ') || 'nothing'}, where a configuration is`, () => {
      project('.');
      expect(read(words)).to.deep.equal(inside);
    });
  }

  it('a configuration from elsewhere leaves a folder that exists what it is', () => {
    mkdirSync(join(root, '.git'));
    for (const flags of [{ commit: 'HEAD' }, { config: 'other.yaml' }]) {
      expect(read(['trainer'], flags)).to.deep.equal({ dir: 'trainer' });
      expect(read(['serving'], flags)).to.deep.equal({ dir: '.', only: ['serving'] });
    }
    expect(read(['serving'])).to.deep.equal({ dir: 'serving' });
  });

  it('hints then name the folder, not the image', () => {
    project('.');
    const command = new Command();
    command.args = ['trainer'];
    imageOperands({ io: fakeIo({ cwd: root }), command }, 'trainer', [], {});
    expect(command.args).to.deep.equal(['.', 'trainer']);
  });
});

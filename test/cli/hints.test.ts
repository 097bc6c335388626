import { mkdirSync } from 'node:fs';
import { join } from 'node:path';

import { expect } from 'chai';

import { DIAGNOSTIC_CODES } from '../../schema/codes.js';
import { kfops } from './kfops.js';
import { temporaryFolder, write, writeProject } from './project.js';

describe('kfops: what is wrong, and the command that helps', () => {
  const cwd = temporaryFolder();
  const bare = temporaryFolder();
  const withFolder = temporaryFolder();
  before(() => {
    writeProject(cwd, ['trainer']);
    write(cwd, { 'my settings.yaml': 'namespace: builds\n' });
    mkdirSync(join(bare, 'empty folder'));
  });

  describe('outside of a git repository', () => {
    const COMMANDS = [
      ['plan'],
      ['validate'],
      ['graph'],
      ['context', 'trainer'],
      ['generate'],
      ['build'],
      ['build_run'],
      ['run'],
      ['compile-pipeline'],
    ];
    for (const words of COMMANDS) {
      it(`${words.join(' ')} --commit is wrong usage`, async () => {
        const { code, stdout, stderr } = await kfops([...words, '--commit', 'HEAD'], { cwd });
        // What is wrong is what `validate` reports.
        const text = words[0] === 'validate' ? stdout : stderr;
        expect(code, text).to.equal(2);
        expect(text).to.include('REVISION').and.to.include('no repository in');
      });
    }
  });

  it('a folder in place of the configuration is named as such', async () => {
    mkdirSync(join(withFolder, 'config_files/config.yaml'), { recursive: true });
    const { code, stdout } = await kfops(['validate'], { cwd: withFolder });
    expect(code).to.equal(2);
    expect(stdout).to.include('`config_files/config.yaml` is a folder').and.include('kfops init');
  });

  it('images.json that is not there is wrong usage', async () => {
    const { code, stderr } = await kfops(['compile-pipeline', '--images', 'no.json'], { cwd });
    expect(code).to.equal(2);
    expect(stderr).to.include('--images').and.to.include('`no.json` does not exist');
  });

  describe('a value from the environment', () => {
    it('names the variable where the settings come from it', async () => {
      const { code, stderr } = await kfops(['plan'], { cwd, env: { KFOPS_SETTINGS: 'no.yaml' } });
      expect(code).to.equal(2);
      expect(stderr)
        .to.match(/^KFOPS_SETTINGS error FILE_MISSING/)
        .and.not.to.include('--settings');
    });

    it('names the option where both are given', async () => {
      const { stderr } = await kfops(['plan', '--settings', 'none.yaml'], {
        cwd,
        env: { KFOPS_SETTINGS: 'no.yaml' },
      });
      expect(stderr)
        .to.match(/^--settings error FILE_MISSING/)
        .and.not.to.include('KFOPS_SETTINGS');
    });

    it('names the variable where the Python comes from it', async () => {
      const { stderr } = await kfops(['compile-pipeline'], { cwd, env: { KFOPS_PYTHON: 'no-python' } });
      expect(stderr).to.include('The Python `no-python` of KFOPS_PYTHON is not there');
    });
  });

  describe('a recommended command', () => {
    it('repeats the options and the folder that it takes too', async () => {
      const { stdout } = await kfops(
        ['doctor', '--settings', 'my settings.yaml', '-n', 'other', '--set', 'a=$x', '--set', 'b.c=1', './/'],
        { cwd },
      );
      expect(stdout).to.include(
        "kfops validate --settings 'my settings.yaml' --set 'a=$x' --set b.c=1 .//\n",
      );
    });

    it('has no more words where no options were given', async () => {
      write(cwd, { 'wrong/config_files/config.yaml': 'x: 1\n' });
      const { stdout } = await kfops(['doctor'], { cwd: join(cwd, 'wrong') });
      expect(stdout).to.include('→ kfops validate\n');
    });

    it('leaves out what comes from the environment', async () => {
      const { stdout } = await kfops(['doctor', './/', '--set', 'a=1'], {
        cwd,
        env: { KFOPS_SETTINGS: 'my settings.yaml' },
      });
      expect(stdout).to.include('kfops validate --set a=1 .//\n');
    });

    it('quotes the folder', async () => {
      const { stderr } = await kfops(['plan', 'empty folder'], { cwd: bare });
      expect(stderr).to.include("`kfops init 'empty folder'`");
    });
  });

  describe('help and version', () => {
    it('print what --help and --version print', async () => {
      for (const [words, option] of [
        [['help'], ['--help']],
        [
          ['help', 'plan'],
          ['plan', '--help'],
        ],
        [['version'], ['--version']],
      ] as const) {
        const [command, asked] = [await kfops(words, { cwd }), await kfops(option, { cwd })];
        expect(command).to.deep.equal(asked);
        expect(command.code).to.equal(0);
      }
    });

    it('help suggests a command for an unknown name', async () => {
      const { code, stderr } = await kfops(['help', 'plna'], { cwd });
      expect(code).to.equal(2);
      expect(stderr).to.include("unknown command 'plna'").and.to.include('Did you mean plan?');
      const nothing = await kfops(['help', 'nonsense'], { cwd });
      expect(nothing.code).to.equal(2);
      expect(nothing.stderr).to.include('Run kfops help');
    });
  });

  describe('explain', () => {
    it('lists all codes without one, a line for each in a pipe', async () => {
      const { code, stdout } = await kfops(['explain'], { cwd });
      expect(code).to.equal(0);
      const lines = stdout.split('\n');
      for (const [each, title] of Object.entries(DIAGNOSTIC_CODES))
        expect(
          lines.filter((line) => line.startsWith(`  ${each} `) && line.endsWith(`  ${title}`)),
          each,
        ).to.have.length(1);
      expect(lines).to.include('Images and build contexts');
    });

    it('keeps to a narrow terminal', async () => {
      const { stdout } = await kfops(['explain'], { cwd, env: { COLUMNS: '50' } });
      for (const line of stdout.split('\n')) expect(line.length, line).to.be.at.most(50);
    });

    it('suggests the codes that are like an unknown one', async () => {
      const { code, stderr } = await kfops(['explain', 'missing'], { cwd });
      expect(code).to.equal(2);
      expect(stderr).to.include('Did you mean `FILE_MISSING`, `FOLDER_MISSING`');
      expect((await kfops(['explain', 'qqqqqq'], { cwd })).stderr).to.include('`kfops explain`');
    });
  });
});

import { spawnSync } from 'node:child_process';
import { chmodSync, cpSync, mkdirSync, readFileSync, statSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { expect } from 'chai';

import { kfops } from './kfops.js';
import { temporaryFolder, write } from './project.js';

const CASES = fileURLToPath(new URL('../cases/', import.meta.url));
const CONFIG = 'config_files/config.yaml';
const MANIFEST = 'config_files/kaniko-manifest.yaml';

interface Report {
  readonly written: boolean;
  readonly findings: readonly { readonly topic: string; readonly action: string }[];
  readonly files: readonly { readonly path: string; readonly diff: string }[];
  readonly errors: readonly { readonly code: string }[];
}

describe('kfops migrate', () => {
  const root = temporaryFolder();
  let count = 0;
  /** A copy of the input of a case. */
  const repository = (name: string): string => {
    const folder = join(root, `${name}-${++count}`);
    cpSync(join(CASES, name, 'input'), folder, { recursive: true });
    return folder;
  };
  const text = (folder: string, file: string): string => readFileSync(join(folder, file), 'utf8');
  const expected = (name: string, file: string): string =>
    readFileSync(join(CASES, name, 'expected', file), 'utf8');

  it('says what differs and what --write changes, and writes nothing', async () => {
    const cwd = repository('migrate-every-finding');
    expect(await kfops(['migrate'], { cwd })).to.include({
      ...{ code: 0, stderr: '' },
      stdout: expected('migrate-every-finding', 'migration.txt'),
    });
    expect(text(cwd, CONFIG)).to.equal(text(join(CASES, 'migrate-every-finding/input'), CONFIG));
  });

  it('--write writes both files and keeps their permissions; then nothing is left to rewrite', async () => {
    const cwd = repository('migrate-every-finding');
    chmodSync(join(cwd, CONFIG), 0o600);
    const { code, stdout } = await kfops(['migrate', '--write'], { cwd });
    expect({ code, last: stdout.trimEnd().split('\n').at(-1) }).to.deep.equal({
      code: 0,
      last: `✓ wrote ${CONFIG} and ${MANIFEST}; 5 findings to edit by hand; 1 finding with work elsewhere (\`to do\`)`,
    });
    expect(text(cwd, CONFIG)).to.equal(expected('migrate-every-finding', 'config.yaml'));
    expect(text(cwd, MANIFEST)).to.equal(expected('migrate-every-finding', 'kaniko-manifest.yaml'));
    expect(statSync(join(cwd, CONFIG)).mode & 0o777).to.equal(0o600);
    const again = await kfops(['migrate', '--write'], { cwd });
    expect(again.stdout).to.include('✓ no file has to be rewritten').and.not.include('  write: ');
  });

  it('says that an empty folder is no repository of that Kfops, and proposes no new one', async () => {
    const cwd = join(root, 'nothing');
    mkdirSync(cwd);
    const { code, stderr } = await kfops(['migrate'], { cwd });
    expect(code).to.equal(2);
    expect(stderr.replace(/\s+/g, ' '))
      .to.include(`No repository of Kfops (2022) is in ${cwd}: it has no ${CONFIG}.`)
      .and.include('Name the repository’s root folder.')
      .and.not.include('init');
  });

  it('its diff is one that git applies, with the result of --write', async () => {
    const cwd = repository('migrate-every-finding');
    // The diff hides keys of the object store, so git must not find them next to a change.
    write(cwd, { [CONFIG]: text(cwd, CONFIG).replace(/^ {2}minio:.*\n/m, '') });
    const { stdout } = await kfops(['migrate', '--json'], { cwd });
    const diff = (JSON.parse(stdout) as Report).files.map((file) => file.diff).join('');
    const applied = spawnSync('git', ['apply', '--unidiff-zero', '-'], {
      cwd,
      input: diff,
      encoding: 'utf8',
    });
    expect(applied).to.include({ status: 0, stderr: '' });
    const result = text(cwd, CONFIG);
    const other = repository('migrate-every-finding');
    write(other, { [CONFIG]: text(other, CONFIG).replace(/^ {2}minio:.*\n/m, '') });
    await kfops(['migrate', '--write'], { cwd: other });
    expect(text(other, CONFIG)).to.equal(result);
    expect(text(other, MANIFEST)).to.equal(text(cwd, MANIFEST));
  });

  it('--json has findings, diffs and errors', async () => {
    const cwd = repository('kfops-2022');
    const { code, stdout } = await kfops(['migrate', '--json', '--write'], { cwd });
    const report = JSON.parse(stdout) as Report;
    expect({ code, written: report.written, errors: report.errors }).to.deep.equal({
      ...{ code: 0, written: true, errors: [] },
    });
    expect(report.findings.map(({ topic }) => topic)).to.include.members([
      'tags',
      'credentials',
      'deployment',
    ]);
    expect(report.files.map(({ path }) => path)).to.deep.equal([CONFIG, MANIFEST]);
  });

  it('never prints keys of the object store', async () => {
    for (const args of [['migrate'], ['migrate', '--json'], ['migrate', '--write', '--json']]) {
      const { stdout, stderr } = await kfops(args, { cwd: repository('kfops-2022') });
      expect(stdout + stderr, args.join(' ')).not.to.match(/an-access-key|a-secret-key/);
    }
  });

  it('after it, the project is valid without warnings', async () => {
    const cwd = repository('kfops-2022');
    await kfops(['migrate', '--write'], { cwd });
    const { code, stdout } = await kfops(['validate'], { cwd });
    expect(code).to.equal(0);
    expect(stdout)
      .to.include('✓ valid: 2 images')
      .and.not.match(/DEPRECATED|INLINE_CREDENTIALS/);
  });

  it('ends quietly where the reader of a pipe has gone', async () => {
    const cwd = repository('migrate-every-finding');
    const result = await kfops(['migrate'], { cwd, during: (child) => child.stdout?.destroy() });
    expect(result).to.include({ code: 0, stderr: '' });
  });

  it('names another folder in its next step', async () => {
    const folder = repository('kfops-2022');
    const { stdout } = await kfops(['migrate', folder], { cwd: root });
    expect(stdout).to.include(`\`kfops migrate --write ${folder}\` rewrites`);
  });

  describe('writes nothing', () => {
    const refused = async (
      prepare: (folder: string) => void,
      code: number,
      says: RegExp,
      args: readonly string[] = ['migrate', '--write'],
    ): Promise<void> => {
      const cwd = repository('kfops-2022');
      prepare(cwd);
      const before = [CONFIG, MANIFEST].map((file) => readFileSync(join(cwd, file)).toString('latin1'));
      const result = await kfops(args, { cwd });
      expect(result.code, result.stdout + result.stderr).to.equal(code);
      expect(result.stdout + result.stderr).to.match(says);
      expect(
        [CONFIG, MANIFEST].map((file) => readFileSync(join(cwd, file)).toString('latin1')),
      ).to.deep.equal(before);
    };

    it('where a file is not YAML', async () => {
      await refused(
        (cwd) => {
          write(cwd, { [MANIFEST]: 'spec: [\n' });
        },
        2,
        /kaniko-manifest\.yaml:\d+:\d+ error YAML_SYNTAX/,
      );
    });

    it('where errors stay', async () => {
      await refused(
        (cwd) => {
          write(cwd, { [CONFIG]: text(cwd, CONFIG).replace('insecure: yes', 'insecure: maybe') });
        },
        2,
        /error WRONG_TYPE[^]*Nothing was written: correct the errors first/,
      );
    });

    it('where one of the files is read-only', async () => {
      await refused(
        (cwd) => {
          chmodSync(join(cwd, MANIFEST), 0o444);
        },
        1,
        /kaniko-manifest\.yaml is read-only\. Nothing was written/,
      );
    });

    it('where a file is not UTF-8', async () => {
      await refused(
        (cwd) => {
          write(cwd, {
            [CONFIG]: Buffer.concat([Buffer.from('# caf\xe9\n', 'latin1'), readFileSync(join(cwd, CONFIG))]),
          });
        },
        1,
        /config\.yaml changed while it was read, or is not UTF-8/,
      );
    });
  });

  describe('is wrong usage', () => {
    const wrong: Readonly<Record<string, [args: string[], says: string]>> = {
      'with a folder that is not there': [['migrate', 'nowhere'], 'There is no folder `nowhere`'],
      'with a file': [['migrate', 'file.txt'], '`file.txt` is not a folder'],
      'without a configuration': [['migrate', 'empty'], 'No repository of Kfops (2022) is in empty'],
      'with a link in place of the configuration': [['migrate', 'linked'], 'config_files/config.yaml'],
      'with an unknown option': [['migrate', '--wirte'], 'Did you mean --write?'],
    };
    before(() => {
      write(root, { 'file.txt': '', 'linked/config_files/other.yaml': 'a: 1\n' });
      mkdirSync(join(root, 'empty'));
      symlinkSync('/etc/hostname', join(root, 'linked', CONFIG));
    });
    for (const [what, [args, says]] of Object.entries(wrong)) {
      it(what, async () => {
        const { code, stdout, stderr } = await kfops(args, { cwd: root });
        expect({ code, stdout }).to.deep.equal({ code: 2, stdout: '' });
        expect(stderr).to.include(says);
      });
    }
  });
});

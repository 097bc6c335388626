import { join } from 'node:path';

import { expect } from 'chai';

import type { Diagnostic } from '../../schema/diagnostic.js';
import { kfops } from './kfops.js';
import { temporaryFolder, write, writeProject } from './project.js';

interface Report {
  readonly valid: boolean;
  readonly errors: number;
  readonly warnings: number;
  readonly diagnostics: readonly Diagnostic[];
}

describe('kfops validate', () => {
  const cwd = temporaryFolder();
  const wrong = join(cwd, 'wrong');
  before(() => {
    writeProject(cwd, ['trainer', 'server']);
    writeProject(wrong, ['trainer']);
    write(wrong, {
      'config_files/config.yaml': `repository: {owner: me, name: iris}
pipeline:
  name: Iris
  namespace: data-science
  experiment_name: iris
  pipeline_path: gone.py
image_builder:
  container_registry_uri: registry.example.com/team
  images:
    - {name: trainer, dockerfile_folder_path: 'images/100%,trainer'}
`,
    });
  });

  it('says on stdout that all is right', async () => {
    expect(await kfops(['validate'], { cwd })).to.include({
      code: 0,
      stdout: '✓ valid: 2 images, pipeline pipeline/pipeline.py\n',
      stderr: '',
    });
  });

  it('reports on stdout what is wrong', async () => {
    const { code, stdout, stderr } = await kfops(['validate', 'wrong'], { cwd });
    expect({ code, stderr }).to.deep.equal({ code: 2, stderr: '' });
    expect(stdout).to.include('config_files/config.yaml:6:18 error PIPELINE_MISSING');
    expect(stdout).to.match(/\n2 errors; `kfops explain CODE` says more\n$/);
  });

  it('--json is an object with every diagnostic and its place', async () => {
    const [good, bad] = await Promise.all([
      kfops(['validate', '--json'], { cwd }),
      kfops(['validate', 'wrong', '--json'], { cwd }),
    ]);
    expect(JSON.parse(good.stdout)).to.deep.equal({ valid: true, errors: 0, warnings: 0, diagnostics: [] });
    expect({ code: bad.code, stderr: bad.stderr }).to.deep.equal({ code: 2, stderr: '' });
    const { diagnostics, ...counts } = JSON.parse(bad.stdout) as Report;
    expect(counts).to.deep.equal({ valid: false, errors: 2, warnings: 0 });
    expect(diagnostics[0]).to.include({
      code: 'PIPELINE_MISSING',
      severity: 'error',
      file: 'config_files/config.yaml',
      line: 6,
      column: 18,
      length: 7,
      excerpt: '  pipeline_path: gone.py',
    });
    expect(Object.keys(diagnostics[0]!).slice(0, 4)).to.deep.equal(['code', 'severity', 'message', 'hint']);
  });

  it('--json also tells what is wrong with an argument', async () => {
    const { code, stdout } = await kfops(['validate', 'nowhere', '--json'], { cwd });
    expect(code).to.equal(2);
    expect((JSON.parse(stdout) as Report).diagnostics[0]).to.include({ code: 'FILE_MISSING', file: 'DIR' });
  });

  it('--format github annotates the line, from the root of the checkout', async () => {
    const { code, stdout, stderr } = await kfops(['validate', 'wrong', '--format', 'github'], { cwd });
    expect({ code, stderr }).to.deep.equal({ code: 2, stderr: '' });
    const [pipeline, folder, ...rest] = stdout.split('\n');
    expect(pipeline).to.match(
      /^::error file=wrong\/config_files\/config\.yaml,line=6,col=18,endColumn=25,title=PIPELINE_MISSING::There is no file `gone\.py`.*%0Ahint: /,
    );
    expect(folder).to.include('title=FOLDER_MISSING::There is no folder `images/100%25,trainer`');
    expect(rest).to.deep.equal(['2 errors; `kfops explain CODE` says more', '']);

    const below = await kfops(['validate', '--format', 'github'], {
      cwd: wrong,
      env: { GITHUB_WORKSPACE: cwd },
    });
    expect(below.stdout).to.include('::error file=wrong/config_files/config.yaml,line=6,');
  });

  it('--format github names an argument in the text: it has no file', async () => {
    const args = ['validate', '--format', 'github', '--set', 'pipeline_path=a:b,c.py'];
    const { stdout } = await kfops(args, { cwd });
    expect(stdout).to.match(
      /^::error title=PIPELINE_MISSING::--set pipeline_path=a:b,c\.py: There is no file/,
    );
  });

  it('takes one format only', async () => {
    const { code, stdout, stderr } = await kfops(['validate', '--json', '--format', 'github'], { cwd });
    expect({ code, stdout }).to.deep.equal({ code: 2, stdout: '' });
    expect(stderr).to.include("'--json' cannot be used with option '--format <FORMAT>'");
  });
});

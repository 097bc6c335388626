import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';

import { expect } from 'chai';
import { parse } from 'yaml';

import { kfops } from './kfops.js';
import { temporaryFolder, write } from './project.js';

const FROM = 'FROM scratch\n';
const PIPELINE = `from kfp import dsl


@dsl.pipeline(
    name='House Prices',
)
def prices():
    pass
`;

interface Written {
  readonly repository: object;
  readonly image_builder?: { readonly container_registry_uri: string; readonly images: readonly object[] };
  readonly pipeline: Readonly<Record<string, string>>;
}

describe('kfops init', () => {
  const cwd = temporaryFolder();
  const env = { HOME: join(cwd, 'home') };
  const config = (folder: string): Written =>
    parse(readFileSync(join(cwd, folder, 'config_files/config.yaml'), 'utf8')) as Written;
  const repository = (folder: string, files: Readonly<Record<string, string>>): void => {
    write(join(cwd, folder), files);
    const git = (...args: string[]): unknown => execFileSync('git', args, { cwd: join(cwd, folder) });
    git('init', '-q');
    git('remote', 'add', 'origin', 'git@github.com:Some-Team/wine_quality.git');
  };
  const valid = async (folder: string): Promise<void> => {
    const { code, stdout } = await kfops(['validate', folder], { cwd });
    expect(stdout).to.include('✓ valid');
    expect(code).to.equal(0);
  };

  it('takes a Dockerfile and a pipeline in the root', async () => {
    repository('root', { Dockerfile: `${FROM}COPY . .\n`, 'pipeline.py': PIPELINE });
    const { code, stdout, stderr } = await kfops(['init', 'root'], { cwd, env });
    expect({ code, stdout }).to.deep.equal({ code: 0, stdout: '' });
    expect(stderr).to.include('Image      wine-quality: Dockerfile, context: the whole repository');
    expect(stderr).to.include('  pipeline.namespace: your Kubeflow profile\n');
    const { repository: of, image_builder: builder, pipeline } = config('root');
    expect(of).to.deep.equal({ owner: 'Some-Team', name: 'wine_quality' });
    expect(builder).to.deep.equal({
      container_registry_uri: 'ghcr.io/some-team',
      images: [{ name: 'wine-quality', dockerfile_folder_path: '.' }],
    });
    expect(pipeline).to.include({ name: 'House Prices', pipeline_path: 'pipeline.py' });
    await valid('root');
  });

  it('gives images the folders that their Dockerfiles copy, and leaves out what git ignores', async () => {
    repository('shared', {
      'images/a/Dockerfile': `${FROM}COPY a.txt shared /app/\n`,
      'images/a/a.txt': '',
      'images/b/Dockerfile.gpu': `${FROM}COPY setup.cfg shared/one.py ./\n`,
      'shared/one.py': '',
      'setup.cfg': '',
      'node_modules/x/Dockerfile': FROM,
      'tmp/Dockerfile': FROM,
      '.gitignore': 'tmp\n',
      'pipeline/pipeline.py': PIPELINE,
    });
    await kfops(['init', '--yes', 'shared'], { cwd, env });
    expect(config('shared').image_builder?.images).to.deep.equal([
      { name: 'a', dockerfile_folder_path: 'images/a', other_folders_path: ['shared'] },
      { name: 'b-gpu', dockerfile_folder_path: '.', dockerfile: 'images/b/Dockerfile.gpu' },
    ]);
    await valid('shared');
  });

  it('writes names that are valid, whatever the folders are called', async () => {
    const folders = ['Größe (2)', '模型', 'no', '12-3', "it's: #1", 'UPPER', 'x/no'];
    const images = Object.fromEntries(folders.map((folder) => [`${folder}/Dockerfile`, FROM]));
    repository('weird', { ...images, 'my pipeline: #1.py': PIPELINE });
    await kfops(['init', 'weird'], { cwd, env });
    expect(config('weird').image_builder?.images).to.have.length(folders.length);
    await valid('weird');
  });

  it('takes the registry of a login, and shows nothing of the login', async () => {
    repository('login', { Dockerfile: FROM, 'pipeline.py': PIPELINE });
    const auths = { 'registry.example.com:5000': { auth: 'ZG8tbm90LXNob3c=' } };
    write(cwd, { 'login-home/.docker/config.json': JSON.stringify({ auths }) });
    const { stderr } = await kfops(['init', 'login'], { cwd, env: { HOME: join(cwd, 'login-home') } });
    expect(stderr).to.not.include('ZG8tbm90LXNob3c=');
    expect(config('login').image_builder?.container_registry_uri).to.equal(
      'registry.example.com:5000/some-team',
    );
    const manifest = readFileSync(join(cwd, 'login/config_files/kaniko-manifest.yaml'), 'utf8');
    expect(manifest).to.include('--docker-server=registry.example.com:5000 ');
    await valid('login');
  });

  it('says what is left to fill in where it finds nothing', async () => {
    const { code, stderr } = await kfops(['init', 'new/folder'], { cwd, env });
    expect(code).to.equal(0);
    expect(stderr).to.include('found no Dockerfile').and.to.include('found no file with @dsl.pipeline');
    expect(stderr).to.include('  repository: owner and name on GitHub\n').and.to.include('PIPELINE_MISSING');
    expect(config('new/folder')).to.not.have.property('image_builder');
    write(join(cwd, 'new/folder'), { 'pipeline/pipeline.py': PIPELINE });
    await valid('new/folder');
  });

  it('tells what a Dockerfile copies and no folder has', async () => {
    repository('built', { Dockerfile: `${FROM}COPY dist/app /app\n`, 'pipeline.py': PIPELINE });
    const { stderr } = await kfops(['init', 'built'], { cwd, env });
    expect(stderr).to.include('  image wine-quality: its Dockerfile copies dist/app, found in no folder\n');
    const { code, stdout } = await kfops(['validate', 'built'], { cwd });
    expect(code).to.equal(2);
    expect(stdout).to.include('Dockerfile:').and.to.include('COPY_SOURCE_MISSING');
  });

  it('keeps a configuration, and refreshes its schemas', async () => {
    repository('again', { Dockerfile: FROM, 'config_files/config.yaml': 'mine\n' });
    await kfops(['init', 'again'], { cwd, env });
    write(join(cwd, 'again'), { 'config_files/.schema/config.schema.json': 'old\n' });
    const { code, stderr } = await kfops(['init', 'again'], { cwd, env });
    expect(code).to.equal(0);
    expect(stderr).to.include('kept  again/config_files/config.yaml');
    expect(stderr).to.include('wrote again/config_files/.schema/config.schema.json');
    expect(readFileSync(join(cwd, 'again/config_files/config.yaml'), 'utf8')).to.equal('mine\n');
    const schema = readFileSync(join(cwd, 'again/config_files/.schema/config.schema.json'), 'utf8');
    expect(JSON.parse(schema)).to.have.property('properties');
  });

  it('in a subfolder of a repository says where its root is', async () => {
    repository('deep', { 'images/a/Dockerfile': FROM });
    const inside = join(cwd, 'deep/images/a');
    const { code, stderr } = await kfops(['init'], { cwd: inside, env });
    expect(code).to.equal(2);
    expect(stderr.replace(/\s+/g, ' '))
      .to.include('is not the root of its repository')
      .and.include('`kfops init ../..`');
    expect(existsSync(join(inside, 'config_files'))).to.equal(false);
    symlinkSync('deep', join(cwd, 'linked'));
    expect((await kfops(['init', 'linked'], { cwd, env })).code).to.equal(0);
  });
});

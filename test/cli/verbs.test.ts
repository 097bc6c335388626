import { once } from 'node:events';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';

import { expect } from 'chai';
import { parse } from 'yaml';

import { kfops } from './kfops.js';
import { temporaryFolder, write, writeProject } from './project.js';

interface WorkflowFile {
  kind: string;
  metadata: { name?: string; namespace: string };
  spec: { templates: { name: string }[] };
}

describe('kfops', () => {
  const cwd = temporaryFolder();
  before(() => {
    writeProject(cwd, ['trainer', 'server']);
  });

  describe('generate', () => {
    it('writes the Workflow and its contexts, and says what comes next', async () => {
      const args = [
        'generate',
        '-o',
        'out/workflow.yaml',
        '--contexts',
        'out/contexts',
        '-n',
        'builds',
        '--name',
        'first',
      ];
      const { code, stdout, stderr } = await kfops(args, { cwd });
      expect(code, stderr).to.equal(0);
      expect(stdout)
        .to.match(/^me\/iris at folder /)
        .and.to.include('└─ build-server')
        .and.to.include('✓ Stored 3 contexts')
        .and.to.match(/✓ Wrote out\/workflow\.yaml\n$/);
      const workflow = parse(readFileSync(join(cwd, 'out/workflow.yaml'), 'utf8')) as WorkflowFile;
      expect(workflow.kind).to.equal('Workflow');
      expect(workflow.metadata).to.include({ name: 'first', namespace: 'builds' });
      const archives = readdirSync(join(cwd, 'out/contexts/ctx'));
      // Of two images, and the code of the pipeline.
      expect(archives).to.have.length(3);
      for (const archive of archives) expect(archive).to.match(/^[0-9a-f]{64}\.tar\.gz$/);
      for (const text of [
        '--upload',
        'ServiceAccount kfops-build',
        'Secret mlpipeline-minio-artifact',
        'argo submit -n builds out/workflow.yaml',
      ]) {
        expect(stderr).to.include(text);
      }
      expect(stderr).to.include('kfops build');
    });

    it('with `-o -` writes YAML and nothing else to stdout, and says that the contexts are missing', async () => {
      write(cwd, { 'settings.yaml': 'kfp: {endpoint: "http://ml-pipeline:8888"}\n' });
      const args = ['generate', '-o', '-', '--run', '--tag', 'v1', '--settings', 'settings.yaml'];
      const { code, stdout, stderr } = await kfops(args, { cwd });
      expect(code).to.equal(0);
      const workflow = parse(stdout) as WorkflowFile;
      expect(workflow.spec.templates.map(({ name }) => name)).to.include('run-pipeline');
      expect(stdout).to.include('v1');
      expect(stderr).to.include('└─ build-server').and.to.include('The contexts were not stored');
    });

    it('knows stdout by its other names, too', async function () {
      if (process.platform !== 'linux') this.skip();
      const { code, stdout, stderr } = await kfops(['generate', '-o', '/dev/stdout'], { cwd });
      expect(code, stderr).to.equal(0);
      expect((parse(stdout) as WorkflowFile).kind).to.equal('Workflow');
      expect(stderr).to.include('└─ build-server');
    });

    it('--no-cache leaves the layer cache out, whatever an image says', async () => {
      const args = ['generate', '-o', '-', '--set', 'image_builder.images.0.cache=true'];
      expect((await kfops(args, { cwd })).stdout).to.include('--cache=true');
      expect((await kfops([...args, '--no-cache'], { cwd })).stdout).not.to.include('--cache=true');
    });

    it('takes values for the configuration, from the root or below `pipeline`', async () => {
      write(cwd, { 'override.yaml': 'image_builder: {parallelism: 3}\npipeline: {namespace: from-file}\n' });
      const args = [
        'plan',
        '--json',
        '--config-override',
        'override.yaml',
        '--set',
        'namespace=from-set',
        '--set',
        'repository.name=other',
      ];
      const { code, stdout } = await kfops(args, { cwd });
      expect(code).to.equal(0);
      const plan = JSON.parse(stdout) as Record<string, unknown>;
      expect(plan).to.deep.include({ parallelism: 3, repository: { owner: 'me', name: 'other' } });
      expect(plan.pipeline).to.include({ namespace: 'from-set' });
    });

    it('--upload without keys says what to set', async () => {
      const { code, stdout, stderr } = await kfops(['generate', '--upload'], { cwd });
      expect(code).to.equal(2);
      expect(stdout).to.equal('');
      expect(stderr).to.include('KFOPS_MINIO_ACCESS_KEY');
    });

    it('--upload to a store that refuses the keys ends with 3', async () => {
      const refusal = '<Error><Code>InvalidAccessKeyId</Code><Message>no such key</Message></Error>';
      const store = createServer((_request, response) =>
        response.writeHead(403, { 'content-type': 'application/xml' }).end(refusal),
      );
      await once(store.listen(0, '127.0.0.1'), 'listening');
      const endpoint = `127.0.0.1:${(store.address() as AddressInfo).port}`;
      const env = {
        KFOPS_MINIO_ENDPOINT: `http://${endpoint}`,
        KFOPS_MINIO_ACCESS_KEY: 'key',
        KFOPS_MINIO_SECRET_KEY: 'secret-key',
      };
      const { code, stdout, stderr } = await kfops(['generate', '--upload'], { cwd, env });
      store.close();
      expect(stderr).to.include('error: ').and.to.include(endpoint);
      expect(stderr).not.to.include('secret-key');
      expect(code).to.equal(3);
      expect(stdout).to.equal('');
    });

    it('says why a file cannot be written', async () => {
      const { code, stderr } = await kfops(['generate', '-o', 'pipeline/pipeline.py/x.yaml'], { cwd });
      expect(code).to.equal(1);
      expect(stderr).to.include('Cannot write pipeline/pipeline.py/x.yaml');
    });
  });

  it('plan shows images, destinations and steps on stdout', async () => {
    const { code, stdout, stderr } = await kfops(['plan'], { cwd });
    expect({ code, stderr }).to.deep.equal({ code: 0, stderr: '' });
    expect(stdout).to.match(
      / {2}trainer +1 file +\d+ B +key [0-9a-f]{12} +→ registry\.example\.com\/a-team-with-a-long-name\/trainer:/,
    );
  });

  it('context writes an archive that a pipe can read', async () => {
    const { code, stdout, stderr } = await kfops(['context', 'trainer', '-o', 'out/trainer.tar.gz'], { cwd });
    expect({ code, stderr }).to.deep.equal({
      code: 0,
      stderr: '  → docker build -t trainer:local - < out/trainer.tar.gz\n',
    });
    expect(stdout).to.match(/^1 file, \d+ B, key [0-9a-f]{12} in out\/trainer\.tar\.gz\n/);
    expect(gunzipSync(readFileSync(join(cwd, 'out/trainer.tar.gz'))).toString('latin1')).to.include(
      'LABEL name=trainer',
    );
  });

  it('context prints the `docker build` command for the file that it wrote, and none for a pipe or a device', async () => {
    const project = join(cwd, 'options');
    writeProject(project, ['trainer']);
    const config = join(project, 'config_files/config.yaml');
    const options =
      '      dockerfile: gpu/Dockerfile\n      build_args: {A: "it\'s b", LINES: "a\\nb"}\n      target: runtime\n';
    const text = readFileSync(config, 'utf8').replace(
      /- \{name: trainer, (.*)\}\n/,
      (_, rest: string) => `- name: trainer\n      ${rest}\n${options}`,
    );
    write(project, {
      'config_files/config.yaml': text,
      'images/trainer/gpu/Dockerfile': 'FROM scratch AS runtime\n',
    });
    const file = await kfops(['context', 'trainer', '-o', 'my context.tar.gz'], { cwd: project });
    expect(file.stderr).to.equal(
      "  → docker build -f gpu/Dockerfile --build-arg 'A=it'\\''s b' --target runtime -t trainer:local - < 'my context.tar.gz'\n" +
        "  ! Add `--build-arg LINES`: config.yaml has the value, which can't be shown here.\n",
    );
    const device = await kfops(['context', 'trainer', '-o', '/dev/null'], { cwd: project });
    expect(device).to.include({ code: 0, stderr: '' });
    const pipe = await kfops(['context', 'trainer'], { cwd: project });
    expect(pipe.stderr).not.to.include('docker build');
  });

  it('context knows the image that was meant', async () => {
    const { code, stderr } = await kfops(['context', 'trainr'], { cwd });
    expect(code).to.equal(2);
    expect(stderr).to.include('Did you mean `trainer`?');
  });

  for (const [format, start] of Object.entries({
    tree: 'publish-pipeline\n└─ compile-pipeline\n   ├─ ',
    mermaid: 'flowchart LR\n',
    dot: 'digraph kfops {\n',
  })) {
    it(`graph --format ${format}`, async () => {
      const { code, stdout, stderr } = await kfops(['graph', '--format', format], { cwd });
      expect(code).to.equal(0);
      expect(stdout.startsWith(start)).to.be.true;
      expect(stderr).to.equal('');
    });
  }

  it('reads a commit and leaves the work tree alone', async () => {
    const { execFileSync } = await import('node:child_process');
    const repository = join(cwd, 'in-git');
    writeProject(repository, ['trainer']);
    const git = (...args: string[]): string =>
      execFileSync('git', ['-c', 'user.name=t', '-c', 'user.email=t@example.com', ...args], {
        cwd: repository,
        encoding: 'utf8',
      });
    git('init', '-q');
    git('add', '.');
    git('commit', '-qm', 'first');
    const commit = git('rev-parse', 'HEAD').trim();
    write(repository, { 'images/trainer/Dockerfile': 'FROM broken\n' });
    const { code, stdout } = await kfops(['plan', '--json', '--commit', 'HEAD', repository], { cwd });
    expect(code).to.equal(0);
    const plan = JSON.parse(stdout) as { revision: object; images: { tag: string }[] };
    expect(plan.revision).to.include({ commit, dirty: false });
    expect(plan.images[0]!.tag).to.equal(commit.slice(0, 12));
    const wrong = await kfops(['plan', '--commit', '--upload-pack=x', repository], { cwd });
    expect(wrong.code).to.be.oneOf([1, 2]);
    expect(wrong.stderr).to.include('--upload-pack=x');
  });

  describe('where no folder can be made', () => {
    const calls: readonly (readonly string[])[] = [
      ['init', '/proc/kfops'],
      ['generate', '--contexts', '/proc/kfops', '-o', 'out/proc.yaml'],
      ['generate', '-o', '/proc/kfops/workflow.yaml'],
    ];
    for (const args of calls) {
      it(`${args.join(' ')} ends with an error`, async function () {
        if (process.platform !== 'linux') this.skip();
        const { code, stderr } = await kfops(args, { cwd });
        expect(code).to.equal(1);
        expect(stderr).to.match(/error: Cannot write \/proc\/kfops\/.*: its folder cannot be made\./);
      });
    }
  });

  describe('init', () => {
    it('writes files to start from, keeps what is there, and names the repository', async () => {
      const { execFileSync } = await import('node:child_process');
      const folder = join(cwd, 'fresh');
      write(folder, { 'config_files/kaniko-manifest.yaml': 'mine\n' });
      execFileSync('git', ['init', '-q'], { cwd: folder });
      execFileSync('git', ['remote', 'add', 'origin', 'git@github.com:some-team/wine_quality.git'], {
        cwd: folder,
      });
      const { code, stdout, stderr } = await kfops(['init', 'fresh'], { cwd });
      expect(code).to.equal(0);
      expect(stdout).to.equal('');
      expect(stderr).to.include('wrote fresh/config_files/config.yaml');
      expect(stderr).to.include('kept  fresh/config_files/kaniko-manifest.yaml');
      expect(stderr).to.include('kfops validate fresh');
      const config = readFileSync(join(folder, 'config_files/config.yaml'), 'utf8');
      expect(config).to.match(/^# yaml-language-server: \$schema=/);
      expect((parse(config) as { repository: object }).repository).to.deep.equal({
        owner: 'some-team',
        name: 'wine_quality',
      });
      const schema = /\$schema=(\S+)/.exec(config)![1]!;
      expect(existsSync(join(folder, 'config_files', schema))).to.be.true;
      expect(readFileSync(join(folder, 'config_files/kaniko-manifest.yaml'), 'utf8')).to.equal('mine\n');

      const forced = await kfops(['init', 'fresh', '--force'], { cwd });
      expect(forced.code).to.equal(0);
      expect(readFileSync(join(folder, 'config_files/kaniko-manifest.yaml'), 'utf8')).to.include('kind: Pod');
    });
  });
});

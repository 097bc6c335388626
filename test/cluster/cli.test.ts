import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { expect } from 'chai';

import type { WorkflowResult } from '../../generator/results/result.js';
import { kfops, type Result } from '../cli/kfops.js';
import { blockOf } from '../support/documented-blocks.js';
import { type BlockResult, runBlock } from '../support/run-block.js';
import { type DocumentedBlock, type ShownCommand, shownCommands } from '../support/shell-blocks.js';
import { missingLines } from '../support/shown-lines.js';
import { finish, imagesGiven, settingsFile, uniqueName, until } from './support/build.js';
import { documented } from './support/documented.js';
import { environment, need } from './support/environment.js';
import { BUSYBOX, folder, projectFiles, removeFolders } from './support/project.js';
import { digestOf } from './support/registry.js';

after(removeFolders);

/** What a person with the rights of deploy/ has on a laptop: a kubeconfig, and nothing set up for MinIO. */
function cli(args: readonly string[], cwd: string, more: object = {}): Promise<Result> {
  return kfops(args, {
    cwd,
    env: { KUBECONFIG: environment.kubeconfig, KFOPS_SETTINGS: 'settings.yaml' },
    ...more,
  });
}

interface Image {
  readonly name: string;
  readonly run: string;
}

async function repository(images: readonly Image[]): Promise<string> {
  const files = projectFiles({
    path: uniqueName('cli'),
    images: images.map(({ name }) => ({ name, cache: false })),
    repository: { owner: 'acme', name: 'shop-forecast' },
  });
  return folder({
    ...files,
    // Contexts and code are kept by their content: in each run of the tests it is another.
    'pipeline.py': `${files['pipeline.py'] ?? ''}# ${RUN}\n`,
    ...Object.fromEntries(images.map(({ name, run }) => [`${name}/Dockerfile`, dockerfile(run)])),
    'settings.yaml': settingsFile(),
  });
}

const RUN = uniqueName('run');

function dockerfile(run: string): string {
  return `FROM ${BUSYBOX}\nLABEL run=${RUN}\nRUN ${run}\n`;
}

async function statusOf(name: string, cwd: string): Promise<WorkflowResult> {
  const { code, stdout, stderr } = await cli(['status', name, '--json'], cwd);
  expect(code, stderr).to.equal(0);
  return JSON.parse(stdout) as WorkflowResult;
}

/** Runs the command of a block with this workflow; what of the shown lines is missing. */
async function asShown(
  block: DocumentedBlock,
  workflow: string,
  cwd: string,
): Promise<BlockResult & { readonly missing: readonly string[] }> {
  const [{ command, shown }] = shownCommands(block) as [ShownCommand];
  const documented = /kfops-shop-forecast-\w+/.exec(command)![0];
  const result = await runBlock(command, {
    cwd,
    env: { KUBECONFIG: environment.kubeconfig, KFOPS_SETTINGS: 'settings.yaml' },
    values: [[documented, workflow]],
  });
  const registry = /container_registry_uri: (.*)/.exec(
    await readFile(join(cwd, 'config_files/config.yaml'), 'utf8'),
  )![1]!;
  const values = [
    ['10.99.0.1:5000/acme', registry],
    ['https://argo.example.com', 'https://argo.example'],
  ] as const;
  return { ...result, missing: missingLines(shown, result.output, values) };
}

describe('the command with a cluster', () => {
  it('doctor finds nothing wrong', async () => {
    const cwd = await repository([{ name: 'one', run: 'true' }]);
    const { code, stdout } = await cli(['doctor'], cwd);
    expect(code, stdout).to.equal(0);
    expect(stdout).to.include('✓ Object store').and.to.include('through the Kubernetes API');
    expect(stdout).to.include('✓ Argo Workflows').and.to.include(`✓ Registry ${environment.registry}`);
  });

  it('build --wait, status, logs, retry: one image fails, and only it is built again', async () => {
    const cwd = await repository([
      { name: 'api', run: 'echo built well' },
      { name: 'worker', run: 'echo worker tries; test -e /srv/not-there' },
    ]);
    const built = await cli(['build', '--wait'], cwd);
    expect(built.code, built.stderr).to.equal(1);
    const name = built.stdout.trim();
    // Uploaded by a port that was forwarded: nothing names MinIO's address or keys.
    expect(built.stderr).to.include('Stored 3 contexts').and.to.include('minio-service.kubeflow');
    expect(built.stderr).to.include(`https://argo.example/workflows/kfops/${name}`);
    expect(built.stderr).to.include('✓ api succeeded').and.to.include('✗ worker failed');
    expect(built.stderr).to.include('│ worker tries');

    const status = await statusOf(name, cwd);
    expect(status.phase).to.equal('failed');
    const [api, worker] = status.images;
    expect(api!.digest).to.equal(await digestOf(api!.repository, api!.digest!));
    expect(worker!.failure).to.include({ kind: 'dockerfile_step' });
    const shown = await asShown(blockOf('docs/cluster.md', '$ kfops status '), name, cwd);
    expect(shown.missing, shown.output).to.deep.equal([]);
    expect((await cli(['status', '--all'], cwd)).stdout).to.include(name);
    expect((await cli(['logs', name, 'api'], cwd)).stdout).to.match(/^built well$/m);

    const again = await asShown(
      blockOf('docs/cluster.md', '$ kfops retry kfops-shop-forecast-5vgbm'),
      name,
      cwd,
    );
    expect(again.code, again.output).to.equal(1);
    expect(again.missing, again.output).to.deep.equal([]);
    const retried = await statusOf(again.stdout.trim(), cwd);
    expect(retried.images.map(({ attempts }) => attempts)).to.deep.equal([0, 1]);
    expect(retried.images[0]!.digest).to.equal(api!.digest);

    await writeFile(join(cwd, 'worker/Dockerfile'), dockerfile('echo mended'));
    const mended = await cli(['build', '--wait', '--tag', 'v2'], cwd);
    expect(mended.code, mended.stderr).to.equal(0);
    // The pipeline stands in the root folder: its code is all that is below, and so another, too.
    expect(mended.stderr).to.include('1 there already');
    const final = await statusOf(mended.stdout.trim(), cwd);
    for (const { repository, digest } of final.images)
      expect(await digestOf(repository, 'v2')).to.equal(digest);
    const compiled = await cli(['logs', mended.stdout.trim(), 'compile'], cwd);
    expect(imagesGiven(compiled.stdout)).to.have.keys('api', 'worker');
  });

  it('Ctrl-C leaves a build running; cancel stops it; retry goes on with what was not built', async () => {
    const cwd = await repository([{ name: 'slow', run: 'sleep 600' }]);
    const submitted = await cli(['build'], cwd);
    const name = submitted.stdout.trim();
    await until(name, ({ images }) => images[0]?.state === 'running');

    const left = await cli(['watch', name], cwd, {
      during: (child: { stderr: NodeJS.ReadableStream; kill: (signal: string) => void }) => {
        child.stderr.on('data', (text: string) => {
          if (text.includes('slow running')) child.kill('SIGINT');
        });
      },
    });
    expect(left.code).to.equal(130);
    expect(left.stderr).to.include(`kfops cancel -n kfops ${name}`);
    expect((await statusOf(name, cwd)).phase).to.equal('running');
    expect((await cli(['retry', name], cwd)).stderr).to.include('still runs');

    const cancelled = await cli(['cancel', name], cwd);
    expect(cancelled.code, cancelled.stderr).to.equal(0);
    const { phase, images } = await statusOf(name, cwd);
    expect({ phase, state: images[0]!.state }).to.deep.equal({ phase: 'stopped', state: 'stopped' });
    expect((await cli(['watch', name], cwd)).code).to.equal(1);

    const again = await cli(['retry', name], cwd);
    expect(again.stderr).to.include('Builds again: slow');
    expect((await cli(['cancel', again.stdout.trim()], cwd)).code).to.equal(0);
    expect((await finish(again.stdout.trim())).result.phase).to.equal('stopped');
  });

  it('generate --upload through a forwarded port, and gc, as docs/minio.md says', async function () {
    need(this, environment.kubectl, 'kubectl (KFOPS_TEST_KUBECTL)');
    const cwd = await repository([{ name: 'one', run: 'true' }]);
    const call = { cwd, env: { KUBECONFIG: environment.kubeconfig, KFOPS_SETTINGS: 'settings.yaml' } };
    const { output } = await documented('docs/minio.md', 'kubectl port-forward ', call);
    expect(output).to.include('Stored 2 contexts').and.to.include('localhost:9000');
    const found = await documented('docs/minio.md', 'kfops gc ', call);
    expect(found.output).to.include(
      'Bucket http://minio-service.kubeflow.svc.cluster.local:9000/image-build-artifacts; workflows of kfops',
    );
  });

  it('logs --follow reads a build to its end', async () => {
    const cwd = await repository([{ name: 'talk', run: 'for i in 1 2 3; do echo line $i; sleep 1; done' }]);
    const name = (await cli(['build'], cwd)).stdout.trim();
    const { code, stdout } = await cli(['logs', name, '--follow'], cwd);
    expect(code).to.equal(0);
    for (const line of ['talk | line 1', 'talk | line 3']) expect(stdout.split('\n')).to.include(line);
    expect(stdout).to.match(/^compile \| images: \{"talk":/m);
  });
});

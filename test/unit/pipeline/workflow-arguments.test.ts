import { spawnSync } from 'node:child_process';
import { createWriteStream, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { fileURLToPath } from 'node:url';

import { expect } from 'chai';

import { compile, type Compilation } from '../../../generator/compile.js';
import { packContext } from '../../../generator/contexts/pack.js';
import type { PublishOutput, RunOutput } from '../../../generator/results/step-outputs.js';
import { fillCheckedOutputs } from '../../../generator/workflow/step-output.js';
import type { ContainerTemplate, DagTemplate } from '../../../generator/workflow/types.js';
import { publishStep } from '../../../pipeline/publish-step.js';
import { runStep } from '../../../pipeline/run-step.js';
import { defaultSettings } from '../../../schema/index.js';
import { folderSource } from '../../../sources/folder.js';
import { KfpServer } from '../../fixtures/kfp-server.js';
import { pythonOrSkip } from '../../fixtures/python.js';

const EXAMPLE = fileURLToPath(new URL('../../../examples/sklearn-iris', import.meta.url));
const SCRIPT = fileURLToPath(new URL('../../../pipeline/compiler/compile_pipeline.py', import.meta.url));
const DIGEST = `sha256:${'1'.repeat(64)}`;

/** The steps with the very arguments that the workflow gives them; only folders and addresses are others. */
describe('the last steps take what the workflow gives them', () => {
  const folder = mkdtempSync(join(tmpdir(), 'kfops-wiring-'));
  const here = (argument: string): string =>
    argument
      .replaceAll('/kfops/', `${folder}/`)
      .replace('/var/run/secrets/kubeflow/pipelines', folder)
      .replace('http://ml-pipeline:8888', server.endpoint)
      .replace('{{workflow.name}}', 'kfops-iris-x7k2p');
  const argumentsOf = (name: string): string[] => leaf(name).container.args.map(here);
  const leaf = (name: string): ContainerTemplate =>
    made.workflow.spec.templates.find((template) => template.name === name) as ContainerTemplate;
  const io = { log: () => undefined, interval: 0 };
  const result = (): unknown => JSON.parse(readFileSync(join(folder, 'out/result.json'), 'utf8'));
  let server: KfpServer;
  let made: Compilation;

  before(async () => {
    server = await KfpServer.start();
    server.token = 'a token';
    const settings = { ...defaultSettings(), kfp: { endpoint: 'http://ml-pipeline:8888', audience: 'a' } };
    const source = await folderSource(EXAMPLE);
    const nightly = '{name: nightly, cron: "0 3 * * *", arguments: {test_share: 0.5}}';
    made = await compile(source, {
      settings,
      run: true,
      tag: 'v1',
      version: 'pr-1-abc',
      applySchedules: true,
      overrides: [{ kind: 'set', text: `pipeline.schedules=[${nightly}]` }],
    });
    const { dag } = made.workflow.spec.templates[0] as DagTemplate;
    const images = dag.tasks
      .find(({ name }) => name === 'publish-pipeline')!
      .arguments!.artifacts!.find(({ name }) => name === 'images')!;
    mkdirSync(join(folder, 'out'));
    writeFileSync(join(folder, 'token'), 'a token');
    writeFileSync(
      join(folder, 'images.json'),
      fillCheckedOutputs('raw' in images ? images.raw.data : '', () => DIGEST),
    );
    for (const [step, name] of [
      ['run-pipeline', 'arguments'],
      ['publish-pipeline', 'schedules'],
    ] as const) {
      const artifact = leaf(step).inputs?.artifacts?.find((each) => each.name === name);
      if (artifact && 'raw' in artifact) writeFileSync(here(artifact.path), artifact.raw.data);
    }
    await pipeline(
      packContext(source, made.plan.pipeline.source),
      createWriteStream(join(folder, 'source.tar.gz')),
    );
  });
  after(async () => {
    await server.stop();
    rmSync(folder, { recursive: true });
  });

  it('compile, publish, run', async function () {
    this.timeout(120_000);
    const python = pythonOrSkip(this);
    const compiled = spawnSync(python, [SCRIPT, ...argumentsOf('compile-pipeline')], { encoding: 'utf8' });
    expect(compiled.stderr + String(compiled.error ?? '')).to.equal('');
    expect(compiled.status).to.equal(0);
    writeFileSync(join(folder, 'compiled.yaml'), readFileSync(join(folder, 'out/compiled.yaml')));

    await publishStep(argumentsOf('publish-pipeline'), io);
    const published = result() as PublishOutput;
    expect(published.images.pinned.map(({ reference }) => reference)).to.include(
      `registry.example.com/data-science/iris_train@${DIGEST}`,
    );
    expect(published).to.include({ version: 'pr-1-abc' });
    expect(published.schedules?.created).to.deep.equal(['nightly']);
    const [schedule] = server.schedules.objects.values();
    expect(schedule).to.deep.include({ runtime_config: { parameters: { test_share: 0.5 } } });
    expect(schedule?.trigger).to.deep.equal({ cron_schedule: { cron: '0 0 3 * * *' } });

    const given = { 'pipeline-id': published.pipeline_id ?? '', 'version-id': published.version_id ?? '' };
    const args = argumentsOf('run-pipeline').map((argument) =>
      argument.replace(/\{\{inputs\.parameters\.([\w-]+)\}\}/, (_, name: keyof typeof given) => given[name]),
    );
    await runStep(args, io);
    const run = result() as RunOutput;
    expect(run).to.include({ state: 'SUCCEEDED', version: 'pr-1-abc', version_id: published.version_id });
    expect(server.runs.get(run.run_id)?.name).to.equal('pr-1-abc kfops-iris-x7k2p');
    expect(server.problems).to.deep.equal([]);
  });
});

import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { expect } from 'chai';

import type { PublishOutput, RunOutput } from '../../../generator/results/step-outputs.js';
import { publishStep } from '../../../pipeline/publish-step.js';
import { runStep } from '../../../pipeline/run-step.js';
import { summarise } from '../../../pipeline/summary.js';
import { WorkError } from '../../../schema/errors.js';
import { KfpServer } from '../../fixtures/kfp-server.js';
import { failure } from './failure.js';
import { isCall } from './flowers.js';

const FLOWERS = fileURLToPath(new URL('../../fixtures/pipelines/flowers.yaml', import.meta.url));
const MAIN = fileURLToPath(new URL('../../../pipeline/main.ts', import.meta.url));
const TEAM = 'registry.example.com:5000/team';
const TRAINER = `${TEAM}/trainer@sha256:${'1'.repeat(64)}`;

describe('the steps of a workflow', () => {
  const folder = mkdtempSync(join(tmpdir(), 'kfops-steps-'));
  const file = (name: string, content?: string): string => {
    const path = join(folder, name);
    if (content !== undefined) writeFileSync(path, content);
    return path;
  };
  const output = file('out');
  const result = (): unknown => JSON.parse(readFileSync(join(output, 'result.json'), 'utf8'));
  const lines: string[] = [];
  const io = { log: (line: string) => lines.push(line), interval: 0 };
  let server: KfpServer;
  let kfp: string[];

  beforeEach(async () => {
    lines.length = 0;
    server = await KfpServer.start();
    server.token = 'the-token';
    kfp = [`--endpoint=${server.endpoint}`, `--token-file=${file('token', 'the-token')}`, '--namespace=ds'];
  });
  afterEach(async () => {
    await server.stop();
    expect(server.problems).to.deep.equal([]);
  });
  after(() => {
    rmSync(folder, { recursive: true });
  });

  const publishArguments = (): string[] => [
    `--compiled=${FLOWERS}`,
    `--images=${file('images.json', JSON.stringify({ trainer: TRAINER }))}`,
    `--expect=trainer=${TEAM}/trainer`,
    `--output=${output}`,
    '--name=Flowers',
    '--version=pr-1-abc',
  ];
  const runArguments = (published: PublishOutput): string[] => [
    ...kfp,
    `--output=${output}`,
    '--experiment=Garden',
    '--name=--not-an-option',
    `--pipeline-id=${published.pipeline_id ?? ''}`,
    `--version-id=${published.version_id ?? ''}`,
    `--arguments=${file('arguments.json', '{"rows": 7, "nope": 1}')}`,
  ];

  it('publish pins without Kubeflow Pipelines', async () => {
    await publishStep(publishArguments(), io);
    expect(readFileSync(join(output, 'pipeline.yaml'), 'utf8')).to.include(`image: ${TRAINER}\n`);
    const { images, ...rest } = result() as PublishOutput;
    expect(rest).to.deep.equal({ version: 'pr-1-abc', warnings: [] });
    expect(images.pinned).to.deep.equal([{ name: 'trainer', reference: TRAINER, steps: 1 }]);
    expect(lines).to.deep.equal([`pinned exec-train: ${TRAINER}`]);
    expect(server.calls).to.deep.equal([]);
  });

  it('publish, then run, to its end', async () => {
    await publishStep([...publishArguments(), ...kfp], io);
    const published = result() as PublishOutput;
    expect([...server.versions.values()][0]?.compiled).to.include(`image: ${TRAINER}\n`);
    await runStep(runArguments(published), io);
    const run = result() as RunOutput;
    expect(run).to.deep.include({ state: 'SUCCEEDED', ignored: ['nope'], version: 'pr-1-abc' });
    expect(readFileSync(join(output, 'version_id'), 'utf8')).to.equal(published.version_id);
    expect(readFileSync(join(output, 'pipeline_id'), 'utf8')).to.equal(published.pipeline_id);
    expect(server.runs.get(run.run_id)?.name).to.equal('--not-an-option');
    expect(lines.slice(-3)).to.deep.equal(['PENDING', 'RUNNING', 'SUCCEEDED']);
    expect(JSON.stringify(lines)).not.to.include('the-token');
  });

  it('a run that fails is written down, and fails the step', async () => {
    await publishStep([...publishArguments(), ...kfp], io);
    server.states = ['FAILED'];
    const error = await failure(runStep(runArguments(result() as PublishOutput), io), WorkError);
    expect(error.message).to.equal('the run ended with FAILED: in the step train');
    expect(result()).to.deep.include({ state: 'FAILED', message: 'in the step train' });
  });

  it('publishes what it built, where the version has the images of an earlier build', async () => {
    await publishStep([...publishArguments(), ...kfp], io);
    const first = result() as PublishOutput;
    await publishStep([...publishArguments(), ...kfp], io);
    expect(result()).to.deep.equal(first);

    const images = file('newer.json', JSON.stringify({ trainer: TRAINER.replace(/1{64}/, '2'.repeat(64)) }));
    const newer = publishArguments().map((each) =>
      each.startsWith('--images=') ? `--images=${images}` : each,
    );
    await publishStep([...newer, ...kfp], io);
    const second = result() as PublishOutput;
    expect(second.version).to.match(/^pr-1-abc-[0-9a-f]{6}$/);
    expect(second.warnings).to.deep.equal([
      `The version pr-1-abc has the images of an earlier build; this build is the version ${second.version}.`,
    ]);
    // What is reported as pinned is what a run of it has.
    const [{ reference } = { reference: '' }] = second.images.pinned;
    expect(server.versions.get(second.version_id ?? '')?.compiled).to.include(`image: ${reference}\n`);
    await publishStep([...newer, ...kfp], io);
    expect(result()).to.deep.equal(second);

    await runStep(runArguments(second), io);
    expect(result()).to.deep.include({ version: second.version, version_id: second.version_id });
    const newest = runArguments(second).filter((each) => !/^--(?:pipeline|version)-id=/.test(each));
    await runStep([...newest, '--pipeline=Flowers', '--newest-of=pr-1-abc'], io);
    expect(result()).to.deep.include({ version: second.version, version_id: second.version_id });
    await runStep([...newest, '--pipeline=Flowers', '--version=pr-1-abc'], io);
    expect(result()).to.deep.include({ version: 'pr-1-abc', version_id: first.version_id });
  });

  it('runs a version that is known by its name', async () => {
    await publishStep([...publishArguments(), ...kfp], io);
    const published = result() as PublishOutput;
    const named = [
      ...runArguments(published).filter((argument) => !/^--(?:pipeline|version)-id=/.test(argument)),
      '--pipeline=Flowers',
    ];
    await runStep([...named, '--version=pr-1-abc'], io);
    expect(result()).to.deep.include({ state: 'SUCCEEDED', version_id: published.version_id });

    const unknown = await failure(runStep([...named, '--version=pr-2-abc'], io), WorkError);
    expect(unknown.message).to.equal('the pipeline has no version pr-2-abc');
    const noId = await failure(runStep([...named, '--version-id=nope'], io), WorkError);
    expect(noId.message).to.equal('the pipeline has no version with the id nope');
    const other = [...named, '--version=x'].map((each) => each.replace('=Flowers', '=Trees'));
    const none = await failure(runStep(other, io), WorkError);
    expect(none.message).to.equal('Kubeflow Pipelines has no pipeline trees in the namespace ds');
    expect(none.nextStep).to.include('kfops build');
  });

  it('stops the run when it is stopped, and begins anew after that', async () => {
    await publishStep([...publishArguments(), ...kfp], io);
    const published = result() as PublishOutput;
    server.states = ['RUNNING'];
    const stop = new AbortController();
    const stopping = {
      ...io,
      signal: stop.signal,
      log: (line: string) => {
        if (line === 'RUNNING') stop.abort();
      },
    };
    await runStep(runArguments(published), stopping).then(
      () => expect.fail('it was stopped'),
      () => undefined,
    );
    const first = result() as RunOutput;
    expect(first.state).to.equal('CANCELING');
    expect(server.seen('POST', `/runs/${first.run_id}:terminate`)).to.have.length(1);

    server.states = ['SUCCEEDED'];
    await runStep(runArguments(published), io);
    expect((result() as RunOutput).run_id).to.not.equal(first.run_id);
  });

  describe('a run that failed', () => {
    let published: PublishOutput;
    let failed: RunOutput;
    const retry = (...more: string[]): Promise<void> =>
      runStep([...runArguments(published), `--retry-run=${failed.run_id}`, ...more], io);
    const retries = (): number => server.seen('POST', `/runs/${failed.run_id}:retry`).length;

    beforeEach(async () => {
      await publishStep([...publishArguments(), ...kfp], io);
      published = result() as PublishOutput;
      server.states = ['RUNNING', 'FAILED'];
      await failure(runStep(runArguments(published), io), WorkError);
      failed = result() as RunOutput;
      server.states = ['SUCCEEDED'];
      lines.length = 0;
    });

    it('continues to its end', async () => {
      await retry();
      expect(result()).to.deep.include({
        run_id: failed.run_id,
        experiment_id: failed.experiment_id,
        state: 'SUCCEEDED',
        continued: true,
      });
      expect(retries()).to.equal(1);
      expect(server.runs.size).to.equal(1);
      expect(lines[0]).to.equal(`run ${failed.run_id} of version pr-1-abc continues`);
    });

    it('continues as often as it fails', async () => {
      server.retriedStates = ['RUNNING', 'FAILED'];
      await failure(retry(), WorkError);
      expect(result()).to.deep.include({ state: 'FAILED', continued: true });
      server.retriedStates = ['RUNNING', 'SUCCEEDED'];
      await retry();
      expect(result()).to.deep.include({ run_id: failed.run_id, state: 'SUCCEEDED' });
      expect(retries()).to.equal(2);
    });

    it('is followed, not continued again, if the step itself starts again', async () => {
      const run = server.runs.get(failed.run_id)!;
      run.states.splice(0, run.states.length, 'RUNNING', 'SUCCEEDED');
      await retry();
      expect(retries()).to.equal(0);
      expect(result()).to.deep.include({ run_id: failed.run_id, state: 'SUCCEEDED', continued: true });
    });

    it('is taken for running while the server still tells of its first end', async () => {
      const stale = JSON.stringify(server.runs.get(failed.run_id)!.object);
      const isRead = isCall('GET', `/runs/${failed.run_id}`);
      server.misbehave(
        { status: 200, body: stale },
        { times: 3, when: (call) => isRead(call) && retries() > 0 },
      );
      await retry();
      expect(result()).to.deep.include({ state: 'SUCCEEDED' });
    });

    it('continues once if the answer is lost', async () => {
      server.misbehave({ cut: 'after' }, { when: isCall('POST', `/runs/${failed.run_id}:retry`) });
      await retry();
      expect(result()).to.deep.include({ run_id: failed.run_id, continued: true });
      expect(retries()).to.equal(1);
    });

    it('continues at the second attempt if the server is busy', async () => {
      server.misbehave({ status: 503 }, { when: isCall('POST', `/runs/${failed.run_id}:retry`) });
      await retry();
      expect(result()).to.deep.include({ run_id: failed.run_id, continued: true });
    });

    const gone: [what: string, change: () => void, why: string][] = [
      ['is gone', () => server.runs.delete(failed.run_id), 'it no longer exists'],
      [
        'is archived',
        () => Object.assign(server.runs.get(failed.run_id)!.object, { storage_state: 'ARCHIVED' }),
        'it is archived',
      ],
      [
        'was stopped',
        () => {
          const run = server.runs.get(failed.run_id)!;
          (run.object.state_history as object[]).push({ state: 'CANCELING' }, { state: 'FAILED' });
        },
        'it was stopped',
      ],
      [
        'is of another version',
        () =>
          Object.assign(server.runs.get(failed.run_id)!.object, {
            pipeline_version_reference: { pipeline_id: 'p', pipeline_version_id: 'other' },
          }),
        'it is a run of another version',
      ],
      [
        'cannot be read',
        () => {
          server.misbehave(
            { status: 200, body: JSON.stringify({ run_id: failed.run_id, error: { message: 'corrupt' } }) },
            { when: isCall('GET', `/runs/${failed.run_id}`) },
          );
        },
        'the API server cannot read it: corrupt',
      ],
      [
        'is refused by the server',
        () => {
          server.misbehave(
            { status: 400, body: '{"message":"Workflow must be Failed/Error to retry"}' },
            { when: isCall('POST', `/runs/${failed.run_id}:retry`) },
          );
        },
        'it refuses with 400: Workflow must be Failed/Error to retry',
      ],
      [
        'has a workflow that Argo keeps elsewhere',
        () => {
          server.misbehave(
            { status: 500, body: '{"message":"Cannot retry workflow with offloaded node status"}' },
            { when: isCall('POST', `/runs/${failed.run_id}:retry`), times: 9 },
          );
        },
        'it refuses with 500: Cannot retry workflow with offloaded node status',
      ],
    ];
    for (const [what, change, why] of gone)
      it(`gives way to a new run if it ${what}`, async () => {
        change();
        const name = '--name=the next workflow';
        await runStep(
          [
            ...runArguments(published).filter((each) => !each.startsWith('--name=')),
            name,
            `--retry-run=${failed.run_id}`,
          ],
          io,
        );
        const now = result() as RunOutput;
        expect(now.run_id).to.not.equal(failed.run_id);
        expect(now)
          .to.deep.include({ state: 'SUCCEEDED', not_continued: why })
          .and.not.to.have.property('continued');
        expect(lines).to.include(`warning: the failed run can't continue: ${why}; a new one starts`);
      });

    it('is left alone if no retry names it', async () => {
      await failure(retry('--retry-run='), WorkError);
      expect(retries()).to.equal(0);
    });
  });

  it('leaves no text that Argo would take for a template', async () => {
    const compiled = readFileSync(FLOWERS, 'utf8').replaceAll('exec-typo', "'{{workflow.name}}'");
    const argv = publishArguments().map((each) =>
      each.startsWith('--compiled=') ? `--compiled=${file('evil.yaml', compiled)}` : each,
    );
    await publishStep(argv, io);
    expect(readFileSync(join(output, 'result.json'), 'utf8')).to.not.include('{{');
    expect((result() as PublishOutput).images.suspicious.map(({ executor }) => executor)).to.include(
      '{{workflow.name}}',
    );
  });

  it('publishes no pipeline whose image has a placeholder that nothing fills in', async () => {
    const compiled = readFileSync(FLOWERS, 'utf8').replace(`${TEAM}/trainer-gpu`, 'me/x:{{workflow.name}}');
    const argv = publishArguments().map((each) =>
      each.startsWith('--compiled=') ? `--compiled=${file('unfilled.yaml', compiled)}` : each,
    );
    const error = await failure(publishStep([...argv, ...kfp], io), WorkError);
    expect(error.message).to.include('`exec-train-gpu` has `me/x:{{workflow.name}}`');
    expect(server.calls).to.deep.equal([]);
  });

  const wrong: Record<string, (argument: string) => string> = {
    'an option that is not known': (arg) => arg.replace('--name=', '--nmae='),
    'a digest that was forged': (arg) =>
      arg.startsWith('--images=')
        ? `--images=${file('forged.json', JSON.stringify({ trainer: `evil.example/x@sha256:${'1'.repeat(64)}` }))}`
        : arg,
    'a file that is not there': (arg) => arg.replace(FLOWERS, file('none')),
    'an image without its repository': (arg) => arg.replace(/^--expect=.*/, '--expect=trainer='),
    'no output': (arg) => (arg.startsWith('--output=') ? '--output=' : arg),
  };
  for (const [what, change] of Object.entries(wrong)) {
    it(`refuses ${what}`, async () => {
      await failure(publishStep([...publishArguments().map(change), ...kfp], io), WorkError);
      expect(server.calls).to.deep.equal([]);
    });
  }

  it('as a process, tells what will fail again from what may pass', async function () {
    this.timeout(60_000);
    const run = (args: readonly string[]): Promise<{ code: number | null; stderr: string }> =>
      ended(
        spawn(process.execPath, ['--import=tsx', MAIN, ...args], { stdio: ['ignore', 'ignore', 'pipe'] }),
      );
    expect(await run(['publish', ...publishArguments(), ...kfp])).to.deep.equal({ code: 0, stderr: '' });
    const unknown = await run(['toString']);
    expect(unknown).to.deep.equal({
      code: 1,
      stderr: 'error: there is no step toString; there are: tag, publish, run\n',
    });
    server.misbehave({ status: 403, body: '{"code":7,"message":"no rights"}' });
    const refused = await run(['run', ...runArguments(result() as PublishOutput)]);
    expect(refused.code).to.equal(3);
    expect(refused.stderr).to.include('refuses with 403: no rights\n  → Bind the ClusterRole');
  });
});

describe('summarise', () => {
  it('says once what many steps share, and cuts long lists', () => {
    const step = (i: number) => ({ executor: `exec-${i}`, image: 'x'.repeat(1000) });
    const steps = Array.from({ length: 100 }, (_, i) => step(i));
    const summary = summarise({
      pinned: steps.map((each) => ({ ...each, name: 'trainer', reference: TRAINER })),
      already: [{ ...step(0), name: 'trainer', reference: TRAINER }],
      other: steps.map((each, i) => ({ ...each, suspicious: i > 0 })),
      dynamic: steps,
      unused: ['server'],
    });
    expect(summary.pinned).to.deep.equal([{ name: 'trainer', reference: TRAINER, steps: 101 }]);
    expect([summary.suspicious.length, summary.dynamic.length, summary.others]).to.deep.equal([40, 40, 1]);
    expect(summary.omitted).to.equal(59 + 60);
    expect(JSON.stringify(summary).length).to.be.lessThan(20_000);
  });
});

async function ended(child: ChildProcess): Promise<{ code: number | null; stderr: string }> {
  let stderr = '';
  child.stderr?.setEncoding('utf8').on('data', (text: string) => (stderr += text));
  return new Promise((resolve) => {
    child.on('close', (code) => {
      resolve({ code, stderr });
    });
  });
}

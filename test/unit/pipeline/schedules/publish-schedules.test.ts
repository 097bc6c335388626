import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { expect } from 'chai';

import type { ScheduleEntry } from '../../../../generator/plan/plan-types.js';
import type { PublishOutput } from '../../../../generator/results/step-outputs.js';
import { kfpClient, KfpRefusal } from '../../../../pipeline/kfp.js';
import { publishStep } from '../../../../pipeline/publish-step.js';
import { applySchedules } from '../../../../pipeline/schedules/apply-schedules.js';
import { WorkError } from '../../../../schema/errors.js';
import { KfpServer } from '../../../fixtures/kfp-server.js';
import { failure } from '../failure.js';
import { isCall } from '../flowers.js';

const FLOWERS = fileURLToPath(new URL('../../../fixtures/pipelines/flowers.yaml', import.meta.url));
const TRAINER = `registry.example.com/trainer@sha256:${'1'.repeat(64)}`;
const NIGHTLY: ScheduleEntry = {
  name: 'nightly',
  cron: '0 0 3 * * MON',
  enabled: true,
  arguments: { rows: 7, image: 3.1, nope: 1 },
  texts: { image: '3.10' },
  set: ['rows'],
};

describe('the publish step with schedules', () => {
  let folder: string;
  let server: KfpServer;
  const lines: string[] = [];
  const io = { log: (line: string) => lines.push(line) };
  const file = (name: string): string => join(folder, name);
  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), 'kfops-schedules-'));
    writeFileSync(file('images.json'), JSON.stringify({ trainer: TRAINER }));
    lines.length = 0;
    server = await KfpServer.start();
  });
  afterEach(async () => {
    await server.stop();
    rmSync(folder, { recursive: true });
    expect(server.problems).to.deep.equal([]);
  });

  const publish = async (
    entries: readonly unknown[],
    { version = 'main-1', repository = 'acme/flowers', kfp = true } = {},
  ): Promise<PublishOutput> => {
    writeFileSync(file('schedules.json'), JSON.stringify({ schedules: entries }));
    await publishStep(
      [
        `--compiled=${FLOWERS}`,
        `--images=${file('images.json')}`,
        '--expect=trainer=registry.example.com/trainer',
        `--output=${file('out')}`,
        '--name=Flowers',
        `--version=${version}`,
        ...(kfp ? [`--endpoint=${server.endpoint}`, '--namespace=ds'] : []),
        `--schedules=${file('schedules.json')}`,
        `--repository=${repository}`,
        '--experiment=Garden',
      ],
      io,
    );
    return result();
  };
  const result = (): PublishOutput =>
    JSON.parse(readFileSync(file('out/result.json'), 'utf8')) as PublishOutput;
  const there = (): { name: unknown; version: unknown }[] =>
    [...server.schedules.objects.values()].map(({ display_name: name, pipeline_version_reference: of }) => ({
      name,
      version: (of as Record<string, unknown>).pipeline_version_id,
    }));

  it('creates them for the version just published, with the arguments of a run', async () => {
    const { version_id: version, schedules } = await publish([NIGHTLY]);
    expect(schedules).to.deep.equal({ created: ['nightly'], replaced: [], kept: [], removed: [] });
    const [object] = server.schedules.objects.values();
    const [experiment] = server.experiments.values();
    expect(object).to.deep.include({
      display_name: 'nightly',
      runtime_config: { parameters: { image: '3.10', rows: 7, version_id: 'main-1' } },
      experiment_id: experiment?.object.experiment_id,
      trigger: { cron_schedule: { cron: '0 0 3 * * MON' } },
    });
    expect(object).not.to.have.property('service_account');
    expect(experiment?.name).to.equal('Garden');
    expect(there()).to.deep.equal([{ name: 'nightly', version }]);
    expect(lines).to.include('schedules: created `nightly`');
  });

  it('replaces them for a new version, and removes what the file no longer has', async () => {
    const weekly = { ...NIGHTLY, name: 'weekly' };
    await publish([NIGHTLY, weekly]);
    const { version_id: version, schedules } = await publish([NIGHTLY], { version: 'main-2' });
    expect(schedules).to.deep.equal({ created: [], replaced: ['nightly'], kept: [], removed: ['weekly'] });
    expect(there()).to.deep.equal([{ name: 'nightly', version }]);
    const last = await publish([], { version: 'main-3' });
    expect(last.schedules?.removed).to.deep.equal(['nightly']);
    expect(there()).to.deep.equal([]);
  });

  it('does nothing at a second attempt, and ends what a first one left', async () => {
    await publish([NIGHTLY]);
    server.misbehave({ status: 403 }, { when: ({ method }) => method === 'DELETE' });
    await failure(publish([NIGHTLY], { version: 'main-2' }), KfpRefusal);
    expect(there()).to.have.length(2);
    // What was published is known, also where the schedules failed.
    expect(result()).to.include.keys('version_id').and.not.to.have.property('schedules');
    const again = await publish([NIGHTLY], { version: 'main-2' });
    expect(again.schedules).to.deep.include({ created: [], kept: ['nightly'] });
    expect(there()).to.deep.equal([{ name: 'nightly', version: again.version_id }]);
    const calls = server.calls.length;
    await publish([NIGHTLY], { version: 'main-2' });
    expect(server.calls.slice(calls).filter(({ path }) => path.startsWith('/recurringruns'))).to.have.length(
      1,
    );
  });

  it('names the schedule whose arguments the pipeline does not take, and changes nothing', async () => {
    await publish([NIGHTLY]);
    const wrong = { ...NIGHTLY, name: 'wrong', arguments: { rows: 'many' } };
    const error = await failure(publish([wrong], { version: 'main-2' }), WorkError);
    expect(error.message).to.include("the schedule wrong can't run: ").and.to.include('`rows`');
    expect(error.nextStep).to.equal('Correct its `arguments`, or `pipeline.pipeline_args`.');
    const undeclared = { ...NIGHTLY, set: ['nope'] };
    expect((await failure(publish([undeclared]), WorkError)).message).to.include('no parameter `nope`');
    expect(there()).to.have.length(1);
  });

  it('threat 91: touches no schedule of another repository or of a person, whatever its name', async () => {
    await publish([NIGHTLY], { repository: 'acme/other' });
    const [other] = server.schedules.objects.values();
    server.schedules.objects.set('person', { ...other, recurring_run_id: 'person', description: 'Nightly.' });
    const { schedules } = await publish([NIGHTLY], { version: 'main-2' });
    expect(schedules?.created).to.deep.equal(['nightly']);
    await publish([], { version: 'main-3' });
    expect([...server.schedules.objects.keys()]).to.deep.equal([other?.recurring_run_id, 'person']);
  });

  it('goes on without schedules if the account may not list them', async () => {
    server.misbehave({ status: 403 }, { when: isCall('GET', '/recurringruns'), times: 2 });
    expect(await publish([])).not.to.have.property('schedules');
    expect((await failure(publish([NIGHTLY]), KfpRefusal)).status).to.equal(403);
  });

  it('applies none without Kubeflow Pipelines', async () => {
    expect(await publish([NIGHTLY], { kfp: false })).not.to.have.property('schedules');
    expect(server.calls).to.deep.equal([]);
  });

  it('threat 92: refuses a schedule that would run every few seconds', async () => {
    for (const cron of ['*/5 * * * *', '* * * * * *', '@every 1s', '0 0 3 * *'])
      expect((await failure(publish([{ ...NIGHTLY, cron }]), WorkError)).message, cron).to.include(
        'six fields',
      );
    expect(there()).to.deep.equal([]);
  });

  it('refuses a file of another form', async () => {
    for (const entry of [
      null,
      {},
      { ...NIGHTLY, name: '' },
      { ...NIGHTLY, enabled: 1 },
      { ...NIGHTLY, arguments: [] },
    ])
      await failure(publish([entry]), WorkError);
    await failure(publish([NIGHTLY, NIGHTLY]), WorkError);
    writeFileSync(file('schedules.json'), '{}');
    expect(there()).to.deep.equal([]);
  });

  it('lists no more in its result than a workflow can carry', async () => {
    const client = kfpClient({ endpoint: server.endpoint, pause: 0 });
    await publish([NIGHTLY]);
    const [object] = server.schedules.objects.values();
    const reference = object?.pipeline_version_reference as Record<string, string>;
    const many = Array.from({ length: 60 }, (_, at) => ({
      name: `${at}-${'x'.repeat(100)}`,
      cron: NIGHTLY.cron,
      enabled: true,
      parameters: { image: '3.10', rows: 7 },
      pipelineId: reference.pipeline_id!,
      versionId: reference.pipeline_version_id!,
      experimentId: object?.experiment_id as string,
      entry: '0'.repeat(20),
    }));
    await applySchedules(client, { repository: 'acme/flowers', namespace: 'ds' }, many);
    const { schedules } = await publish([], { version: 'main-2' });
    expect(schedules?.removed).to.have.length(50);
    for (const name of schedules?.removed ?? []) expect(name).to.have.length(50);
    expect(there()).to.deep.equal([]);
  });
});

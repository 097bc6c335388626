import { expect } from 'chai';

import { planBuild, type PlanOptions } from '../../../../generator/plan/plan.js';
import { scheduleEntries } from '../../../../generator/plan/planned-schedules.js';
import type { Plan } from '../../../../generator/plan/plan-types.js';
import { loadProject } from '../../../../generator/project/project.js';
import { createWorkflow } from '../../../../generator/workflow/create.js';
import type { ContainerTemplate } from '../../../../generator/workflow/types.js';
import { parseSettings, WorkError } from '../../../../schema/index.js';
import { MemorySource } from '../contexts/memory-source.js';

const KFP = 'kfp: {endpoint: "http://kfp:8888"}';
const SCHEDULES = `
    - {name: nightly, cron: "*/5 3 * * MON-FRI"}
    - {name: weekly, cron: "@weekly", enabled: false, arguments: {rate: 0.50, tag: x}}`;

const config = (schedules: string): string => `repository: {owner: me, name: iris}
pipeline:
  name: Iris
  namespace: data-science
  experiment_name: iris lab
  pipeline_path: pipeline.py
  pipeline_args: {rate: 0.10, tag: v, size: 1.0}
  schedules:${schedules}
`;

async function plan(options: PlanOptions, schedules = SCHEDULES, settings = KFP): Promise<Plan> {
  const source = new MemorySource({
    'config_files/config.yaml': config(schedules),
    'pipeline.py': 'from kfp import dsl\n\n\n@dsl.pipeline\ndef p(): ...\n',
  });
  const parsed = parseSettings(settings, { file: 'settings.yaml' }).value;
  return planBuild(await loadProject({ source, settings: parsed }), options);
}

/** What the publish step gets: its arguments about schedules, and their file. */
async function publish(options: PlanOptions, schedules?: string, settings = KFP) {
  const parsed = parseSettings(settings, { file: 'settings.yaml' }).value;
  const { templates } = createWorkflow(await plan(options, schedules, settings), parsed).spec;
  const step = templates.find(({ name }) => name === 'publish-pipeline') as ContainerTemplate;
  const artifact = step.inputs?.artifacts?.find(({ name }) => name === 'schedules');
  return {
    args: step.container.args.filter((each) => /^--(?:schedules|repository|experiment)=/.test(each)),
    file: artifact && 'raw' in artifact ? (JSON.parse(artifact.raw.data) as unknown) : undefined,
    mode: artifact?.mode,
  };
}

describe('schedules of a plan', () => {
  it('are those of the configuration, with what differs from how a value is written', async () => {
    const { pipeline, applySchedules } = await plan({});
    expect(pipeline.schedules).to.deep.equal([
      { name: 'nightly', cron: '*/5 3 * * MON-FRI', enabled: true, arguments: {} },
      {
        name: 'weekly',
        cron: '@weekly',
        enabled: false,
        arguments: { rate: 0.5, tag: 'x' },
        texts: { rate: '0.50' },
      },
    ]);
    expect(applySchedules).to.equal(undefined);
  });

  it('have seconds in front and all arguments for the step, each with its own text', async () => {
    const { pipeline } = await plan({});
    expect(scheduleEntries(pipeline)).to.deep.equal([
      {
        name: 'nightly',
        cron: '0 */5 3 * * MON-FRI',
        enabled: true,
        arguments: { rate: 0.1, tag: 'v', size: 1 },
        texts: { rate: '0.10', size: '1.0' },
        set: [],
      },
      {
        name: 'weekly',
        cron: '0 0 0 * * 0',
        enabled: false,
        arguments: { rate: 0.5, tag: 'x', size: 1 },
        texts: { rate: '0.50', size: '1.0' },
        set: ['rate', 'tag'],
      },
    ]);
    const own = scheduleEntries({
      ...pipeline,
      schedules: [{ ...pipeline.schedules[0]!, arguments: { rate: 2 } }],
    });
    expect(own[0]).to.deep.include({ arguments: { rate: 2, tag: 'v', size: 1 }, texts: { size: '1.0' } });
  });

  it('reach the publish step of a build that applies them, as a file', async () => {
    const { args, file, mode } = await publish({ applySchedules: true });
    expect(args).to.deep.equal([
      '--schedules=/kfops/schedules.json',
      '--repository=me/iris',
      '--experiment=iris lab',
    ]);
    expect(file).to.deep.equal({ schedules: scheduleEntries((await plan({})).pipeline) });
    expect(mode).to.equal(0o444);
  });

  it('reach it as an empty list where the configuration has none any longer', async () => {
    expect((await publish({ applySchedules: true }, ' []')).file).to.deep.equal({ schedules: [] });
  });

  for (const [what, options, settings] of [
    ['that is not told to apply them', {}, KFP],
    ['of a pull request', { pullRequest: 7 }, KFP],
    ['without Kubeflow Pipelines', { applySchedules: true }, ''],
  ] as const)
    it(`do not reach the publish step of a build ${what}`, async () => {
      expect(await publish(options, undefined, settings)).to.deep.equal({
        args: [],
        file: undefined,
        mode: undefined,
      });
    });

  it('are a warning where they are to be applied and the settings have no Kubeflow Pipelines', async () => {
    const warnings = async (options: PlanOptions, schedules?: string, settings?: string) =>
      (await plan(options, schedules, settings)).warnings.filter(({ code }) => code === 'KFP_MISSING');
    const [warning, ...others] = await warnings({ applySchedules: true }, SCHEDULES, '');
    expect(others).to.deep.equal([]);
    expect(warning).to.include({
      severity: 'warning',
      line: 8,
      message: 'The schedules are not applied: the settings have no `kfp`.',
    });
    expect(await warnings({}, SCHEDULES, '')).to.deep.equal([]);
    expect(await warnings({ applySchedules: true }, ' []', '')).to.deep.equal([]);
    expect(await warnings({ applySchedules: true })).to.deep.equal([]);
  });

  it('are other content where they are applied', async () => {
    const content = async (options: PlanOptions, schedules = SCHEDULES): Promise<string | undefined> =>
      createWorkflow(await plan(options, schedules), parseSettings(KFP, { file: 's' }).value).metadata
        .labels?.['kfops.dev/content'];
    const other = SCHEDULES.replace('*/5 3', '*/5 4');
    expect(await content({}, other)).to.equal(await content({}));
    const applied = await content({ applySchedules: true });
    expect(applied).not.to.equal(await content({}));
    expect(await content({ applySchedules: true }, other)).not.to.equal(applied);
  });

  it('threat 90: are never applied by the build of a pull request', async () => {
    const error = await plan({ applySchedules: true, pullRequest: 7 }).catch((each: unknown) => each);
    expect(error).to.be.instanceOf(WorkError);
    expect((error as WorkError).message).to.include('pull request');
  });
});

import { expect } from 'chai';
import fc from 'fast-check';

import { planSchedules } from '../../../../pipeline/schedules/plan-schedules.js';
import {
  type ExistingSchedule,
  existingSchedule,
  recurringRun,
  type WantedSchedule,
} from '../../../../pipeline/schedules/schedule.js';

const REPOSITORY = 'acme/flowers';

function aSchedule(name: string, more: Partial<WantedSchedule> = {}): WantedSchedule {
  return {
    name,
    cron: '0 0 3 * * 1',
    enabled: true,
    parameters: { rows: 5 },
    pipelineId: 'pipeline',
    versionId: 'v1',
    experimentId: 'experiment',
    entry: 'e1'.repeat(10),
    ...more,
  };
}

/** What Kubeflow Pipelines has after it was created. */
function existing(id: string, wanted: WantedSchedule, more: object = {}): ExistingSchedule {
  const object = { ...recurringRun(REPOSITORY, wanted), recurring_run_id: id, ...more };
  const read = existingSchedule(REPOSITORY, object);
  if (!read) throw new Error('it is none of Kfops');
  return read;
}

describe('planSchedules', () => {
  const nightly = aSchedule('nightly');

  it('creates what is new, keeps what is the same, removes what is gone', () => {
    const [old, weekly] = [existing('a', aSchedule('old')), aSchedule('weekly')];
    const same = existing('b', nightly);
    expect(planSchedules([nightly, weekly], [old, same])).to.deep.equal({
      create: [weekly],
      keep: [{ wanted: nightly, existing: same }],
      remove: [old],
    });
  });

  for (const [what, changed] of [
    ['time', { cron: '0 0 4 * * 1' }],
    ['version', { versionId: 'v2' }],
    ['state', { enabled: false }],
    ['arguments', { parameters: { rows: 6 } }],
    ['experiment', { experimentId: 'other' }],
  ] as const)
    it(`replaces a schedule with another ${what}`, () => {
      const [wanted, old] = [aSchedule('nightly', changed), existing('a', nightly)];
      expect(planSchedules([wanted], [old])).to.deep.equal({ create: [wanted], keep: [], remove: [old] });
    });

  for (const [what, object] of [
    ['disabled', { mode: 'DISABLE', status: 'DISABLED' }],
    ['given another time', { trigger: { cron_schedule: { cron: '* * * * * *' } } }],
    ['given another version', { pipeline_version_reference: { pipeline_version_id: 'v0' } }],
  ] as const)
    it(`replaces a schedule that somebody has ${what}`, () => {
      const old = existing('a', nightly, object);
      expect(planSchedules([nightly], [old])).to.deep.equal({ create: [nightly], keep: [], remove: [old] });
    });

  it('keeps one of two, the same one in any order', () => {
    const [a, b] = [existing('a', nightly), existing('b', nightly)];
    for (const there of [
      [a, b],
      [b, a],
    ])
      expect(planSchedules([nightly], there)).to.deep.equal({
        create: [],
        keep: [{ wanted: nightly, existing: a }],
        remove: [b],
      });
  });

  it('takes arguments in another order as the same', () => {
    const old = existing('a', aSchedule('nightly', { parameters: { a: 1, b: [{ c: 2, d: 3 }] } }));
    const wanted = aSchedule('nightly', { parameters: { b: [{ d: 3, c: 2 }], a: 1 } });
    expect(planSchedules([wanted], [old]).keep).to.have.length(1);
  });

  it('has nothing left to do after it was done, whatever is there', () => {
    const schedule = fc.record({
      name: fc.constantFrom('a', 'b', 'c'),
      versionId: fc.constantFrom('v1', 'v2'),
      enabled: fc.boolean(),
      parameters: fc.dictionary(fc.constantFrom('x', 'y', '__proto__'), fc.jsonValue()),
    });
    fc.assert(
      fc.property(
        fc.uniqueArray(schedule, { selector: ({ name }) => name }),
        fc.array(schedule),
        (wantedFields, thereFields) => {
          const wanted = wantedFields.map((fields) => aSchedule(fields.name, fields));
          const there = thereFields.map((fields, at) => existing(`id-${at}`, aSchedule(fields.name, fields)));
          const plan = planSchedules(wanted, there);
          const after = [
            ...there.filter((one) => !plan.remove.includes(one)),
            ...plan.create.map((each, at) => existing(`new-${at}`, each)),
          ];
          expect(after.map(({ name }) => name).sort()).to.deep.equal(wanted.map(({ name }) => name).sort());
          expect(planSchedules(wanted, after)).to.include({}).and.to.deep.include({ create: [], remove: [] });
        },
      ),
    );
  });
});

describe('existingSchedule', () => {
  const body = recurringRun(REPOSITORY, aSchedule('nightly'));
  const object = { ...body, recurring_run_id: 'a' };

  it('is one that Kfops made for the repository, in any case', () => {
    expect(existingSchedule('Acme/Flowers', object)).to.include({
      name: 'nightly',
      enabled: true,
      versionId: 'v1',
    });
  });

  it('has a description that Kubeflow’s database can keep', () => {
    const repository = `${'o'.repeat(39)}/${'r'.repeat(100)}`;
    const made = recurringRun(repository, aSchedule('n'.repeat(100)));
    expect(String(made.description).length).to.be.at.most(255);
    expect(existingSchedule(repository, { ...made, recurring_run_id: 'a' })?.name).to.equal('n'.repeat(100));
  });

  for (const [what, other] of [
    ['another repository', { description: recurringRun('acme-2/flowers', aSchedule('nightly')).description }],
    ['nobody', { description: 'Nightly' }],
    ['an id that is a path', { recurring_run_id: '../runs/x' }],
    ['an id that is none', { recurring_run_id: '..' }],
    ['no description', { description: undefined }],
    ['a mark of another form', { description: `kfops-schedule: ${'0'.repeat(20)}` }],
    ['no name', { display_name: undefined }],
  ] as const)
    it(`is none of ${what}`, () => {
      expect(existingSchedule(REPOSITORY, { ...object, ...other })).to.equal(undefined);
    });
});

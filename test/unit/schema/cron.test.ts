import { expect } from 'chai';
import fc from 'fast-check';

import { type Cron, nextTime, readCron } from '../../../schema/cron.js';
import { generated, reference, type Reference, SEEDS } from '../../support/reference.js';

/** The next times, as the reference writes them. */
function times(cron: Cron, after: string, count: number): string[] {
  const found: string[] = [];
  for (let at: Date | undefined = new Date(after); found.length < count;) {
    at = nextTime(cron, at);
    if (at === undefined) break;
    found.push(at.toISOString().replace('.000Z', 'Z'));
  }
  return found;
}

describe('schema/cron', () => {
  const readings: readonly (readonly [text: string, kubeflow: string, next: string])[] = [
    ['*/5 * * * *', '0 */5 * * * *', '2026-01-01T00:05:00Z'],
    ['0 3 * * 1', '0 0 3 * * 1', '2026-01-05T03:00:00Z'],
    ['30 4 * jan-mar MON', '0 30 4 * jan-mar MON', '2026-01-05T04:30:00Z'],
    ['5/15 * * * *', '0 5/15 * * * *', '2026-01-01T00:05:00Z'],
    ['  0   0 29  2 * ', '0 0 0 29 2 *', '2028-02-29T00:00:00Z'],
    ['0 0 13 * FRI', '0 0 0 13 * FRI', '2026-01-02T00:00:00Z'],
    ['@weekly', '0 0 0 * * 0', '2026-01-04T00:00:00Z'],
    ['@hourly', '0 0 * * * *', '2026-01-01T01:00:00Z'],
  ];
  for (const [text, kubeflow, next] of readings)
    it(`reads ${text}`, () => {
      const cron = readCron(text);
      expect(cron).to.include({ kubeflow });
      expect(times(cron as Cron, '2026-01-01T00:00:00Z', 1)).to.deep.equal([next]);
    });

  const refused: readonly (readonly [text: string, problem: string, hint: string])[] = [
    ['', 'has 0 fields', 'Write five fields'],
    ['0 3 * *', 'has 4 fields', 'Write five fields'],
    ['0 0 3 * * 1', 'has six fields', 'Remove the first field'],
    ['@every 5s', 'is no known macro', '`@daily`'],
    ['@reboot', 'is no known macro', '`@daily`'],
    ['60 * * * *', 'has the wrong minute `60`', 'from 0 to 59'],
    ['0 0 0 * *', 'has the wrong day of the month `0`', 'from 1 to 31'],
    ['0 0 * * 7', 'has the wrong day of the week `7`', 'Sunday is 0 or SUN'],
    ['0 0 * MON *', 'has the wrong month `MON`', 'a name such as FEB'],
    ['0 22-2 * * *', 'has the wrong hour `22-2`', 'the smaller value first'],
    ['*/0 * * * *', 'has the wrong minute `*/0`', 'at least 1'],
    [', * * * *', 'has the wrong minute ``', 'from 0 to 59'],
    ['*-5 * * * *', 'has the wrong minute `*-5`', 'from 0 to 59'],
    ['? * * * *', 'has the wrong minute `?`', 'from 0 to 59'],
    ['0 0 30 2 *', 'never comes', 'no 30 February'],
    [`${'0,'.repeat(200)}0 * * * *`, 'is too long', 'Write five fields'],
  ];
  for (const [text, problem, hint] of refused)
    it(`refuses ${text.slice(0, 20)}`, () => {
      const read = readCron(text);
      expect(read).to.have.property('problem').that.includes(problem);
      expect(read).to.have.property('hint').that.includes(hint);
    });

  describe('and robfig/cron v1.2.0, which Kubeflow Pipelines uses', () => {
    let judge: Reference;
    before(function () {
      judge = reference(this);
    });
    after(() => {
      judge.remove();
    });

    const AFTER = '2026-11-27T22:58:13Z';
    const item = (min: number, max: number, names: readonly string[] = []): fc.Arbitrary<string> => {
      const value = fc.oneof(
        { weight: 8, arbitrary: fc.integer({ min, max }).map(String) },
        { weight: 1, arbitrary: fc.integer({ min: -1, max: max + 2 }).map(String) },
        ...(names.length > 0 ? [{ weight: 4, arbitrary: fc.constantFrom(...names) }] : []),
      );
      const range = fc.oneof(
        { weight: 3, arbitrary: fc.constant('*') },
        { weight: 3, arbitrary: value },
        { weight: 2, arbitrary: fc.tuple(value, value).map(([a, b]) => `${a}-${b}`) },
        {
          weight: 1,
          arbitrary: fc.constantFrom('?', '', '*-3', '1-2-3', '1//2', 'L', '1#2', '0x1', '+1', ' '),
        },
      );
      const stepped = fc
        .tuple(range, fc.option(fc.integer({ min: 0, max: 70 }), { freq: 3 }))
        .map(([base, step]) => (step === null ? base : `${base}/${step}`));
      return fc.array(stepped, { minLength: 1, maxLength: 3 }).map((items) => items.join(','));
    };
    const MONTHS = ['JAN', 'feb', 'Mar', 'dec', 'may'];
    const WEEKDAYS = ['SUN', 'mon', 'Fri', 'sat'];
    const text = fc.oneof(
      {
        weight: 20,
        arbitrary: fc
          .tuple(item(0, 59), item(0, 23), item(1, 31), item(1, 12, MONTHS), item(0, 6, WEEKDAYS))
          .map((fields) => fields.join(' ')),
      },
      {
        weight: 1,
        arbitrary: fc.constantFrom(
          '@daily',
          '@hourly',
          '@weekly',
          '@monthly',
          '@yearly',
          '@annually',
          '@midnight',
        ),
      },
      { weight: 1, arbitrary: fc.string() },
    );

    for (const seed of SEEDS)
      it(`run what is accepted at the same times (seed ${seed})`, async () => {
        const accepted = generated(text, seed, 4000).flatMap((standard) => {
          const cron = readCron(standard);
          return 'problem' in cron ? [] : [{ standard: standard.trim(), cron }];
        });
        expect(accepted.length).to.be.above(400);
        const answers = await judge.cron(
          accepted.map(({ standard, cron }) => ({
            standard,
            kubeflow: cron.kubeflow,
            after: AFTER,
            count: 5,
          })),
        );
        const wrong = accepted.flatMap(({ standard, cron }, index) => {
          const own = times(cron, AFTER, 5);
          const { kubeflow, standard: byFields } = answers[index] ?? {};
          return JSON.stringify(own) === JSON.stringify(kubeflow) &&
            JSON.stringify(own) === JSON.stringify(byFields)
            ? []
            : [{ standard, own, kubeflow, byFields }];
        });
        expect(wrong.slice(0, 3)).to.deep.equal([]);
      });

    it('would run every few seconds without the field of the seconds', async () => {
      const [answer] = await judge.cron([
        { kubeflow: '*/5 * * * *', standard: '*/5 * * * *', after: '2026-01-01T00:00:00Z', count: 1 },
      ]);
      expect(answer).to.deep.equal({
        kubeflow: ['2026-01-01T00:00:05Z'],
        standard: ['2026-01-01T00:05:00Z'],
      });
    });
  });
});

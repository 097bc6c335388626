import { readFile } from 'node:fs/promises';

import { expect } from 'chai';

import { readCron } from '../../../schema/cron.js';
import { parseConfig } from '../../../schema/index.js';
import { CONFIG, findings } from './support.js';

const file = 'config_files/config.yaml';
const ARGS = '  pipeline_args: {epochs: 10, city: Rom, fast: true, layers: [1], more: {a: 1}, any: }\n';
const withSchedules = (...lines: string[]): string =>
  `${CONFIG}${ARGS}  schedules:\n${lines.map((line) => `    - ${line}\n`).join('')}`;
const parse = (...lines: string[]) => parseConfig(withSchedules(...lines), { file }).value.pipeline.schedules;

describe('pipeline.schedules', () => {
  it('are read with their defaults, and arguments with their types', () => {
    expect(
      parse(
        '{name: nightly, cron: "*/5 * * * *"}',
        '{name: weekly, cron: "@weekly", enabled: false, arguments: {epochs: 3, city: 1:30pm, any: }}',
      ),
    ).to.deep.equal([
      { name: 'nightly', cron: '*/5 * * * *', enabled: true, arguments: {} },
      {
        name: 'weekly',
        cron: '@weekly',
        enabled: false,
        arguments: { epochs: 3, city: '1:30pm', any: null },
      },
    ]);
    expect(parseConfig(CONFIG, { file }).value.pipeline.schedules).to.deep.equal([]);
  });

  /** The code of each finding, and what is written at its place. */
  const wrong: readonly (readonly [lines: string[], code: string, place: string])[] = [
    [['{name: a, cron: "0 0 3 * * 1"}'], 'WRONG_VALUE', '"0 0 3'],
    [['{name: a, cron: "0 3 * * 7"}'], 'WRONG_VALUE', '"0 3'],
    [['{name: a, cron: 5}'], 'WRONG_VALUE', '5'],
    [['{name: a, cron: "@daily"}', '{name: a, cron: "@weekly"}'], 'DUPLICATE_NAME', 'a, cron: "@weekly"'],
    [['{name: "a/b", cron: "@daily"}'], 'WRONG_VALUE', '"a/b"'],
    [['{name: a}'], 'REQUIRED_KEY', '{name: a}'],
    [['{name: a, cron: "@daily", arguments: {epoch: 1}}'], 'UNKNOWN_KEY', '1}'],
    [['{name: a, cron: "@daily", arguments: {epochs: "1"}}'], 'WRONG_VALUE', '"1"'],
    [['{name: a, cron: "@daily", arguments: {city: 1}}'], 'WRONG_VALUE', '1'],
    [['{name: a, cron: "@daily", arguments: {layers: {}}}'], 'WRONG_VALUE', 'layers'],
    [['{name: a, cron: "@daily", arguments: {city: "{{x}}"}}'], 'TEMPLATE_TAG', '"{{x'],
  ];
  for (const [lines, code, place] of wrong)
    it(`refuses ${lines.join(' ')}`, () => {
      const text = withSchedules(...lines).split('\n');
      const found = findings(() => parse(...lines));
      expect(found.map((one) => one.code)).to.deep.equal([code]);
      const { line = 0, column = 0 } = found[0] ?? {};
      expect(text[line - 1]?.slice(column - 1, column - 1 + place.length)).to.equal(place);
    });

  it('are as in docs/schedules.md', async () => {
    const page = await readFile(new URL('../../../docs/schedules.md', import.meta.url), 'utf8');
    const [, sample = ''] = /```yaml\n([^]*?)```/.exec(page) ?? [];
    const { schedules } = parseConfig(sample, { file }).value.pipeline;
    expect(schedules.map(({ name, enabled }) => [name, enabled])).to.deep.equal([
      ['nightly', true],
      ['weekly', true],
      ['paused', false],
    ]);
  });

  it('threat 92: never run more than once a minute', () => {
    for (const cron of ['* * * * * *', '@every 1s', '*/5 * * * * *', '0/1 * * * *x'])
      expect(
        findings(() => parse(`{name: a, cron: "${cron}"}`)),
        cron,
      ).to.have.length(1);
    const often = readCron('* * * * *');
    expect('kubeflow' in often && often.kubeflow).to.equal('0 * * * * *');
  });

  it('are refused at their place, with the fix', () => {
    const [cron] = findings(() => parse('{name: a, cron: "0 0 3 * * 1"}'));
    expect(cron).to.include({
      line: CONFIG.split('\n').length + 2,
      message:
        'The schedule `0 0 3 * * 1` has six fields, and seconds are not supported: a pipeline runs at most once a minute.',
      hint: 'Remove the first field, which has the seconds.',
    });
    const [argument] = findings(() => parse('{name: a, cron: "@daily", arguments: {epoch: 1}}'));
    expect(argument).to.include({ hint: 'Did you mean `epochs`?' });
  });
});

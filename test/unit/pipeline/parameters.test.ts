import { expect } from 'chai';

import { argumentDetails, parametersOf } from '../../../pipeline/parameters.js';
import { WorkError } from '../../../schema/errors.js';

describe('parametersOf', () => {
  const parameters = new Map([
    ['rows', { type: 'NUMBER_INTEGER', optional: false }],
    ['note', { type: 'STRING', optional: true }],
    ['version_id', { type: 'STRING', optional: false }],
    ['__proto__', { type: 'STRUCT', optional: true }],
  ]);

  it('gives version_id, unless the configuration has one', () => {
    expect(parametersOf({ parameters }, { rows: 1 }, 'v').parameters).to.deep.equal({
      rows: 1,
      version_id: 'v',
    });
    const own = parametersOf({ parameters }, { rows: 1, version_id: 'mine' }, 'v');
    expect(own.parameters.version_id).to.equal('mine');
    expect(own.ignored).to.deep.equal([]);
  });

  it('is not declared, not sent', () => {
    expect(parametersOf({ parameters: new Map() }, {}, 'v')).to.deep.equal({ parameters: {}, ignored: [] });
  });

  it('writes numbers as texts where a text is declared, and leaves what may be left out', () => {
    const { parameters: sent } = parametersOf({ parameters }, { rows: 1, note: true }, 'v');
    expect(sent.note).to.equal('true');
    expect(parametersOf({ parameters }, { rows: 1, note: null }, 'v').parameters).not.to.have.property(
      'note',
    );
  });

  it('names every value that is missing', () => {
    expect(() => parametersOf({ parameters }, {}, 'v')).to.throw(WorkError, 'the pipeline needs `rows`');
  });

  const every = new Map([
    ['text', { type: 'STRING', optional: true }],
    ['epochs', { type: 'NUMBER_INTEGER', optional: true }],
    ['rate', { type: 'NUMBER_DOUBLE', optional: true }],
    ['deep', { type: 'BOOLEAN', optional: true }],
    ['layers', { type: 'LIST', optional: true }],
    ['options', { type: 'STRUCT', optional: true }],
    ['future', { type: 'A_TYPE_OF_A_LATER_KFP', optional: true }],
  ]);
  const typed: [name: string, given: unknown, sent: unknown][] = [
    ['text', 'a', 'a'],
    ['text', 1.5, '1.5'],
    ['epochs', 20, 20],
    ['epochs', '20', 20],
    ['epochs', '-3', -3],
    ['rate', 1, 1],
    ['rate', '1e-3', 0.001],
    ['rate', '.5', 0.5],
    ['deep', true, true],
    ['deep', 'False', false],
    ['layers', [64, 32], [64, 32]],
    ['options', { a: 1 }, { a: 1 }],
    ['future', [1], [1]],
  ];
  for (const [name, given, sent] of typed)
    it(`sends ${JSON.stringify(given)} for ${name} as ${JSON.stringify(sent)}`, () => {
      const { parameters: all } = parametersOf({ parameters: every }, { [name]: given }, 'v');
      expect(all).to.deep.equal({ [name]: sent });
    });

  const wrong: [name: string, given: unknown, problem: string][] = [
    ['text', [1], '`text` must be a text, and is a list'],
    ['text', { a: 1 }, '`text` must be a text, and is a map'],
    ['epochs', 1.5, '`epochs` must be a whole number, and is `1.5`'],
    ['epochs', 'many', '`epochs` must be a whole number, and is the text "many"'],
    ['epochs', '1'.repeat(16), '`epochs` must be a whole number'],
    ['rate', '0x10', '`rate` must be a number'],
    ['rate', true, '`rate` must be a number, and is `true`'],
    ['deep', 1, '`deep` must be `true` or `false`, and is `1`'],
    ['layers', '[1]', '`layers` must be a list, and is the text "[1]"'],
    ['layers', {}, '`layers` must be a list, and is a map'],
    ['options', [], '`options` must be a map, and is a list'],
  ];
  for (const [name, given, problem] of wrong)
    it(`refuses ${JSON.stringify(given)} for ${name}`, () => {
      expect(() => parametersOf({ parameters: every }, { [name]: given }, 'v')).to.throw(WorkError, problem);
    });

  it('sends a number as it was written where a text is declared, and only there', () => {
    const given = { text: 3.1, rate: 3.1 };
    const { parameters: sent } = parametersOf({ parameters: every }, given, 'v', {
      texts: { text: '3.10', rate: '3.10' },
    });
    expect(sent).to.deep.equal({ text: '3.10', rate: 3.1 });
  });

  it('refuses a name that somebody has set and the pipeline has not, and ignores one of the configuration', () => {
    const given = { epohcs: 1, other: 2 };
    expect(parametersOf({ parameters: every }, given, 'v').ignored).to.deep.equal(['epohcs', 'other']);
    expect(() => parametersOf({ parameters: every }, given, 'v', { set: ['epohcs'] })).to.throw(
      WorkError,
      /^the pipeline has no parameter `epohcs` \(did you mean `epochs`\?\)$/,
    );
  });

  it('tells everything that is wrong at once', () => {
    const declared = new Map([...parameters, ...every]);
    expect(() =>
      parametersOf({ parameters: declared }, { epochs: 'x', zzzzzz: 1 }, 'v', { set: ['zzzzzz'] }),
    ).to.throw(
      WorkError,
      'the pipeline needs `rows`; the pipeline has no parameter `zzzzzz`; `epochs` must be a whole number',
    );
  });
});

describe('argumentDetails', () => {
  it('reads both parts, and leaves out what has another form', () => {
    expect(argumentDetails({ texts: { a: '3.10' }, set: ['a'] })).to.deep.equal({
      texts: { a: '3.10' },
      set: ['a'],
    });
    expect(argumentDetails({ texts: [], set: 'a' })).to.deep.equal({});
  });
});

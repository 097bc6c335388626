import { expect } from 'chai';

import { wantsColor } from '../../../cli/output/color.js';
import { cutMiddle, table } from '../../../cli/output/table.js';
import { formatCount } from '../../../templates/units.js';

describe('cli/output', () => {
  it('formatCount', () => {
    expect(formatCount(1, 'file')).to.equal('1 file');
    expect(formatCount(0, 'file')).to.equal('0 files');
    expect(formatCount(1234567, 'entry', 'entries')).to.equal('1,234,567 entries');
    expect(formatCount(999, 'file')).to.equal('999 files');
  });

  it('table puts columns in line, also with characters outside of the BMP', () => {
    expect(
      table(
        [{}, { align: 'right' }, {}],
        [
          ['a', '1', 'x'],
          ['🚀bb', '22', ''],
        ],
      ),
    ).to.deep.equal(['a     1  x', '🚀bb  22']);
  });

  it('cutMiddle keeps both ends', () => {
    expect(cutMiddle('abcdefghij', 10)).to.equal('abcdefghij');
    expect(cutMiddle('abcdefghij', 7)).to.equal('abc…hij');
    expect(cutMiddle('abcdefghij', 2)).to.equal('a…');
    expect(cutMiddle('abcdefghij', 1)).to.equal('…');
    expect(cutMiddle('abcdefghij', 0)).to.equal('');
  });

  describe('wantsColor', () => {
    const cases: readonly (readonly [
      env: Record<string, string>,
      tty: boolean,
      flag: boolean,
      wanted: boolean,
    ])[] = [
      [{}, true, true, true],
      [{}, false, true, false],
      [{ NO_COLOR: '1' }, true, true, false],
      [{ NO_COLOR: '' }, true, true, true],
      [{ TERM: 'dumb' }, true, true, false],
      [{ FORCE_COLOR: '1' }, false, true, true],
      [{ FORCE_COLOR: '1' }, true, false, false],
      [{ FORCE_COLOR: '0' }, true, true, false],
      [{ FORCE_COLOR: '1', NO_COLOR: '1' }, false, true, true],
    ];
    for (const [env, isTTY, flag, wanted] of cases) {
      it(`${JSON.stringify(env)}${isTTY ? ' on a terminal' : ''}${flag ? '' : ' --no-color'}: ${wanted ? 'on' : 'off'}`, () => {
        expect(wantsColor(env, { isTTY }, flag)).to.equal(wanted);
      });
    }
  });
});

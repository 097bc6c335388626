import { expect } from 'chai';

import { annotationsText } from '../../../cli/output/annotations.js';
import type { Diagnostic } from '../../../schema/diagnostic.js';
import { styleOf } from '../../../templates/style.js';

describe('cli/output/annotations', () => {
  const of = (diagnostic: Partial<Diagnostic>, flags = {}, dir = '.'): string | undefined =>
    annotationsText(
      {
        valid: false,
        diagnostics: [{ code: 'WRONG_VALUE', severity: 'error', message: 'It is wrong.', ...diagnostic }],
      },
      { io: { cwd: '/w', env: {} }, dir, flags, style: styleOf(false), columns: Infinity },
    ).split('\n')[0];

  // As @actions/core reads them back: https://github.com/actions/toolkit/blob/main/packages/core/src/command.ts
  it('escapes what would end a property or the command', () => {
    expect(of({ file: 'a:b,c%\r\n.yaml', line: 1, message: '100%: a,\r\n::error::b' })).to.equal(
      '::error file=a%3Ab%2Cc%25%0D%0A.yaml,line=1,title=WRONG_VALUE::100%25: a,%0D%0A::error::b',
    );
  });

  it('tells a warning from an error, and has the hint and the lines to copy', () => {
    expect(of({ severity: 'warning', hint: 'Write:', lines: ['a: 1', '  b: 2'] })).to.equal(
      '::warning title=WRONG_VALUE::It is wrong.%0Ahint: Write:%0Aa: 1%0A  b: 2',
    );
  });

  it('finds files of the repository in DIR, files of options in the folder of the command', () => {
    const place = { line: 3, column: 5, length: 4 };
    const at = 'line=3,col=5,endColumn=9,title=WRONG_VALUE::It is wrong.';
    expect(of({ file: 'config_files/config.yaml', ...place }, {}, 'sub')).to.equal(
      `::error file=sub/config_files/config.yaml,${at}`,
    );
    expect(of({ file: 'settings.yaml', ...place }, { settings: 'settings.yaml' }, 'sub')).to.equal(
      `::error file=settings.yaml,${at}`,
    );
    expect(of({ file: '../s.yaml', ...place }, { settings: '../s.yaml' })).to.equal(
      `::error file=/s.yaml,${at}`,
    );
  });
});

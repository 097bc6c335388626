import { expect } from 'chai';
import * as fc from 'fast-check';

import { formatDiagnostics, type Diagnostic } from '../../../schema/index.js';

const base: Diagnostic = {
  code: 'UNKNOWN_KEY',
  severity: 'error',
  message: 'The key `nmae` is not known.',
  file: 'config.yaml',
  line: 12,
  column: 3,
  length: 4,
  excerpt: '  nmae: x',
  hint: 'Did you mean `name`?',
};
const plain = (change: Partial<Diagnostic>, width = 80) =>
  formatDiagnostics([{ ...base, ...change }], { color: false, width });

// eslint-disable-next-line no-control-regex -- these are what must not be there
const INVISIBLE = /[\u0000-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/;

describe('formatting diagnostics', () => {
  it('shows the place, the line, the caret and the hint', () => {
    expect(plain({})).to.equal(
      [
        'config.yaml:12:3 error UNKNOWN_KEY The key `nmae` is not known.',
        '      nmae: x',
        '      ^^^^',
        '  hint: Did you mean `name`?',
        '',
      ].join('\n'),
    );
  });

  it('leaves out what is not there', () => {
    const bare: Diagnostic = { code: 'FILE_MISSING', severity: 'warning', message: 'No file.' };
    expect(formatDiagnostics([bare], { color: false })).to.equal('warning FILE_MISSING No file.\n');
    expect(formatDiagnostics([], { color: false })).to.equal('');
    expect(plain({ file: '--set nmae=x' })).to.match(/^--set nmae=x error/);
  });

  it('shows what a program said on lines below the message', () => {
    expect(plain({ message: 'Git fails:\n  fatal: no\n  \u001b[31mred' })).to.include(
      'Git fails:\n    fatal: no\n    ·[31mred\n      nmae: x',
    );
  });

  it('uses colours only when asked', () => {
    expect(formatDiagnostics([base], { color: true })).to.include('\u001b[31m');
    expect(plain({})).not.to.include('\u001b');
  });

  it('cuts a long line around the caret', () => {
    const excerpt = `${'a'.repeat(300)}HERE${'b'.repeat(300)}`;
    const lines = plain({ excerpt, column: 301, message: 'm' }, 60).split('\n');
    const [text, caret] = [lines[1]!, lines[2]!];
    expect(text).to.match(/^ {4}…a+HEREb+…$/);
    expect(text.slice(caret.indexOf('^'), caret.lastIndexOf('^') + 1)).to.equal('HERE');
  });

  it('fits the width and lets no control character through', () => {
    const hostile = fc.string({ unit: 'binary', maxLength: 200 }).map((text) => text.replace(/\n/g, ' '));
    fc.assert(
      fc.property(
        hostile,
        hostile,
        fc.integer({ min: 40, max: 100 }),
        fc.nat(220),
        fc.nat(300),
        (excerpt, message, width, column, length) => {
          const text = formatDiagnostics(
            [{ ...base, file: 'f', excerpt, message, hint: message, column: column + 1, length: length + 1 }],
            { color: false, width },
          );
          expect(text.replace(/\n/g, '')).not.to.match(INVISIBLE);
          if (column < excerpt.length)
            for (const line of text.split('\n')) expect(line.length).to.be.at.most(width + 1);
        },
      ),
    );
  });
});

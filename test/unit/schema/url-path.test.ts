import { expect } from 'chai';
import fc from 'fast-check';

import { fileUrlPath, urlSegment } from '../../../schema/url-path.js';

const BASE = 'https://github.com/acme/churn/blob/1a2b3c4/';

const NOT_FILES = [
  '',
  '.',
  '..',
  '../../../../other/name/blob/main/x',
  'a/../../b',
  'a/..',
  './a',
  'a//b',
  'a/',
  '/etc/passwd',
  '//evil.test/a',
  '\\\\evil.test',
  'a\\..\\b',
  'C:/a',
  'a\nb',
  'a\tb',
  'a\u0000b',
  'a\u0085b',
  'a/\ud800',
];

describe('threat 61: a file that leads to another repository', () => {
  for (const file of NOT_FILES)
    it(`${JSON.stringify(file)} has no address`, () => {
      expect(fileUrlPath(file)).to.be.undefined;
    });

  for (const text of ['', '.', '..', 'a\nb', 'a\u0085b', '\u009f', '\u007f', '\ud800'])
    it(`${JSON.stringify(text)} is no segment`, () => {
      expect(urlSegment(text)).to.be.undefined;
    });

  it('encodes each segment', () => {
    expect(fileUrlPath('a/Dockerfile')).to.equal('a/Dockerfile');
    expect(fileUrlPath('a b/%2e%2e/x?y#z/é')).to.equal('a%20b/%252e%252e/x%3Fy%23z/%C3%A9');
    expect(fileUrlPath('.github/..a/...')).to.equal('.github/..a/...');
    expect(fileUrlPath('https:')).to.equal('https%3A');
    expect(urlSegment('a/../b')).to.equal('a%2F..%2Fb');
  });

  it('rejects an empty segment, and one that changes the segments around it', () => {
    for (const text of ['', '.', '..', '\ud800', 'a\u009f'])
      expect(urlSegment(text), text).to.equal(undefined);
  });

  it('whatever a file is called, its address is under the commit', () => {
    const part = fc.constantFrom(
      '..',
      '.',
      '/',
      '\\',
      '%2e',
      '%2F',
      '?',
      '#',
      'a',
      ':',
      '@',
      ' ',
      '\t',
      ';',
      '&',
      'é',
    );
    fc.assert(
      fc.property(fc.array(part, { maxLength: 12 }), (parts) => {
        const file = parts.join('');
        const path = fileUrlPath(file);
        if (path === undefined) return;
        const url = new URL(BASE + path + '?plain=1#L3');
        expect(url.href).to.equal(`${BASE}${path}?plain=1#L3`);
        expect(url.pathname.split('/').slice(5).map(decodeURIComponent).join('/')).to.equal(file);
      }),
      { numRuns: 2000 },
    );
  });
});

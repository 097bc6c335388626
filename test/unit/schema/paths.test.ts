import { expect } from 'chai';
import fc from 'fast-check';

import { normalisePath } from '../../../schema/paths.js';

describe('paths of a repository', () => {
  for (const [path, normal] of [
    ['', ''],
    ['.', ''],
    ['a', 'a'],
    ['a/b', 'a/b'],
    ['./a//b/./c/', 'a/b/c'],
    ['a/../b', 'b'],
    ['a/..', ''],
    ['a/b/../../c', 'c'],
    ['..a/.../b..', '..a/.../b..'],
    [' ~\u0080', ' ~\u0080'],
  ] as const)
    it(`${JSON.stringify(path)} is ${JSON.stringify(normal)}`, () => {
      expect(normalisePath(path)).to.equal(normal);
    });

  for (const path of ['..', '../a', 'a/../..', 'a/../../b', './../a', 'a/../b/../../c/d'])
    it(`${path} leaves the repository`, () => {
      expect(normalisePath(path)).to.be.undefined;
    });

  for (const path of [
    '/',
    '/a',
    '//a',
    'C:',
    'C:/a',
    'z:/',
    'C:\\a',
    '\\\\host\\a',
    './C:/a',
    'a/../C:',
    'C:/../a',
  ])
    it(`${path} is absolute, on some system`, () => {
      expect(normalisePath(path)).to.be.undefined;
    });

  it('has colons in names', () => {
    for (const path of ['C:a', 'ab:/c', 'a/C:/b', 'C::/a', '1:/a', ':/a'])
      expect(normalisePath(path), path).to.equal(path);
  });

  it('has no backslash and no control character, wherever', () => {
    for (const wrong of ['\\', '\0', '\t', '\n', '\x1f', '\x7f'])
      for (const path of [`${wrong}a`, `a${wrong}`, `a/b${wrong}c/d`])
        expect(normalisePath(path), JSON.stringify(path)).to.be.undefined;
  });

  it('is below the root and the same when normalised again, whatever was written', () => {
    const part = fc.constantFrom('..', '.', '/', '\\', 'a', 'C:', '\0', ' ', 'é');
    fc.assert(
      fc.property(fc.array(part, { maxLength: 10 }), (parts) => {
        const path = normalisePath(parts.join(''));
        if (path === undefined) return;
        for (const name of path === '' ? [] : path.split('/')) expect(name).not.to.be.oneOf(['', '.', '..']);
        expect(normalisePath(path)).to.equal(path);
      }),
      { numRuns: 2000 },
    );
  });
});

import { expect } from 'chai';
import * as fc from 'fast-check';

import { normaliseEndpoint, normalisePath } from '../../../schema/index.js';

describe('paths', () => {
  const paths: [string, string | undefined][] = [
    ['a/b', 'a/b'],
    ['./a//b/', 'a/b'],
    ['a/./b/../c', 'a/c'],
    ['.', ''],
    ['./', ''],
    ['..a/b..', '..a/b..'],
    ['C', 'C'],
    ['..', undefined],
    ['a/../../b', undefined],
    ['/etc', undefined],
    ['C:/x', undefined],
    ['C:', undefined],
    ['aC:/x', 'aC:/x'],
    ['a/C:/x', 'a/C:/x'],
    ['a\\b', undefined],
    ['a\0b', undefined],
    ['a\nb', undefined],
  ];
  for (const [path, normal] of paths) {
    it(`${JSON.stringify(path)} becomes ${JSON.stringify(normal)}`, () => {
      expect(normalisePath(path)).to.equal(normal);
    });
  }

  it('are normal after one go, and inside', () => {
    const part = fc.oneof(fc.constantFrom('.', '..', '', 'a', '-b', '...'), fc.string());
    fc.assert(
      fc.property(fc.array(part), (parts) => {
        const normal = normalisePath(parts.join('/'));
        if (normal === undefined) return;
        expect(normalisePath(normal)).to.equal(normal);
        expect(normal.split('/')).not.to.include('..');
        expect(normal).not.to.match(/^\/|\/$|\/\//);
      }),
    );
  });
});

describe('endpoints', () => {
  const endpoints: [string, string | undefined][] = [
    ['minio', 'minio:9000'],
    ['minio.kubeflow:80', 'minio.kubeflow:80'],
    ['[::1]', '[::1]:9000'],
    ['[::1]:9001', '[::1]:9001'],
    ['http://minio:9000', undefined],
    ['minio:9000/path', undefined],
    ['minio:0', undefined],
    ['minio:65536', undefined],
    ['user@minio', undefined],
    ['minio:', undefined],
    ['-x', undefined],
    ['a b', undefined],
  ];
  for (const [text, endpoint] of endpoints) {
    it(`${text} becomes ${String(endpoint)}`, () => {
      expect(normaliseEndpoint(text)).to.equal(endpoint);
    });
  }
});

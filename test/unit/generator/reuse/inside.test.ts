import { expect } from 'chai';

import { insideImages } from '../../../../generator/reuse/inside.js';

const find = insideImages([
  { name: 'base', repository: 'ghcr.io/acme/base' },
  { name: 'trainer', repository: 'ghcr.io/acme/trainer' },
  { name: 'python', repository: 'docker.io/acme/python' },
]);

describe('insideImages', () => {
  const cases: [reference: string, self: number, expected: number | undefined, why: string][] = [
    ['ghcr.io/acme/base', 1, 0, 'the repository'],
    ['ghcr.io/acme/base:v1', 1, 0, 'the repository with any tag'],
    [`ghcr.io/acme/base@sha256:${'a'.repeat(64)}`, 1, undefined, 'a digest is one image of the registry'],
    ['base', 1, 0, 'the bare name'],
    ['base:latest', 1, undefined, 'a bare name with a tag is Docker Hub’s'],
    ['acme/python', 0, 2, 'Docker Hub’s short form'],
    ['index.docker.io/acme/python:3', 0, 2, 'another name of Docker Hub'],
    ['python', 0, 2, 'the bare name of an image that is called like one of Docker Hub'],
    ['python', 2, undefined, 'never the image itself'],
    ['python:3.11', 0, undefined, 'a bare name with a tag'],
    ['ghcr.io/acme/base', 0, undefined, 'never the image itself, by its repository'],
    ['ghcr.io/acme/bases', 1, undefined, 'a longer name'],
    ['ghcr.io/other/base', 1, undefined, 'another owner'],
    ['BASE', 1, undefined, 'upper case, which is no reference'],
    ['', 1, undefined, 'nothing'],
  ];
  for (const [reference, self, expected, why] of cases) {
    it(`${JSON.stringify(reference)}: ${why}`, () => {
      expect(find(reference, self)).to.equal(expected);
    });
  }
});

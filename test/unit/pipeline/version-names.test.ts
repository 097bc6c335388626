import { expect } from 'chai';

import { isBuildOf, LONGEST_VERSION, rebuiltVersion } from '../../../pipeline/version-names.js';

const IMAGES = new Map([
  ['exec-a', 'me/a@sha256:1'],
  ['exec-b', 'me/b@sha256:2'],
]);

describe('the name of a version whose own belongs to an earlier build', () => {
  it('is the same for the same images, in any order, and another for others', () => {
    const name = rebuiltVersion('1a2b3c4d5e6f', IMAGES);
    expect(name).to.match(/^1a2b3c4d5e6f-[0-9a-f]{6}$/);
    expect(rebuiltVersion('1a2b3c4d5e6f', new Map([...IMAGES].reverse()))).to.equal(name);
    const others = new Map([...IMAGES, ['exec-b', 'me/b@sha256:3']]);
    expect(rebuiltVersion('1a2b3c4d5e6f', others)).to.not.equal(name);
  });

  for (const version of ['1a2b3c4d5e6f', 'x'.repeat(LONGEST_VERSION)])
    it(`is known as a build of ${version}`, () => {
      const name = rebuiltVersion(version, IMAGES);
      expect(name.length).to.be.at.most(LONGEST_VERSION);
      expect([isBuildOf(version, version), isBuildOf(version, name)]).to.deep.equal([true, true]);
    });

  for (const other of ['pr-17-1a2b3c4d5e6f', '1a2b3c4d5e6f-abc', '1a2b3c4d5e6f-abcdefg', '1a2b3c4d5e6', ''])
    it(`is not \`${other}\``, () => {
      expect(isBuildOf('1a2b3c4d5e6f', other)).to.equal(false);
    });
});

import { expect } from 'chai';

import { manifestBranch } from '../../../../server/builds/manifest-branch.js';

describe('threat 36: the branch whose kaniko-manifest.yaml counts', () => {
  const branchFor = (branch: string, ...allowed: string[]): string =>
    manifestBranch({ base: { commit: 'b'.repeat(40), branch }, defaultBranch: 'main' }, allowed);

  it('is the default branch, whatever the pull request wants to change', () => {
    expect(branchFor('own-branch')).to.equal('main');
    expect(branchFor('main')).to.equal('main');
  });

  it('is the base branch where the settings name it', () => {
    expect(branchFor('develop', 'develop')).to.equal('develop');
    expect(branchFor('release/1.0', 'develop', 'release/*')).to.equal('release/1.0');
  });

  for (const branch of [
    'release/1/evil',
    'release',
    'Release/1',
    'x-release/1',
    'develop2',
    'main/release/1',
  ]) {
    it(`is not ${branch}, which the settings do not name`, () => {
      expect(branchFor(branch, 'develop', 'release/*')).to.equal('main');
    });
  }
});

import { expect } from 'chai';

import { branchVersion, versionBranch, versionName } from '../../../../generator/plan/version.js';
import { aContext } from '../../../support/plan.js';

const CLEAN = { commit: '1a2b3c4d5e6f708192a3b4c5d6e7f8091a2b3c4d', dirty: false, description: 'a commit' };

describe('versionName', () => {
  it('names the pull request and the commit', () => {
    expect(versionName(CLEAN, 17, [aContext('code')])).to.equal('pr-17-1a2b3c4d5e6f');
    expect(versionName(CLEAN, undefined, [aContext('code')])).to.equal('1a2b3c4d5e6f');
  });

  it('is made of the content where the files are those of no commit', () => {
    const contexts = [aContext('code'), aContext('image')];
    const dirty = versionName({ ...CLEAN, dirty: true }, undefined, contexts);
    expect(dirty).to.match(/^[a-f0-9]{12}$/);
    expect(dirty).to.not.equal(versionName(CLEAN, undefined, contexts));
    expect(dirty).to.equal(versionName({ dirty: true, description: 'a folder' }, undefined, contexts));
    const other = [aContext('code'), aContext('another image')];
    expect(versionName({ ...CLEAN, dirty: true }, undefined, other)).to.not.equal(dirty);
    expect(versionName({ dirty: true, description: 'a folder' }, 3, [aContext('code')])).to.equal(
      `pr-3-${aContext('code').key.slice(0, 12)}`,
    );
  });
});

describe('branchVersion', () => {
  it('has the branch or tag, as far as a version can be called so, and the commit', () => {
    for (const [branch, expected] of [
      ['main', 'main-1a2b3c4d5e6f'],
      ['release/1.0', 'release-1.0-1a2b3c4d5e6f'],
      ['--x..', 'x-1a2b3c4d5e6f'],
      ['größe', 'gr-e-1a2b3c4d5e6f'],
      ['日本', 'ref-1a2b3c4d5e6f'],
      ['y'.repeat(100), `${'y'.repeat(60)}-1a2b3c4d5e6f`],
    ] as const)
      expect(branchVersion(branch, CLEAN.commit), branch).to.equal(expected);
  });

  const branches = [
    'é'.repeat(300),
    '-x',
    '.x.',
    'a..b',
    'a/.b',
    'Feature/{{x}}',
    '___',
    'x.'.repeat(60),
    'pr-17',
    'pr-',
  ];
  for (const branch of branches)
    it(`is a name that Kubeflow takes: ${branch.slice(0, 20)}`, () => {
      const name = branchVersion(branch, CLEAN.commit);
      expect(name).to.match(/^[a-z0-9](?:-*[a-z0-9]|\.[a-z0-9])*$/);
      expect(`${name}-abcdef`.length).to.be.at.most(127);
      expect(name).not.to.match(/^pr-\d+-[0-9a-f]{12}$/);
    });

  it('has no name of a pull request', () => {
    expect(versionBranch('pr-17')).to.equal('branch-pr-17');
  });
});

import { expect } from 'chai';

import { parseRemote } from '../../../cli/git-remote.js';

describe('cli/git-remote', () => {
  const expected = { owner: 'some-team', name: 'wine_quality.v2' };
  for (const url of [
    'git@github.com:some-team/wine_quality.v2.git',
    'git@github.com:some-team/wine_quality.v2',
    'https://github.com/some-team/wine_quality.v2.git',
    'https://user:token@github.com/some-team/wine_quality.v2/',
    'ssh://git@github.example.com:2222/some-team/wine_quality.v2.git',
  ]) {
    it(url, () => {
      expect(parseRemote(url)).to.deep.equal(expected);
    });
  }

  for (const url of [
    '',
    '/srv/git/x.git',
    '../other',
    'https://gitlab.com/a/b/c.git',
    'git@host:a/b"\nx: y.git',
    'https://github.com/-a/b',
  ]) {
    it(`nothing of ${JSON.stringify(url)}`, () => {
      expect(parseRemote(url)).to.equal(undefined);
    });
  }
});

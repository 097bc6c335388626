import { expect } from 'chai';

import { parseRemote } from '../../../cli/git-remote.js';

describe('cli/git-remote', () => {
  const expected = { owner: 'some-team', name: 'wine_quality.v2' };
  for (const [url, host] of Object.entries({
    'git@github.com:some-team/wine_quality.v2.git': 'github.com',
    'git@github.com:some-team/wine_quality.v2': 'github.com',
    'https://github.com/some-team/wine_quality.v2.git': 'github.com',
    'https://user:token@GitHub.com/some-team/wine_quality.v2/': 'github.com',
    'ssh://git@github.example.com:2222/some-team/wine_quality.v2.git': 'github.example.com',
  })) {
    it(url, () => {
      expect(parseRemote(url)).to.deep.equal({ host, ...expected });
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

import { expect } from 'chai';

import { loggedIn, proposeRegistries } from '../../../../cli/init/find-registry.js';
import { temporaryFolder, write } from '../../../cli/project.js';

describe('the registry', () => {
  const home = temporaryFolder();
  const gitHub = { host: 'github.com', owner: 'Me', name: 'x' };

  it('is one that this machine is logged in to, without a word of the login', async () => {
    const auths = {
      'https://index.docker.io/v1/': { auth: 'c2VjcmV0' },
      'registry.example.com:5000': { auth: 'c2VjcmV0' },
      'https://ghcr.io/v2/': {},
      'not a host': {},
    };
    const credHelpers = { '1234.dkr.ecr.eu-west-1.amazonaws.com': 'ecr-login' };
    write(home, { '.docker/config.json': JSON.stringify({ auths, credHelpers }) });
    const hosts = ['1234.dkr.ecr.eu-west-1.amazonaws.com', 'ghcr.io', 'registry.example.com:5000'];
    expect(await loggedIn({ HOME: home })).to.deep.equal(hosts);
    expect(await loggedIn({ DOCKER_CONFIG: `${home}/.docker` })).to.deep.equal(hosts);
    expect(proposeRegistries(hosts, gitHub, 'me')[0]).to.equal('ghcr.io/me');
    expect(proposeRegistries(hosts, undefined, 'me')[0]).to.equal('1234.dkr.ecr.eu-west-1.amazonaws.com/me');
  });

  it('is GitHub’s for a repository there, after those with a login', () => {
    expect(proposeRegistries([], gitHub, 'me')).to.deep.equal(['ghcr.io/me']);
    expect(proposeRegistries(['r.example'], gitHub, 'me')).to.deep.equal(['r.example/me', 'ghcr.io/me']);
    expect(proposeRegistries([], { ...gitHub, host: 'github.example.com' }, 'me')).to.deep.equal([]);
  });

  for (const text of ['', '{', '[]', '{"auths": 1}', 'null'])
    it(`is none of a file with ${JSON.stringify(text)}`, async () => {
      write(home, { '.docker/config.json': text });
      expect(await loggedIn({ HOME: home })).to.deep.equal([]);
    });
});

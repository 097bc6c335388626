import { expect } from 'chai';

import { whyUnreachable } from '../../../../cli/bootstrap/unreachable.js';

describe('the address of a server of kfops bootstrap', () => {
  for (const [host, why] of [
    ['localhost', 'is an address of the machine itself'],
    ['LOCALHOST:8443', 'is an address of the machine itself'],
    ['127.1.2.3', 'is an address of the machine itself'],
    ['[::1]', 'is an address of the machine itself'],
    ['10.0.0.7', 'is no public address'],
    ['192.168.1.2:8443', 'is no public address'],
    ['[fd00::1]', 'is no public address'],
    ['kfops', 'has no domain, so only your network knows this name'],
    ['kfops-server.kfops-system.svc.cluster.local', 'is a name that only your network or cluster knows'],
    ['kfops.acme.internal.', 'is a name that only your network or cluster knows'],
  ] as const)
    it(`${host} is out of GitHub’s reach`, () => {
      expect(whyUnreachable(`https://${host}`, false)).to.equal(why);
    });

  for (const host of ['kfops.acme.com', '8.8.8.8', '[2606:4700::1]', 'localhost.acme.com'])
    it(`${host} may be reached`, () => {
      expect(whyUnreachable(`https://${host}`, false)).to.equal(undefined);
    });

  it('may be private where GitHub is one’s own, but not the machine itself', () => {
    for (const host of ['10.0.0.7', 'kfops', 'kfops.acme.internal'])
      expect(whyUnreachable(`https://${host}`, true)).to.equal(undefined);
    expect(whyUnreachable('https://localhost', true)).to.equal('is an address of the machine itself');
  });
});

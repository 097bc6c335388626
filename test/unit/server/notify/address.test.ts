import { expect } from 'chai';
import type { LookupAddress } from 'node:dns';

import { isPublic, PrivateAddressError, publicLookup } from '../../../../server/notify/address.js';

const PRIVATE = [
  '0.0.0.0',
  '10.1.2.3',
  '100.64.0.1',
  '127.0.0.1',
  '169.254.169.254',
  '172.31.255.255',
  '192.0.0.170',
  '192.168.0.1',
  '198.19.0.1',
  '224.0.0.1',
  '255.255.255.255',
  '::',
  '::1',
  '::ffff:127.0.0.1',
  '::ffff:8.8.8.8',
  '64:ff9b::a9fe:a9fe',
  '2002:7f00:1::',
  '2001:db8::1',
  'fd00:ec2::254',
  'fe80::1%eth0',
  'ff02::1',
  'localhost',
  '2130706433',
  '',
];

describe('server/notify/address', () => {
  it('threat 75: no private, link-local, loopback, embedded or reserved address is public', () => {
    expect(PRIVATE.filter(isPublic)).to.deep.equal([]);
    expect(
      ['8.8.8.8', '172.32.0.1', '100.128.0.1', '2606:4700::1111', '2a00:1450::1'].filter(
        (address) => !isPublic(address),
      ),
    ).to.deep.equal([]);
  });

  function look(addresses: LookupAddress[], options: object): Promise<unknown> {
    const lookup = publicLookup((_host, _options, callback) => {
      callback(null, addresses);
    });
    return new Promise((resolve, reject) => {
      lookup('hooks.example.com', options, (error, address, family) => {
        if (error) reject(error);
        else resolve(family === undefined ? address : [address, family]);
      });
    });
  }

  it('threat 75: a host with one address that is not public is refused, whatever the others are', async () => {
    const addresses = [
      { address: '8.8.8.8', family: 4 },
      { address: '127.0.0.1', family: 4 },
    ];
    for (const all of [true, false]) {
      const error: unknown = await look(addresses, { all }).catch((caught: unknown) => caught);
      expect(error).to.be.instanceOf(PrivateAddressError);
    }
  });

  it('gives the connection exactly the addresses that it checked', async () => {
    const addresses = [{ address: '8.8.8.8', family: 4 }];
    expect(await look(addresses, { all: true })).to.deep.equal(addresses);
    expect(await look(addresses, {})).to.deep.equal(['8.8.8.8', 4]);
  });
});

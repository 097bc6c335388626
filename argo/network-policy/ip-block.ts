import { BlockList, isIP } from 'node:net';

import { all, not, sure } from './answers.js';
import type { Answer, Peer } from './types.js';

/** Where only metadata services and neighbours are. */
const LINK_LOCAL = ['169.254.0.0/16', 'fe80::/10', 'fd00:ec2::254/128'];

/**
 * Whether a block has an address.
 *
 * @param address - undefined: an address that is not known, but is not link-local
 */
export function hasAddress(
  { cidr, except = [] }: NonNullable<Peer['ipBlock']>,
  address: string | undefined,
): Answer {
  if (address !== undefined)
    return all([isWithin(address, cidr), ...except.map((each) => not(isWithin(address, each)))]);
  const isAll = cidr === '0.0.0.0/0';
  return isAll && except.every(isLinkLocal) ? 'yes' : 'unknown';
}

function isLinkLocal(cidr: string): boolean {
  const [address = '', prefix] = cidr.split('/');
  return LINK_LOCAL.some(
    (wide) => isWithin(address, wide) === 'yes' && Number(prefix) >= Number(wide.split('/')[1]),
  );
}

function isWithin(address: string, cidr: string): Answer {
  const [network = '', prefix = ''] = cidr.split('/');
  const families = [isIP(network), isIP(address)];
  if (families.includes(0) || !/^\d{1,3}$/.test(prefix)) return 'unknown';
  if (families[0] !== families[1]) return 'no';
  const family = families[0] === 4 ? 'ipv4' : 'ipv6';
  if (Number(prefix) > (family === 'ipv4' ? 32 : 128)) return 'unknown';
  const list = new BlockList();
  list.addSubnet(network, Number(prefix), family);
  return sure(list.check(address, family));
}

import { lookup, type LookupAddress } from 'node:dns';
import { BlockList, isIP, type LookupFunction } from 'node:net';

/** IPv4 networks that aren't public: IANA's special-purpose registry, multicast and what is reserved. */
const PRIVATE_V4 = [
  '0.0.0.0/8',
  '10.0.0.0/8',
  '100.64.0.0/10',
  '127.0.0.0/8',
  '169.254.0.0/16',
  '172.16.0.0/12',
  '192.0.0.0/24',
  '192.0.2.0/24',
  '192.88.99.0/24',
  '192.168.0.0/16',
  '198.18.0.0/15',
  '198.51.100.0/24',
  '203.0.113.0/24',
  '224.0.0.0/4',
  '240.0.0.0/4',
];
/** All other IPv6 networks aren't public, those that have an IPv4 address in them included. */
const PUBLIC_V6 = ['2000::/3'];
/** Within it: Teredo and other protocols, documentation, 6to4. */
const PRIVATE_V6 = ['2001::/23', '2001:db8::/32', '2002::/16', '3fff::/20'];

const privateV4 = networks(PRIVATE_V4, 'ipv4');
const publicV6 = networks(PUBLIC_V6, 'ipv6');
const privateV6 = networks(PRIVATE_V6, 'ipv6');

/** Whether an IP address is one of the Internet's: not private, link-local (as clouds' metadata), loopback or reserved. */
export function isPublic(address: string): boolean {
  const [plain = ''] = address.split('%');
  switch (isIP(plain)) {
    case 4:
      return !privateV4.check(plain, 'ipv4');
    case 6:
      return publicV6.check(plain, 'ipv6') && !privateV6.check(plain, 'ipv6');
    default:
      return false;
  }
}

/** A host with an address that isn't public. */
export class PrivateAddressError extends Error {
  constructor() {
    super('the host has an address that is not public');
  }
}

/**
 * Finds a host's addresses as a connection does, and fails if one of them isn't public. The connection uses what this
 * returns: nothing can change between the check and the connection.
 *
 * @param resolve - default: the system's resolver
 */
export function publicLookup(resolve: Resolve = lookup): LookupFunction {
  return (host, options, callback) => {
    const { family, hints } = options;
    resolve(
      host,
      { ...(family !== undefined && { family }), ...(hints !== undefined && { hints }), all: true },
      (error, found) => {
        if (error) callback(error, '', 0);
        else if (!found.every(({ address }) => isPublic(address))) callback(new PrivateAddressError(), '', 0);
        else if (options.all === true) callback(null, found);
        else callback(null, found[0]?.address ?? '', found[0]?.family);
      },
    );
  };
}

/** As `dns.lookup` for all addresses. */
export type Resolve = (
  host: string,
  options: { family?: number | 'IPv4' | 'IPv6'; hints?: number; all: true },
  callback: (error: NodeJS.ErrnoException | null, addresses: LookupAddress[]) => void,
) => void;

function networks(list: readonly string[], family: 'ipv4' | 'ipv6'): BlockList {
  const blocks = new BlockList();
  for (const network of list) {
    const [address = '', prefix] = network.split('/');
    blocks.addSubnet(address, Number(prefix), family);
  }
  return blocks;
}

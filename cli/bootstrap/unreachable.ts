import { isIP } from 'node:net';

import { isPublic } from '../../server/notify/address.js';

const LOOPBACK = /^(?:127\.\d+\.\d+\.\d+|::1|localhost|.*\.localhost)$/;
/** Names that exist inside a network or a cluster alone: RFC 6762, RFC 8375, RFC 6761, ICANN's `.internal`, Kubernetes. */
const INSIDE = /\.(?:local|home\.arpa|test|internal|lan|svc)$/;

/**
 * Why GitHub can't send deliveries to an address, as far as the address itself shows it.
 *
 * @param url - of the server
 * @param isOwnGitHub - GitHub Enterprise Server, which can be in the same network
 * @returns a clause about the host
 */
export function whyUnreachable(url: string, isOwnGitHub: boolean): string | undefined {
  const host = new URL(url).hostname.replace(/^\[|\]$/g, '').replace(/\.$/, '');
  if (LOOPBACK.test(host)) return 'is an address of the machine itself';
  if (isOwnGitHub) return undefined;
  if (isIP(host)) return isPublic(host) ? undefined : 'is no public address';
  if (!host.includes('.')) return 'has no domain, so only your network knows this name';
  return INSIDE.test(host) ? 'is a name that only your network or cluster knows' : undefined;
}

import { trimEndOf } from './trim-end.js';

/** GitHub's own API. */
export const PUBLIC_API = 'https://api.github.com';

/**
 * Where the pages of a GitHub are: `https://api.github.com` → `https://github.com`; of GitHub Enterprise,
 * `https://host/api/v3` and `https://api.host` → `https://host`.
 *
 * @param api - address of its API; default: {@link PUBLIC_API}
 * @returns an address without a slash at its end
 */
export function githubWeb(api: string = PUBLIC_API): string {
  const { protocol, host, pathname } = new URL(trimEndOf(api, '/'));
  const path = pathname.replace(/\/api\/v3$/, '').replace(/\/$/, '');
  return `${protocol}//${host.replace(/^api\./, '')}${path}`;
}

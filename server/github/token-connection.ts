import type { Account } from '../ports.js';
import {
  accountOf,
  octokitOptions,
  watchCalls,
  type Connection,
  type ConnectionOptions,
} from './connection.js';

/**
 * Calls with the token of a machine account.
 *
 * @param token - asked for with every call
 */
export async function tokenConnection(token: () => string, options: ConnectionOptions): Promise<Connection> {
  // A third of a second to load, which only a server needs.
  const { Octokit } = await import('octokit');
  const octokit = new Octokit(octokitOptions(options));
  watchCalls(octokit, options.onCall);
  octokit.hook.before('request', (request) => {
    request.headers.authorization = `token ${token()}`;
  });
  let me: { readonly by: string; readonly account: Account } | undefined;
  return {
    kind: 'token',
    access: () => Promise.resolve({ octokit, lane: '' }),
    forget: () => {
      me = undefined;
    },
    async me() {
      // Another token may be another account's.
      const by = token();
      if (me?.by === by) return me.account;
      const { data } = await octokit.request('GET /user');
      me = { by, account: accountOf(data) };
      return me.account;
    },
    gitToken: () => Promise.resolve(token()),
  };
}

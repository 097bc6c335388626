import type { GitAccess } from '../ports.js';
import type { Calls } from './calls.js';
import type { Connection } from './connection.js';

/** How git reaches a repository: over https, with a token that reads only this one where the server is an App. */
export function gitAccess(calls: Calls, connection: Connection, web: string): GitAccess {
  return {
    url: ({ owner, name }) => `${web}/${encodeURIComponent(owner)}/${encodeURIComponent(name)}.git`,
    token: (repository) => calls.persist(() => connection.gitToken(repository), repository),
  };
}

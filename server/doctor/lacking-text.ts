import { enumerate } from '../../common/enumerate.js';
import type { Grants } from '../github/facts.js';
import type { Needs } from './needs.js';

/** Words of GitHub's pages for a level. */
export const ACCESS = { read: 'read-only', write: 'read and write' } as const;

/** What is lacking, as GitHub's pages name it, with the reason: a clause. */
export function lackingText({ rights, events }: Needs, { permissions }: Pick<Grants, 'permissions'>): string {
  return enumerate([
    ...rights.map(({ scope, what, access, why }) => {
      const has = permissions[scope] === undefined ? '' : `; it has ${permissions[scope]}`;
      return `the permission ${what}: ${ACCESS[access]} (${why}${has})`;
    }),
    ...events.map(({ what, why }) => `the event ${what} (${why})`),
  ]);
}

/** What is granted: `contents: read, …; events issue_comment, …`. */
export function neededText({ rights, events }: Needs): string {
  const names = rights.map(({ scope, access }) => `${scope}: ${access}`).join(', ');
  return `${names}; events ${events.map(({ event }) => event).join(', ')}`;
}

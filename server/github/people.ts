import type { People, Permission } from '../ports.js';
import type { Calls } from './calls.js';
import type { Connection } from './connection.js';

/** GitHub's roles, and what its older field `permission` says for each of them. */
const ROLES: Readonly<Record<Permission, string>> = {
  none: 'none',
  read: 'read',
  triage: 'read',
  write: 'write',
  maintain: 'write',
  admin: 'admin',
};

/** Who somebody is, and what they may do. */
export function people(calls: Calls, connection: Connection): People {
  return {
    me: (repository) => calls.persist(() => connection.me(repository), repository),

    async permission(repository, login) {
      const { owner, name } = repository;
      // 404 for an unknown person. GitHub has just named them, so in all other cases they exist.
      const found = await calls.find(
        repository,
        (octokit) =>
          octokit.request('GET /repos/{owner}/{repo}/collaborators/{username}/permission', {
            owner,
            repo: name,
            username: login,
          }),
        { awaitsNotFound: true },
      );
      return found ? roleOf(found.data) : 'none';
    },
  };
}

/**
 * The role, if it is one of GitHub's own. A custom role of an organization counts as the role it is based on, which the
 * older field has; so does a role that contradicts that field. Anything unknown has no permission.
 */
function roleOf({
  role_name: role,
  permission,
}: {
  readonly role_name: string;
  readonly permission: string;
}): Permission {
  if (isRole(role) && ROLES[role] === permission) return role;
  return isRole(permission) && ROLES[permission] === permission ? permission : 'none';
}

function isRole(text: string): text is Permission {
  return Object.hasOwn(ROLES, text);
}

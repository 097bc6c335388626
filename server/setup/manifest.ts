import type { GitHubAddress } from '../github/address.js';

/** A permission of the App. Each is a row of the table in docs/install.md. */
export interface AppRight {
  /** GitHub's key for it. */
  readonly scope: string;
  /** Its name on GitHub's pages. */
  readonly what: string;
  readonly access: 'read' | 'write';
  /** What the server does with it. */
  readonly why: string;
  /** The features that need it. */
  readonly usedBy: string;
}

/** An event that GitHub sends to the App. Each is a row of the table in docs/install.md. */
export interface AppEvent {
  /** GitHub's key for it. */
  readonly event: string;
  /** Its name on GitHub's pages. */
  readonly what: string;
  readonly why: string;
  readonly usedBy: string;
  /** Keys of `server.triggers`. A server whose settings have none of them does without the event. */
  readonly triggers?: readonly string[];
}

/** What the App may do, and why. */
export const RIGHTS: readonly AppRight[] = [
  {
    scope: 'contents',
    what: 'Contents',
    access: 'read',
    why: 'the files of a commit',
    usedBy: 'all commands that read a repository',
  },
  {
    scope: 'pull_requests',
    what: 'Pull requests',
    access: 'write',
    why: 'its comment, and its commit',
    usedBy: 'all commands',
  },
  {
    scope: 'issues',
    what: 'Issues',
    access: 'write',
    why: 'comments and reactions',
    usedBy: 'all commands',
  },
  {
    scope: 'checks',
    what: 'Checks',
    access: 'write',
    why: "a build's state on its commit",
    usedBy: 'all builds',
  },
  {
    scope: 'metadata',
    what: 'Metadata',
    access: 'read',
    why: 'who has write permission; every App has it',
    usedBy: 'all commands',
  },
];

/** What GitHub tells the App, and why. */
export const EVENTS: readonly AppEvent[] = [
  {
    event: 'issue_comment',
    what: 'Issue comment',
    why: 'somebody wrote a command',
    usedBy: 'all commands',
  },
  {
    event: 'pull_request',
    what: 'Pull request',
    why: 'a pull request has new commits, or was closed',
    usedBy: 'stopping builds of closed pull requests; `server.triggers.pull_request`',
  },
  {
    event: 'push',
    what: 'Push',
    why: 'a branch or tag has a new commit',
    usedBy: '`server.triggers.push` and `server.triggers.tag`; not needed without them',
    triggers: ['push', 'tag'],
  },
];

/** What an App is made of. */
export interface AppOptions {
  /** Address of this server. */
  readonly url: string;
  /** Empty for an App of one's own account. */
  readonly organization: string;
  /** Where these pages are, if not at the server's address. */
  readonly pages?: string;
}

/** GitHub cuts longer names. */
const NAME_LENGTH = 34;

/** The name that the form on GitHub begins with. Names are unique in all of GitHub. */
export function appName({ url, organization }: AppOptions): string {
  const owner = organization || new URL(url).hostname.replaceAll('.', '-');
  return (owner.startsWith('kfops') ? owner : `kfops-${owner}`).slice(0, NAME_LENGTH);
}

/** The manifest that GitHub's form takes (docs.github.com, "Registering a GitHub App from a manifest"). */
export function appManifest(options: AppOptions): object {
  const { url, pages = url } = options;
  return {
    name: appName(options),
    url,
    hook_attributes: { url: `${url}/webhook`, active: true },
    redirect_url: `${pages}/setup/done`,
    public: false,
    default_permissions: Object.fromEntries(RIGHTS.map(({ scope, access }) => [scope, access])),
    default_events: EVENTS.map(({ event }) => event),
  };
}

/** The page of GitHub that takes the manifest. */
export function manifestPage({ web }: GitHubAddress, organization: string, state: string): string {
  const owner = organization === '' ? '' : `/organizations/${encodeURIComponent(organization)}`;
  return `${web}${owner}/settings/apps/new?state=${state}`;
}

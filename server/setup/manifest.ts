import type { GitHubAddress } from '../github/address.js';

/** What the App may do, and why. */
export const RIGHTS = [
  { scope: 'contents', what: 'Contents', access: 'read', why: 'the files of a commit' },
  { scope: 'pull_requests', what: 'Pull requests', access: 'write', why: 'its comment, and who asks' },
  { scope: 'issues', what: 'Issues', access: 'write', why: 'comments and reactions' },
  { scope: 'checks', what: 'Checks', access: 'write', why: "a build's state on its commit" },
  { scope: 'metadata', what: 'Metadata', access: 'read', why: 'GitHub asks it of every App' },
] as const;

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
    default_events: ['issue_comment', 'pull_request', 'push'],
  };
}

/** The page of GitHub that takes the manifest. */
export function manifestPage({ web }: GitHubAddress, organization: string, state: string): string {
  const owner = organization === '' ? '' : `/organizations/${encodeURIComponent(organization)}`;
  return `${web}${owner}/settings/apps/new?state=${state}`;
}

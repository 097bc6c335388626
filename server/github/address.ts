import { WorkError } from '../../schema/index.js';
import { githubWeb, PUBLIC_API } from '../../schema/github-web.js';
import { trimEndOf } from '../../schema/trim-end.js';

/** Where GitHub is. Nothing that comes in from outside, no header and no payload, has a part in it. */
export interface GitHubAddress {
  /** Of the API, without a slash at its end. */
  readonly api: string;
  /** Of pages and of git, without a slash at its end. */
  readonly web: string;
}

/**
 * The addresses from the settings, else from the environment: `GITHUB_API_URL` and `GITHUB_SERVER_URL`, as GitHub Actions
 * names them.
 *
 * @throws WorkError when the environment's are no addresses
 */
export function gitHubAddress(
  settings: { readonly api_url?: string },
  env: Readonly<Record<string, string | undefined>>,
): GitHubAddress {
  const api = trimmed(settings.api_url ?? fromEnvironment('GITHUB_API_URL', env) ?? PUBLIC_API);
  const web = fromEnvironment('GITHUB_SERVER_URL', env);
  return { api, web: web === undefined ? githubWeb(api) : trimmed(web) };
}

function fromEnvironment(
  name: string,
  env: Readonly<Record<string, string | undefined>>,
): string | undefined {
  const text = env[name];
  if (text === undefined || text === '') return undefined;
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url && /^https?:$/.test(url.protocol) && url.username === '' && url.search === '' && url.hash === '')
    return text;
  throw new WorkError(
    `the environment variable ${name} is not an address with http:// or https://`,
    `Set it to GitHub's address, for example ${PUBLIC_API}, or unset it.`,
  );
}

function trimmed(url: string): string {
  return trimEndOf(url, '/');
}

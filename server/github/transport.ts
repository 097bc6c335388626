import { GitHubError } from './errors.js';

/** Milliseconds for one request, its answer included. */
export const TIMEOUT_MS = 20_000;
/** GitHub redirects once, from a repository's former name. */
const REDIRECTS = 3;
/** Bytes of an answer. A page of 100 of the longest comments is a quarter of it. */
const LARGEST_ANSWER_BYTES = 64 * 1024 * 1024;

/** As octokit calls it. */
export type Fetch = (url: string, options: RequestInit) => Promise<Response>;

/**
 * `fetch` for octokit that never sends a token anywhere but to GitHub's API: redirects are followed on the same origin
 * only, and no part of a path can lead to another resource. It has a time limit, and reads the whole answer itself:
 * octokit treats a truncated body as an empty one.
 *
 * @param apiUrl - GitHub's API; everything else is refused
 */
export function gitHubFetch(apiUrl: string, timeoutMs = TIMEOUT_MS): Fetch {
  const base = new URL(apiUrl);
  return async (url, options) => {
    const signal = AbortSignal.timeout(timeoutMs);
    let request: RequestInit = { ...options, redirect: 'manual', signal };
    let target = checked(url, base, apiUrl);
    for (let hops = 0; hops <= REDIRECTS; hops++) {
      const response = await fetch(target, request);
      const location = response.headers.get('location');
      if (location === null || response.status < 300 || response.status >= 400)
        return await whole(response, apiUrl);
      await response.body?.cancel();
      target = checked(new URL(location, target).href, base, apiUrl);
      // As GitHub says it: 307 for what is not a GET; only then it is done again as it was.
      if (response.status < 307 && request.method !== 'GET')
        request = { ...request, method: 'GET', body: null };
    }
    throw strange(apiUrl, 'too many redirects');
  };
}

function checked(url: string, base: URL, apiUrl: string): string {
  const written = /^[^?#]*/.exec(url)?.[0] ?? '';
  // `..` as the name of a repository would make it another path.
  if (/\/(?:\.|%2e){1,2}(?:\/|$)/i.test(written) || !URL.canParse(url))
    throw strange(apiUrl, "a name that isn't valid in a URL");
  const { origin } = new URL(url);
  if (origin !== base.origin) throw strange(apiUrl, `it redirects to another host, ${origin}`);
  return url;
}

/** The same answer, read to its end. */
async function whole(response: Response, apiUrl: string): Promise<Response> {
  const { status, statusText, headers } = response;
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of response.body ?? []) {
    chunks.push(chunk as Uint8Array);
    size += (chunk as Uint8Array).length;
    if (size > LARGEST_ANSWER_BYTES) throw strange(apiUrl, 'an endless response');
  }
  const isEmpty = size === 0 || status === 204 || status === 304;
  if (!isEmpty && status < 300 && !(headers.get('content-type') ?? '').includes('json'))
    throw strange(apiUrl, "a response that isn't JSON");
  return new Response(isEmpty ? null : Buffer.concat(chunks), { status, statusText, headers });
}

function strange(apiUrl: string, problem: string): GitHubError {
  return new GitHubError(
    apiUrl,
    problem,
    'check that settings.server.github.api_url is GitHub’s API: https://api.github.com, or https://host/api/v3',
    { status: 0, trouble: 'refused' },
  );
}

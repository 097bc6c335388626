/** The most that GitHub gives at a time. */
export const PER_PAGE = 100;

/** A page as octokit gives it. */
interface Page<T> {
  readonly data: T;
  readonly headers: { readonly link?: string | undefined };
}

/**
 * All pages of a list, by number. Octokit's own paginate goes wherever a header of the answer points, with the token.
 *
 * @param ask - for a page, from 1
 */
export async function* pages<T>(ask: (page: number) => Promise<Page<T>>): AsyncGenerator<T> {
  for (let page = 1; ; page++) {
    const { data, headers } = await ask(page);
    yield data;
    if (!/;\s*rel="next"/.test(headers.link ?? '')) return;
  }
}

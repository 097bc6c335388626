import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';

import { sentence, ServiceError } from '../../schema/index.js';
import type { GitHubAddress } from '../github/address.js';
import type { HttpResponse } from '../http/listener.js';
import { exchangeCode, type NewApp } from './exchange.js';
import { problemPage, startPage } from './pages.js';

/** Wrong codes that are taken, in the life of this process. */
const TRIES = 10;
/** Pages that may be open at once, in several tabs. */
const OPEN_PAGES = 8;

const ORGANIZATION = /^(?:[A-Za-z0-9][A-Za-z0-9-]{0,38})?$/;
const GITHUB_CODE = /^[\w-]{1,200}$/;

/** What {@link SetupSession} is given. */
export interface SessionOptions {
  readonly github: GitHubAddress;
  /** Of the server, without a slash at its end. */
  readonly url: string | undefined;
  /** How to start over, as an imperative. */
  readonly again: string;
  readonly finish: (app: NewApp) => HttpResponse | Promise<HttpResponse>;
  readonly onFailure?: (error: ServiceError) => void;
  readonly onClose?: () => void;
}

/** The pages of one set-up, for who knows its one-time code. They make one App. */
export class SetupSession {
  readonly #code = randomBytes(24).toString('base64url');
  /** Of the pages that are open. */
  #states: string[] = [];
  #wrong = 0;
  #made = false;

  /** Where these pages are, if not at the server's address. */
  #pages: string | undefined;

  constructor(private readonly options: SessionOptions) {}

  /** Address of the first page, with the code. */
  address(port: number): string {
    return `${this.options.url ?? `http://localhost:${port}`}/setup?code=${this.#code}`;
  }

  /** The same on this machine, to which GitHub then sends the browser back. */
  localAddress(port: number): string {
    this.#pages = `http://127.0.0.1:${port}`;
    return `${this.#pages}/setup?code=${this.#code}`;
  }

  /** Answers a request; undefined if it's for none of these pages. */
  page({ pathname, searchParams }: URL): Promise<HttpResponse> | HttpResponse | undefined {
    if (pathname !== '/setup' && pathname !== '/setup/done') return undefined;
    if (this.#made) {
      return problemPage(
        410,
        'The GitHub App was created, and its keys are given once.',
        `If you lost them, delete the App on GitHub, then ${this.options.again}.`,
      );
    }
    if (this.#wrong >= TRIES) {
      return problemPage(
        403,
        'The set-up is closed.',
        sentence(`${this.options.again}: it prints a new code`),
      );
    }
    return pathname === '/setup' ? this.#start(searchParams) : this.#finish(searchParams);
  }

  #start(query: URLSearchParams): HttpResponse {
    const code = this.#code;
    if (!same(query.get('code') ?? '', code)) return this.#refuse(query.has('code'));
    const { url, github } = this.options;
    if (url === undefined) {
      return problemPage(
        409,
        "The server's public address isn't configured.",
        'Set server.url in the settings, then restart the server.',
      );
    }
    const organization = query.get('organization')?.trim() ?? '';
    if (!ORGANIZATION.test(organization)) {
      return problemPage(
        400,
        "This isn't a valid name of a GitHub organization.",
        'Go back and enter its name as in the URL of its page.',
      );
    }
    const state = randomBytes(24).toString('base64url');
    this.#states = [...this.#states, state].slice(-OPEN_PAGES);
    const pages = this.#pages;
    return startPage(github, { url, organization, ...(pages !== undefined && { pages }) }, { code, state });
  }

  async #finish(query: URLSearchParams): Promise<HttpResponse> {
    const given = query.get('state') ?? '';
    const state = this.#states.find((known) => same(given, known));
    const githubCode = query.get('code') ?? '';
    if (state === undefined || !GITHUB_CODE.test(githubCode)) return this.#refuse(query.has('state'));
    this.#states = this.#states.filter((known) => known !== state);
    try {
      const app = await exchangeCode(this.options.github.api, githubCode);
      this.#made = true;
      return await this.options.finish(app);
    } catch (err) {
      if (!(err instanceof ServiceError)) throw err;
      this.options.onFailure?.(err);
      return problemPage(502, `${err.message}.`, err.nextStep);
    }
  }

  #refuse(counts: boolean): HttpResponse {
    if (counts && ++this.#wrong === TRIES) this.options.onClose?.();
    return problemPage(403, 'Wrong set-up code.', 'Open the full URL that was printed at the start.');
  }
}

/** In a time that says nothing about where they differ. */
function same(one: string, other: string): boolean {
  const [a, b] = [one, other].map((text) => createHash('sha256').update(text).digest());
  return a !== undefined && b !== undefined && timingSafeEqual(a, b);
}

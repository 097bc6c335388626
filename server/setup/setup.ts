import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';

import { ServiceError, type Settings } from '../../schema/index.js';
import { trimEndOf } from '../../schema/trim-end.js';
import { gitHubAddress, type GitHubAddress } from '../github/address.js';
import type { HttpResponse, Pages } from '../http/listener.js';
import type { Logger } from '../telemetry/log.js';
import { exchangeCode } from './exchange.js';
import { donePage, problemPage, startPage } from './pages.js';

/** What {@link openSetup} is made of. */
export interface SetupOptions {
  readonly settings: Pick<Settings['server'], 'url' | 'github'>;
  readonly log: Logger;
  readonly env: Readonly<Record<string, string | undefined>>;
}

/** The set-up of a server that does not know GitHub yet. */
export interface Setup {
  /** For `startHttp`. */
  readonly pages: Pages;
  /**
   * Address of the page, with the one-time code. To be printed once, at the start.
   *
   * @param port - at which the server listens, for where the settings name no address of it
   */
  address(port: number): string;
}

/** Wrong codes that are taken, in the life of this process. */
const TRIES = 10;
/** Pages that may be open at once, in several tabs. */
const OPEN_PAGES = 8;

const ORGANIZATION = /^(?:[A-Za-z0-9][A-Za-z0-9-]{0,38})?$/;
const GITHUB_CODE = /^[\w-]{1,200}$/;

/**
 * Lets an operator make a GitHub App in one click: `/setup` sends GitHub a manifest, and GitHub sends the browser back
 * to `/setup/done` with a code for the App's keys. Only who reads the server's first lines knows the code for it.
 *
 * @returns undefined where the settings name an App or a token already
 */
export function openSetup({ settings, log, env }: SetupOptions): Setup | undefined {
  if (settings.github.app || settings.github.token_file !== undefined) return undefined;
  const url = settings.url === undefined ? undefined : trimEndOf(settings.url, '/');
  const session = new SetupSession(gitHubAddress(settings.github, env), url, log);
  return {
    address: (port) => session.address(port),
    pages: (page) => session.page(page),
  };
}

class SetupSession {
  readonly #code = randomBytes(24).toString('base64url');
  /** Of the pages that are open. */
  #states: string[] = [];
  #wrong = 0;
  #made = false;

  constructor(
    private readonly github: GitHubAddress,
    /** Of this server, without a slash at its end. */
    private readonly url: string | undefined,
    private readonly log: Logger,
  ) {}

  address(port: number): string {
    return `${this.url ?? `http://localhost:${port}`}/setup?code=${this.#code}`;
  }

  page({ pathname, searchParams }: URL): Promise<HttpResponse> | HttpResponse | undefined {
    if (pathname !== '/setup' && pathname !== '/setup/done') return undefined;
    if (this.#made) {
      return problemPage(
        410,
        'The GitHub App was created, and its keys were shown.',
        'If you lost them, delete the App on GitHub, then restart the server.',
      );
    }
    if (this.#wrong >= TRIES) {
      return problemPage(403, 'The set-up is closed.', 'Restart the server: it prints a new code.');
    }
    return pathname === '/setup' ? this.#start(searchParams) : this.#finish(searchParams);
  }

  #start(query: URLSearchParams): HttpResponse {
    const code = this.#code;
    if (!same(query.get('code') ?? '', code)) return this.#refuse(query.has('code'));
    if (this.url === undefined) {
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
    return startPage(this.github, { url: this.url, organization }, { code, state });
  }

  async #finish(query: URLSearchParams): Promise<HttpResponse> {
    const given = query.get('state') ?? '';
    const state = this.#states.find((known) => same(given, known));
    const githubCode = query.get('code') ?? '';
    if (state === undefined || !GITHUB_CODE.test(githubCode)) return this.#refuse(query.has('state'));
    this.#states = this.#states.filter((known) => known !== state);
    try {
      const app = await exchangeCode(this.github.api, githubCode);
      this.#made = true;
      this.log.info({ app: app.id, name: app.name }, 'GitHub App created; its keys were shown');
      return donePage(app);
    } catch (err) {
      if (!(err instanceof ServiceError)) throw err;
      this.log.error({ err }, "the set-up failed to get the App's keys");
      return problemPage(502, `${err.message}.`, err.nextStep);
    }
  }

  #refuse(counts: boolean): HttpResponse {
    if (counts && ++this.#wrong === TRIES) {
      this.log.warn('set-up closed after too many wrong codes; restart the server to open it');
    }
    return problemPage(403, 'Wrong set-up code.', 'Open the full URL that the server printed at its start.');
  }
}

/** In a time that says nothing about where they differ. */
function same(one: string, other: string): boolean {
  const [a, b] = [one, other].map((text) => createHash('sha256').update(text).digest());
  return a !== undefined && b !== undefined && timingSafeEqual(a, b);
}

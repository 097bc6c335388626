import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';

import { sentence, ServiceError, type Settings } from '../../schema/index.js';
import { trimEndOf } from '../../schema/trim-end.js';
import { gitHubAddress, type GitHubAddress } from '../github/address.js';
import type { HttpResponse, Pages } from '../http/listener.js';
import type { Logger } from '../telemetry/log.js';
import { exchangeCode, type NewApp } from './exchange.js';
import { donePage, problemPage, startPage } from './pages.js';

export type { NewApp } from './exchange.js';
export { problemPage, storedPage } from './pages.js';

/** What {@link openSetup} is made of. */
export interface SetupOptions {
  readonly settings: Pick<Settings['server'], 'url' | 'github'>;
  readonly log: Logger;
  readonly env: Readonly<Record<string, string | undefined>>;
}

/** What {@link openLocalSetup} is made of. */
export interface LocalSetupOptions {
  readonly github: GitHubAddress;
  /** Of the server, without a slash at its end: GitHub sends deliveries there. */
  readonly url: string;
  /** Takes the App's keys, which GitHub gives once; makes the page that follows. */
  readonly keep: (app: NewApp) => Promise<HttpResponse>;
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
  const session = new SetupSession({
    github: gitHubAddress(settings.github, env),
    url,
    again: 'restart the server',
    finish: (app) => {
      log.info({ app: app.id, name: app.name }, 'GitHub App created; its keys were shown');
      return donePage(app);
    },
    onFailure: (err) => {
      log.error({ err }, "the set-up failed to get the App's keys");
    },
    onClose: () => {
      log.warn('set-up closed after too many wrong codes; restart the server to open it');
    },
  });
  return {
    address: (port) => session.address(port),
    pages: (page) => session.page(page),
  };
}

/**
 * The same on the operator's own machine, for a command that stores the keys itself. GitHub sends the browser back to
 * that machine.
 */
export function openLocalSetup({ github, url, keep }: LocalSetupOptions): Setup {
  const session = new SetupSession({ github, url, again: 'run the command again', finish: keep });
  return {
    address: (port) => session.localAddress(port),
    pages: (page) => session.page(page),
  };
}

interface SessionOptions {
  readonly github: GitHubAddress;
  /** Of the server, without a slash at its end. */
  readonly url: string | undefined;
  /** How to start over, as an imperative. */
  readonly again: string;
  readonly finish: (app: NewApp) => HttpResponse | Promise<HttpResponse>;
  readonly onFailure?: (error: ServiceError) => void;
  readonly onClose?: () => void;
}

class SetupSession {
  readonly #code = randomBytes(24).toString('base64url');
  /** Of the pages that are open. */
  #states: string[] = [];
  #wrong = 0;
  #made = false;

  /** Where these pages are, if not at the server's address. */
  #pages: string | undefined;

  constructor(private readonly options: SessionOptions) {}

  address(port: number): string {
    return `${this.options.url ?? `http://localhost:${port}`}/setup?code=${this.#code}`;
  }

  localAddress(port: number): string {
    this.#pages = `http://127.0.0.1:${port}`;
    return `${this.#pages}/setup?code=${this.#code}`;
  }

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

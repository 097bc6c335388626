import type { Settings } from '../../schema/index.js';
import { trimEndOf } from '../../schema/trim-end.js';
import { gitHubAddress, type GitHubAddress } from '../github/address.js';
import type { HttpResponse, Pages } from '../http/listener.js';
import type { Logger } from '../telemetry/log.js';
import type { NewApp } from './exchange.js';
import { donePage } from './pages.js';
import { SetupSession } from './setup-session.js';

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

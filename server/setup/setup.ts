import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';

import { ServiceError, type Settings } from '../../schema/index.js';
import { trimEndOf } from '../../schema/trim-end.js';
import { gitHubAddress } from '../github/address.js';
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
  const github = gitHubAddress(settings.github, env);
  const url = settings.url === undefined ? undefined : trimEndOf(settings.url, '/');
  const code = randomBytes(24).toString('base64url');
  let states: string[] = [];
  let wrong = 0;
  let made = false;

  const start = (query: URLSearchParams): HttpResponse => {
    if (!same(query.get('code') ?? '', code)) return refuse(query.has('code'));
    if (url === undefined) {
      return problemPage(
        409,
        'The settings do not say at which address GitHub reaches this server.',
        'Set server.url in the settings, and start the server anew.',
      );
    }
    const organization = query.get('organization')?.trim() ?? '';
    if (!ORGANIZATION.test(organization)) {
      return problemPage(
        400,
        'An organization cannot have this name on GitHub.',
        'Go back, and write its name as it stands in the address of its page.',
      );
    }
    const state = randomBytes(24).toString('base64url');
    states = [...states, state].slice(-OPEN_PAGES);
    return startPage(github, { url, organization }, { code, state });
  };

  const finish = async (query: URLSearchParams): Promise<HttpResponse> => {
    const given = query.get('state') ?? '';
    const state = states.find((known) => same(given, known));
    const githubCode = query.get('code') ?? '';
    if (state === undefined || !GITHUB_CODE.test(githubCode)) return refuse(query.has('state'));
    states = states.filter((known) => known !== state);
    try {
      const app = await exchangeCode(github.api, githubCode);
      made = true;
      log.info({ app: app.id, name: app.name }, 'a GitHub App was made; its keys were shown');
      return donePage(app);
    } catch (err) {
      if (!(err instanceof ServiceError)) throw err;
      log.error({ err }, "the set-up did not get the App's keys");
      return problemPage(502, `${err.message}.`, err.nextStep);
    }
  };

  const refuse = (counts: boolean): HttpResponse => {
    if (counts && ++wrong === TRIES) {
      log.warn('the set-up is closed after too many wrong codes; start the server anew to open it');
    }
    return problemPage(
      403,
      'This is not the code of this server.',
      'Open the address that the server printed when it started, all of it.',
    );
  };

  return {
    address: (port) => `${url ?? `http://localhost:${port}`}/setup?code=${code}`,
    pages: ({ pathname, searchParams }) => {
      const answer = { '/setup': start, '/setup/done': finish }[pathname];
      if (!answer) return undefined;
      if (made) {
        return problemPage(
          410,
          'The GitHub App was made, and its keys were shown.',
          'Where they are lost, delete the App on GitHub, and start the server anew.',
        );
      }
      if (wrong >= TRIES) {
        return problemPage(403, 'The set-up is closed.', 'Start the server anew: it prints another code.');
      }
      return answer(searchParams);
    },
  };
}

/** In a time that says nothing about where they differ. */
function same(one: string, other: string): boolean {
  const [a, b] = [one, other].map((text) => createHash('sha256').update(text).digest());
  return a !== undefined && b !== undefined && timingSafeEqual(a, b);
}

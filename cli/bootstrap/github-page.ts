import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

import { ServiceError } from '../../schema/index.js';
import type { GitHubAddress } from '../../server/github/address.js';
import { plain, send, type HttpResponse } from '../../server/http/response.js';
import { type NewApp, openLocalSetup, type Setup, storedPage } from '../../server/setup/setup.js';
import type { Io } from '../io.js';
import type { GitHubCredentials } from './choices.js';

/** What {@link makeApp} is made of. */
export interface AppPageOptions {
  readonly github: GitHubAddress;
  /** Of the server: GitHub sends deliveries to its `/webhook`. */
  readonly url: string;
  /** Called with the address of the page. It has a code that is good for one App. */
  readonly announce: (address: string, port: number) => void;
  /** Stores the App's keys; says where, as a page has it: `the Secret kfops-github`. */
  readonly keep: (credentials: Extract<GitHubCredentials, { kind: 'app' }>) => Promise<string>;
}

/**
 * Serves the page that makes a GitHub App with one click, on this machine alone, until the App's keys are stored.
 *
 * @returns the App's number, name and page
 * @throws ServiceError when the keys cannot be stored
 */
export async function makeApp(
  { interrupted, unrepeatable }: Pick<Io, 'interrupted' | 'unrepeatable'>,
  { github, url, announce, keep }: AppPageOptions,
): Promise<Pick<NewApp, 'id' | 'name' | 'page'>> {
  let server: Server | undefined;
  try {
    return await new Promise((resolve, reject) => {
      const store = async (app: NewApp): Promise<HttpResponse> => {
        try {
          const { id, privateKey, webhookSecret } = app;
          const place = await keep({ kind: 'app', id, privateKey, webhookSecret });
          resolve(app);
          return storedPage(app, place);
        } catch (error) {
          const lost = lostKeys(app, error);
          reject(lost);
          throw lost;
        }
      };
      const setup = openLocalSetup({ github, url, keep: store });
      server = createServer((request, response) => {
        // Ctrl-C waits from GitHub's code on: GitHub gives the keys for it once.
        const work = answer(setup, request, response).finally(() => unrepeatable.delete(work));
        unrepeatable.add(work);
      });
      server.on('error', reject);
      server.listen(0, '127.0.0.1', () => {
        const { port } = server?.address() as AddressInfo;
        announce(setup.address(port), port);
      });
      interrupted.addEventListener(
        'abort',
        () => {
          reject(interrupted.reason as Error);
        },
        { once: true },
      );
    });
  } finally {
    // The last page is still on its way to the browser.
    server?.close();
    server?.closeIdleConnections();
  }
}

async function answer(setup: Setup, request: IncomingMessage, response: ServerResponse): Promise<void> {
  response.setHeader('connection', 'close');
  let page: HttpResponse | undefined;
  try {
    const url = new URL(request.url ?? '', 'http://localhost');
    page = request.method === 'GET' ? await setup.pages(url) : plain(405, 'method not allowed');
  } catch {
    page = plain(500, 'internal error; see the terminal');
  }
  send(request, response, page ?? plain(404, 'not found'));
}

/** Not as its cause: nothing of the answer with the keys must get into an error. */
function lostKeys({ name }: NewApp, error: unknown): ServiceError {
  const why = error instanceof ServiceError ? error.problem : 'an unexpected error';
  return new ServiceError(
    'Kubernetes API',
    error instanceof ServiceError ? error.address : '',
    `the keys of the new GitHub App ${name} could not be stored: ${why}`,
    `Delete the App ${name} on GitHub, then run the command again: GitHub gives the keys once.`,
  );
}

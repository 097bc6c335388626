import { once } from 'node:events';
import { createReadStream } from 'node:fs';
import { createServer, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

import type { GitHubPull } from '../fixtures/github/index.js';
import { MERMAID, pageOf, SCRIPT, STYLE, threadOf } from './page.js';

/** Raw HTML of a comment can't run anything or load anything from elsewhere. */
const POLICY =
  "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; connect-src 'self'; img-src 'self' data:";

/** Shows a pull request to browsers on this machine. */
export class PageServer {
  readonly #watching = new Set<ServerResponse>();
  readonly #server: Server;

  private constructor(private readonly pull: GitHubPull) {
    this.#server = createServer((request, response) => {
      this.#answer(request.url ?? '/', response);
    });
  }

  /** @throws with `code` EADDRINUSE or EACCES if it can't listen at the port */
  static async start(pull: GitHubPull, port: number): Promise<PageServer> {
    const page = new PageServer(pull);
    page.#server.listen(port, '127.0.0.1');
    await once(page.#server, 'listening');
    return page;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  /** The pull request changed. */
  refresh(): void {
    for (const response of this.#watching) response.write('data:\n\n');
  }

  async stop(): Promise<void> {
    const closed = once(this.#server, 'close');
    this.#server.close();
    this.#server.closeAllConnections();
    await closed;
  }

  #answer(path: string, response: ServerResponse): void {
    if (path === '/') send(response, 'text/html', pageOf(this.pull));
    else if (path === '/thread') send(response, 'text/html', threadOf(this.pull));
    else if (path === '/style.css') send(response, 'text/css', STYLE);
    else if (path === '/page.js') send(response, 'text/javascript', SCRIPT);
    else if (path === '/mermaid.js' && MERMAID !== undefined) {
      response.writeHead(200, { 'content-type': 'text/javascript' });
      createReadStream(MERMAID).pipe(response);
    } else if (path === '/events') this.#watch(response);
    else response.writeHead(404).end('Not found\n');
  }

  #watch(response: ServerResponse): void {
    response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-store' });
    response.write('retry: 1000\ndata:\n\n');
    this.#watching.add(response);
    response.on('close', () => this.#watching.delete(response));
  }
}

function send(response: ServerResponse, type: string, body: string): void {
  response
    .writeHead(200, {
      'content-type': `${type}; charset=utf-8`,
      'cache-control': 'no-store',
      'content-security-policy': POLICY,
    })
    .end(body);
}

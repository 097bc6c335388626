import { once } from 'node:events';
import { createServer, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

import { marked } from 'marked';

import { visible } from './comment-text.js';

/**
 * A page on loopback with the comment about as GitHub shows it, which follows every change. Its HTML is not sanitised as
 * at GitHub, and diagrams stay text.
 */
export class CommentPage {
  #html = '<p>No comment yet.</p>';
  readonly #listeners = new Set<ServerResponse>();

  private constructor(private readonly server: Server) {
    server.on('request', (request, response) => {
      if (request.url === '/changes') this.#follow(response);
      else if (request.url === '/') response.setHeader('Content-Type', 'text/html').end(page(this.#html));
      else response.writeHead(404).end();
    });
  }

  static async start(): Promise<CommentPage> {
    const server = createServer();
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    return new CommentPage(server);
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}/`;
  }

  /** Shows other Markdown. */
  show(markdown: string): void {
    this.#html = marked.parse(visible(markdown), { async: false, gfm: true });
    for (const response of this.#listeners) response.write(event(this.#html));
  }

  async stop(): Promise<void> {
    const closed = once(this.server, 'close');
    this.server.close();
    this.server.closeAllConnections();
    await closed;
  }

  #follow(response: ServerResponse): void {
    response.writeHead(200, { 'Content-Type': 'text/event-stream' });
    response.write(event(this.#html));
    this.#listeners.add(response);
    response.on('close', () => this.#listeners.delete(response));
  }
}

/** A server-sent event; its data must have no line breaks. */
function event(html: string): string {
  return `data: ${JSON.stringify(html)}\n\n`;
}

function page(html: string): string {
  return `<!doctype html>
<meta charset="utf-8">
<title>Kfops: the comment</title>
<style>
  body { font: 14px/1.5 system-ui, sans-serif; max-width: 760px; margin: 2em auto; color: #1f2328; }
  #comment { border: 1px solid #d1d9e0; border-radius: 6px; padding: 16px; }
  table { border-collapse: collapse; display: block; overflow: auto; }
  td, th { border: 1px solid #d1d9e0; padding: 6px 13px; }
  code, pre { background: #818b981f; border-radius: 6px; font: 85% ui-monospace, monospace; }
  code { padding: .2em .4em; } pre { padding: 16px; overflow: auto; } pre code { background: none; padding: 0; }
  a { color: #0969da; } h3 { font-size: 1.25em; }
</style>
<div id="comment">${html}</div>
<script>
  new EventSource('/changes').onmessage = ({ data }) => {
    document.getElementById('comment').innerHTML = JSON.parse(data);
  };
</script>
`;
}

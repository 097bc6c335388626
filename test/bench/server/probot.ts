/** Probot with a handler that only counts, as a process of its own: like test/support/webhook-server.ts. */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

import { createNodeMiddleware, Probot } from 'probot';

let kept = 0;
const probot = new Probot({
  secret: process.env.WEBHOOK_SECRET ?? '',
  githubToken: 'none',
  logLevel: 'error',
});
const middleware = await createNodeMiddleware(
  (app) => {
    app.on('issue_comment.created', () => {
      kept++;
    });
  },
  { probot, webhooksPath: '/webhook' },
);
const server = createServer((request, response) => {
  if (request.url === '/metrics') {
    response.end(`kfops_queue_length ${kept}\nprocess_resident_memory_bytes ${process.memoryUsage().rss}\n`);
    return;
  }
  void middleware(request, response, () => response.writeHead(404).end());
});
server.listen({ port: 0, host: '127.0.0.1', backlog: 4096 }, () => {
  process.stdout.write(`${(server.address() as AddressInfo).port}\n`);
});
process.once('SIGTERM', () => {
  server.close();
  server.closeAllConnections();
});

import type { IncomingMessage, ServerResponse } from 'node:http';

/** An answer as a whole. */
export interface HttpResponse {
  readonly status: number;
  readonly body: string;
  /** More headers; they override those of {@link send}. */
  readonly headers?: Readonly<Record<string, string>>;
}

/** How long what is left of a body is still read and dropped after the answer, so that the sender sees the answer. */
const LINGER_MS = 1000;

/** A line of plain text. */
export function plain(status: number, line: string, headers: HttpResponse['headers'] = {}): HttpResponse {
  return { status, body: `${line}\n`, headers };
}

/** Sends a response, and disconnects a client that keeps sending after it. */
export function send(
  request: IncomingMessage,
  response: ServerResponse,
  { status, body, headers }: HttpResponse,
): void {
  if (response.headersSent || response.destroyed) return;
  response.writeHead(status, {
    'content-type': 'text/plain; charset=utf-8',
    'content-length': Buffer.byteLength(body),
    'cache-control': 'no-store',
    'x-content-type-options': 'nosniff',
    ...headers,
  });
  response.end(request.method === 'HEAD' ? undefined : body);
  if (request.complete) return;
  const timer = setTimeout(() => request.destroy(), LINGER_MS);
  request.once('close', () => {
    clearTimeout(timer);
  });
  request.resume();
}

import { once } from 'node:events';
import * as http from 'node:http';
import * as https from 'node:https';

/** One request. Redirects are not followed. */
export interface HttpRequest {
  readonly url: URL;
  readonly method: 'GET' | 'HEAD' | 'POST' | 'PUT';
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: Buffer;
  /** Accept a certificate that nobody vouches for. */
  readonly anyCertificate: boolean;
  /** Of the answer's body. */
  readonly maxBytes: number;
  /** For all of it, the answer's body included. */
  readonly timeoutMs: number;
  readonly signal?: AbortSignal;
}

/** What came back, whatever its status. */
export interface HttpAnswer {
  readonly status: number;
  readonly headers: http.IncomingHttpHeaders;
  /** At most the first 16 KiB of an error's. */
  readonly body: Buffer;
}

/** The answer's body has more bytes than the caller takes. */
export class TooLargeError extends Error {
  override readonly name = 'TooLargeError';
}

const MAX_ERROR_BYTES = 16 * 1024;

/**
 * Sends a request with node:http: `fetch` cannot accept the certificate of an insecure registry.
 *
 * @throws TooLargeError, an AbortError, a TimeoutError, or an error of the system with its `code`
 */
export async function send(request: HttpRequest): Promise<HttpAnswer> {
  const { url, method, headers, body, anyCertificate, timeoutMs } = request;
  const timeout = AbortSignal.timeout(timeoutMs);
  const signal = request.signal ? AbortSignal.any([request.signal, timeout]) : timeout;
  try {
    const start = url.protocol === 'https:' ? https.request : http.request;
    const outgoing = start(url, {
      method,
      headers: { 'user-agent': 'kfops', ...headers, ...(body && { 'content-length': body.length }) },
      signal,
      ...(anyCertificate && { rejectUnauthorized: false }),
    });
    const answered = once(outgoing, 'response') as Promise<[http.IncomingMessage]>;
    // Once the answer has begun, its own stream reports what fails.
    outgoing.on('error', () => undefined);
    outgoing.end(body);
    const [response] = await answered;
    const status = response.statusCode ?? 0;
    return { status, headers: response.headers, body: await bodyOf(response, status, request.maxBytes) };
  } catch (error) {
    throw signal.aborted ? signal.reason : error;
  }
}

async function bodyOf(response: http.IncomingMessage, status: number, maxBytes: number): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  const limit = status >= 300 ? MAX_ERROR_BYTES : maxBytes;
  for await (const chunk of response as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    chunks.push(chunk);
    // Leaving the loop closes the connection.
    if (bytes > limit) break;
  }
  if (bytes > limit && status < 300) throw new TooLargeError(`more than ${maxBytes} bytes`);
  return Buffer.concat(chunks).subarray(0, limit);
}

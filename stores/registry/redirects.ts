import type { Endpoint } from './authorisation.js';
import { RegistryError } from './errors.js';
import type { HttpAnswer, HttpRequest } from './transport.js';

type Request = Omit<HttpRequest, 'timeoutMs'>;

/**
 * The request that follows a redirect, as registries send a reader to an object store. A login never goes to another
 * host, https never becomes http, and nothing is written after a redirect.
 *
 * @returns undefined for an answer that is none
 * @throws RegistryError
 */
export function redirectOf(
  request: Request,
  answer: HttpAnswer,
  { url: registry }: Endpoint,
): Request | undefined {
  const { location } = answer.headers;
  if (answer.status < 300 || answer.status >= 400 || answer.status === 304 || location === undefined)
    return undefined;
  const wrong = (problem: string): RegistryError =>
    new RegistryError(registry.origin, problem, 'ask who runs the registry', answer.status);
  if (request.method === 'PUT') throw wrong('it redirects what is written');
  if (!URL.canParse(location, request.url.href)) throw wrong('it redirects to something that is not a URL');
  const url = new URL(location, request.url);
  const isPlain = url.protocol === 'http:' && request.url.protocol === 'http:';
  if (url.protocol !== 'https:' && !isPlain) throw wrong(`it redirects to ${url.protocol}//`);
  const headers = Object.fromEntries(
    Object.entries(request.headers).filter(([name]) => name !== 'authorization'),
  );
  if (url.origin === request.url.origin) return { ...request, url };
  return { ...request, url, headers, anyCertificate: request.anyCertificate && url.host === registry.host };
}

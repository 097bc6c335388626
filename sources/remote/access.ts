import { WorkError } from '../../schema/errors.js';
import type { GitSettings } from '../run-git.js';

const LOOPBACK = new Set(['localhost', '127.0.0.1', '[::1]']);

/**
 * The address of a remote, checked: https, or plain http to this machine; without credentials.
 *
 * @throws WorkError
 */
export function checkUrl(text: string): URL {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  const plain = url?.username === '' && url.password === '' && url.search === '' && url.hash === '';
  const safe = url?.protocol === 'https:' || (url?.protocol === 'http:' && LOOPBACK.has(url.hostname));
  if (url && plain && safe) return url;
  // The text may hold a password.
  const shown = url ? `${url.protocol}//${url.host}${url.pathname}` : 'the address of the repository';
  throw new WorkError(`${shown} is not fetched from`, 'use https://host/owner/name.git, without credentials');
}

/**
 * Git's settings for a transfer: where from, with which token, and nowhere else. They go to git by its environment.
 * Neither redirects nor any address that the repository names are followed.
 */
export function transferSettings(url: URL, token: string | undefined): GitSettings {
  const header = `http.${url.origin}/.extraHeader`;
  const credentials = Buffer.from(`x-access-token:${token ?? ''}`).toString('base64');
  return [
    [`protocol.${url.protocol.slice(0, -1)}.allow`, 'always'],
    ['remote.origin.url', url.href],
    ['remote.origin.promisor', 'true'],
    ['remote.origin.partialclonefilter', 'blob:none'],
    ['core.askPass', ''],
    ['http.followRedirects', 'false'],
    // Less than a byte a second for a minute is a connection that is gone.
    ['http.lowSpeedLimit', '1'],
    ['http.lowSpeedTime', '60'],
    ['fetch.unpackLimit', '1'],
    ['fetch.writeCommitGraph', 'false'],
    ['maintenance.auto', 'false'],
    ['gc.auto', '0'],
    // The empty one drops those that the user's own configuration has for this host.
    [header, ''],
    ...(token === undefined ? [] : ([[header, `Authorization: Basic ${credentials}`]] as const)),
  ];
}

/** Takes a token, in each form that it is sent in, out of a text. */
export function redact(text: string, token: string | undefined): string {
  if (token === undefined || token === '') return text;
  const encoded = Buffer.from(`x-access-token:${token}`).toString('base64');
  return text.replaceAll(token, '***').replaceAll(encoded, '***');
}

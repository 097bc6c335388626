/** Port that is meant where an endpoint names none: MinIO's own. */
const MINIO_PORT = 9000;

/** The address of an object store. */
export interface Endpoint {
  /** `host:port`; an IPv6 host in brackets. */
  readonly endpoint: string;
  /** Whether it is https; undefined where the text did not say. */
  readonly secure?: boolean;
}

/**
 * Reads `host`, `host:port` or `http(s)://host[:port]`. Without a port, a bare host gets 9000 and a URL its scheme's
 * own port.
 *
 * @returns undefined where the text is none of these.
 */
export function parseEndpoint(text: string): Endpoint | undefined {
  const scheme = /^(https?):\/\//i.exec(text)?.[1]?.toLowerCase();
  const url = tryUrl(scheme === undefined ? `http://${text}` : text);
  if (url === undefined || url.hostname === '' || url.username !== '' || url.password !== '')
    return undefined;
  if (url.pathname !== '/' || url.search !== '' || url.hash !== '' || /[\s\\?#@]/.test(text))
    return undefined;
  if (scheme === undefined) {
    // A URL drops the port that is its scheme's own; what was written counts.
    const port = /:(\d+)$/.exec(text)?.[1] ?? String(MINIO_PORT);
    return text.includes('/') ? undefined : { endpoint: `${url.hostname}:${Number(port)}` };
  }
  const secure = scheme === 'https';
  return { endpoint: `${url.hostname}:${url.port || (secure ? '443' : '80')}`, secure };
}

function tryUrl(text: string): URL | undefined {
  return URL.canParse(text) ? new URL(text) : undefined;
}

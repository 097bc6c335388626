/** Port that is meant where an endpoint names none: MinIO's own. */
const MINIO_PORT = 9000;

/** The address of an object store. */
export interface Endpoint {
  /** `host:port`; an IPv6 host in brackets. */
  readonly endpoint: string;
  /** Whether it is https; undefined where the text did not say. */
  readonly secure?: boolean;
}

const ENDPOINT = /^(?:(https?):\/\/)?(\[[0-9a-f:.]+\]|[a-z0-9._-]+)(?::(\d{1,5}))?\/?$/i;

/**
 * Reads `host`, `host:port` or `http(s)://host[:port]`. Without a port, a bare host gets 9000 and a URL its scheme's
 * own port.
 *
 * @returns undefined where the text is none of these.
 */
export function parseEndpoint(text: string): Endpoint | undefined {
  const [, scheme, host, port] = ENDPOINT.exec(text) ?? [];
  if (host === undefined) return undefined;
  const secure = scheme === undefined ? undefined : scheme.toLowerCase() === 'https';
  const ownPort = secure === undefined ? MINIO_PORT : secure ? 443 : 80;
  const endpoint = `${host.toLowerCase()}:${Number(port ?? ownPort)}`;
  if (!URL.canParse(`http://${endpoint}`)) return undefined;
  return secure === undefined ? { endpoint } : { endpoint, secure };
}

const DEFAULT_PORT = 9000;
const HOST = /^(?:[A-Za-z0-9](?:[A-Za-z0-9.-]{0,251}[A-Za-z0-9])?|\[[0-9A-Fa-f:.]+\])$/;

/**
 * Reads the address of an object store.
 *
 * @param text - `host` or `host:port`; without a port MinIO's 9000 is meant, as in the first Kfops
 * @returns `host:port`, or undefined where the text is something else (a URL, a path, a port out of range)
 */
export function normaliseEndpoint(text: string): string | undefined {
  const match = /^(.*?)(?::(\d{1,5}))?$/.exec(text);
  const [, host = '', port] = match ?? [];
  const number = port === undefined ? DEFAULT_PORT : Number(port);
  if (!HOST.test(host) || number < 1 || number > 65_535) return undefined;
  return `${host}:${number}`;
}

/** A Service of the cluster, by the name under which pods reach it. */
export interface ServiceName {
  readonly service: string;
  readonly namespace: string;
  /** The number that clients use; the pod behind may listen on another. */
  readonly port: number;
  /** The name has `.svc` in it, so it can be nothing but a Service. */
  readonly certain: boolean;
}

const NAME =
  /^([a-z0-9](?:[-a-z0-9]{0,61}[a-z0-9])?)\.([a-z0-9](?:[-a-z0-9]{0,61}[a-z0-9])?)(\.svc(?:\.[a-z0-9.-]+)?)?:(\d+)$/;

/**
 * Reads `service.namespace.svc.cluster.local:port`, `service.namespace.svc:port` and `service.namespace:port`: what
 * resolves inside of the cluster only. The last may as well be a host of the Internet.
 *
 * @param endpoint - `host:port`
 * @returns undefined for any other name
 */
export function parseServiceName(endpoint: string): ServiceName | undefined {
  const [, service, namespace, suffix, port] = NAME.exec(endpoint) ?? [];
  if (service === undefined || namespace === undefined || port === undefined) return undefined;
  // Digits and a dot are the end of an address, not a namespace.
  if (suffix === undefined && /^\d+$/.test(namespace)) return undefined;
  return { service, namespace, port: Number(port), certain: suffix !== undefined };
}

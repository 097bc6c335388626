import { apiPath, type ApiCall, type ClusterClient } from '../client/client.js';
import { KubernetesError } from '../client/errors.js';

/** A Lease of coordination.k8s.io/v1: the fields that are used. */
export interface LeaseObject {
  readonly apiVersion: 'coordination.k8s.io/v1';
  readonly kind: 'Lease';
  readonly metadata: { readonly name: string; readonly namespace: string; readonly resourceVersion?: string };
  readonly spec: LeaseSpec;
}

export interface LeaseSpec {
  /** Empty or absent: nobody. */
  readonly holderIdentity?: string | undefined;
  /** Seconds from its last renewal for which nobody else may take it. */
  readonly leaseDurationSeconds?: number;
  /** RFC 3339 with microseconds. */
  readonly acquireTime?: string;
  readonly renewTime?: string;
  readonly leaseTransitions?: number;
}

/** Where a Lease is. */
export interface LeaseKey {
  readonly namespace: string;
  readonly name: string;
}

/** Reads and writes one Lease. Does not try again. */
export class LeaseRecord {
  readonly #path: string;

  constructor(
    private readonly client: ClusterClient,
    private readonly key: LeaseKey,
  ) {
    this.#path = apiPath('apis', 'coordination.k8s.io', 'v1', 'namespaces', key.namespace, 'leases');
  }

  /** @returns undefined where there is none */
  async read(signal: AbortSignal): Promise<LeaseObject | undefined> {
    try {
      return await this.#call<LeaseObject>('reading', { path: this.#own, signal });
    } catch (error) {
      if (error instanceof KubernetesError && error.status === 404) return undefined;
      throw error;
    }
  }

  /**
   * Writes `spec` where nothing changed since `before` was read; where there was none, makes it.
   *
   * @returns undefined when somebody else was faster
   */
  async write(
    before: LeaseObject | undefined,
    spec: LeaseSpec,
    signal: AbortSignal,
  ): Promise<LeaseObject | undefined> {
    const { name, namespace } = this.key;
    const metadata = before?.metadata ?? { name, namespace };
    const body: LeaseObject = { apiVersion: 'coordination.k8s.io/v1', kind: 'Lease', metadata, spec };
    try {
      return before === undefined
        ? await this.#call('creating', { method: 'POST', path: this.#path, body, signal })
        : await this.#call('renewing', { method: 'PUT', path: this.#own, body, signal });
    } catch (error) {
      if (error instanceof KubernetesError && (error.status === 409 || error.status === 404))
        return undefined;
      throw error;
    }
  }

  get #own(): string {
    return this.#path + apiPath(this.key.name);
  }

  #call<T>(doing: string, call: Omit<ApiCall, 'what'>): Promise<T> {
    return this.client.call<T>({
      ...call,
      what: `${doing} the lease ${this.key.name} in ${this.key.namespace}`,
    });
  }
}

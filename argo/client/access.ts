import { apiPath, type ClusterClient } from './client.js';

/** A right, as Kubernetes' SelfSubjectAccessReview has it. */
export interface ResourceAttributes {
  readonly verb: string;
  readonly group: string;
  readonly resource: string;
  readonly subresource?: string;
  /** Absent: in all namespaces, or of an object that is in none. */
  readonly namespace?: string;
  readonly name?: string;
}

/**
 * Whether the caller has a right. One attempt.
 *
 * @throws ServiceError when the cluster does not answer, or refuses
 */
export async function isAllowed(
  client: ClusterClient,
  resourceAttributes: ResourceAttributes,
): Promise<boolean> {
  const { status } = await client.call<{ readonly status?: { readonly allowed?: boolean } }>({
    what: 'asking for a right',
    method: 'POST',
    path: apiPath('apis', 'authorization.k8s.io', 'v1', 'selfsubjectaccessreviews'),
    body: {
      apiVersion: 'authorization.k8s.io/v1',
      kind: 'SelfSubjectAccessReview',
      spec: { resourceAttributes },
    },
  });
  return status?.allowed === true;
}

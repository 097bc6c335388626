import { ServiceError } from '../../schema/errors.js';
import { apiPath, type ClusterClient } from '../client/client.js';
import { KubernetesError } from '../client/errors.js';
import { persist } from '../client/patience.js';
import { forwardService, type ForwardedPort } from './port-forward.js';
import { parseServiceName } from './service-name.js';

/** Where Kubeflow Pipelines is, and as whom it is asked. */
export interface KubeflowPlace {
  /** `kfp.endpoint` of the settings. */
  readonly endpoint: string;
  /** `kfp.audience` of the settings. */
  readonly audience: string;
  /** The service account with which workflows publish. */
  readonly account: string;
  /** The namespace of that account. */
  readonly namespace: string;
}

/** How this process reaches Kubeflow Pipelines. */
export interface ReachedKubeflow {
  readonly endpoint: string;
  /** Of the account; absent where the cluster gives none: an installation for one user needs none. */
  readonly token?: string;
  /** What was refused, and what to ask for, where there is no token. */
  readonly withoutToken?: KubernetesError;
  /** What an error of a call means here: the port may have failed, not Kubeflow Pipelines. */
  readonly explain: (error: unknown) => unknown;
  readonly close: () => Promise<void>;
}

/** The manifest with the rights that a person needs. */
const ROLE = 'the Role kfops-reach-kubeflow (deploy/laptop/reach-kubeflow.yaml)';

/** The shortest that Kubernetes gives. */
const TOKEN_SECONDS = 600;

/**
 * Reaches Kubeflow Pipelines as the account that publishes, with a token for Kubeflow Pipelines alone. Where the address
 * is the name of a Service, through a port forwarded by the Kubernetes API.
 *
 * @throws ServiceError when the Service has no pod that is ready, or a right is missing
 */
export async function reachKubeflow(client: ClusterClient, place: KubeflowPlace): Promise<ReachedKubeflow> {
  const [port, token] = await Promise.all([forward(client, place.endpoint), tokenFor(client, place)]);
  const url = new URL(place.endpoint);
  const endpoint = port ? `http://${port.endpoint}${url.pathname}` : place.endpoint;
  return {
    endpoint,
    ...(typeof token === 'string' ? { token } : { withoutToken: token }),
    explain: (error) => {
      const failure = error instanceof ServiceError ? port?.failure() : undefined;
      return failure ? explained(failure) : error;
    },
    close: () => port?.close() ?? Promise.resolve(),
  };
}

async function forward(client: ClusterClient, endpoint: string): Promise<ForwardedPort | undefined> {
  const url = URL.canParse(endpoint) ? new URL(endpoint) : undefined;
  // The certificate would be for another name than the forwarded port's.
  if (url?.protocol !== 'http:') return undefined;
  const name = parseServiceName(`${url.hostname}:${url.port === '' ? '80' : url.port}`);
  if (name === undefined || client.inCluster) return undefined;
  try {
    return await forwardService(client, name);
  } catch (error) {
    // `kfp.example`: a host as good as a Service, and there is no such Service.
    if (!name.certain && error instanceof KubernetesError && error.status === 404) return undefined;
    throw explained(error);
  }
}

async function tokenFor(
  client: ClusterClient,
  { account, namespace, audience }: KubeflowPlace,
): Promise<string | KubernetesError> {
  try {
    const { status } = await persist(
      () =>
        client.call<{ readonly status?: { readonly token?: string } }>({
          what: `getting a token for the service account ${account} in ${namespace}`,
          method: 'POST',
          path: apiPath('api', 'v1', 'namespaces', namespace, 'serviceaccounts', account, 'token'),
          body: {
            apiVersion: 'authentication.k8s.io/v1',
            kind: 'TokenRequest',
            spec: { audiences: [audience], expirationSeconds: TOKEN_SECONDS },
          },
        }),
      client.patience,
    );
    if (status?.token) return status.token;
    throw new ServiceError('Kubernetes API', client.address, 'the answer has no token', 'try again');
  } catch (error) {
    if (!(error instanceof KubernetesError) || (error.status !== 403 && error.status !== 404)) throw error;
    return error.status === 403
      ? retold(error, `ask your cluster admin for ${ROLE}`)
      : retold(error, `check \`service_accounts.publisher\` and \`namespace\` in the settings`);
  }
}

/** Forwarding was made for the object store, and proposes what helps there. */
function explained(error: unknown): unknown {
  if (!(error instanceof ServiceError)) return error;
  const isRefused = error instanceof KubernetesError && (error.status === 401 || error.status === 403);
  return retold(
    error,
    isRefused
      ? `ask your cluster admin for ${ROLE}`
      : 'check `kfp.endpoint` in the settings, and that the pods behind it are ready',
  );
}

function retold(error: KubernetesError, nextStep: string): KubernetesError;
function retold(error: ServiceError, nextStep: string): ServiceError;
function retold(error: ServiceError, nextStep: string): ServiceError {
  return error instanceof KubernetesError
    ? new KubernetesError(error.address, error.problem, nextStep, error.status, error.reason, {
        cause: error,
      })
    : new ServiceError(error.service, error.address, error.problem, nextStep, { cause: error });
}

import { readFile } from 'node:fs/promises';

import { apiPath } from '../../../argo/client/client.js';
import { KubernetesError } from '../../../argo/client/errors.js';
import { KfpServer, type SeenCall } from '../../fixtures/kfp-server.js';
import { parse } from 'yaml';
import { admin } from './build.js';
import { environment, NAMESPACE, need } from './environment.js';

/** The Kubeflow profile of the tests' pipelines. */
export const PROFILE = 'data-science';

/** As deploy/ has it. */
export const PUBLISHER = `system:serviceaccount:${NAMESPACE}:kfops-publisher`;

const AUDIENCE = 'pipelines.kubeflow.org';

/**
 * A stand-in for Kubeflow Pipelines that pods reach, and a profile in which Kfops may publish. Like the real one it asks
 * the cluster whose token a call has, and what its owner may do.
 */
export async function kubeflow(test: Mocha.Context): Promise<KfpServer> {
  need(test, environment.nodeAddress, 'address of this machine for pods (KFOPS_TEST_NODE_ADDRESS)');
  need(test, environment.adminKubeconfig, 'admin (KFOPS_TEST_ADMIN_KUBECONFIG)');
  await makeProfile();
  const server = await KfpServer.start(environment.nodeAddress);
  server.authorise = authorise;
  return server;
}

/** What Kubeflow brings along, and what deploy/ adds to it. */
async function makeProfile(): Promise<void> {
  await make(['api', 'v1', 'namespaces'], { metadata: { name: PROFILE } });
  await make(['apis', 'rbac.authorization.k8s.io', 'v1', 'clusterroles'], {
    metadata: { name: 'kubeflow-pipelines-edit' },
    rules: [{ apiGroups: [AUDIENCE], resources: ['*'], verbs: ['*'] }],
  });
  const file = new URL('../../../deploy/kubeflow-profile/publisher.yaml', import.meta.url);
  const binding = ['apis', 'rbac.authorization.k8s.io', 'v1', 'namespaces', PROFILE, 'rolebindings'];
  await make(binding, parse(await readFile(file, 'utf8')) as object);
}

async function make(path: readonly string[], body: object): Promise<void> {
  await admin
    .call({ what: 'making the profile', method: 'POST', path: apiPath(...path), body })
    .catch((error: unknown) => {
      if (!(error instanceof KubernetesError) || error.status !== 409) throw error;
    });
}

/** @returns why a call is refused, as the API server of Kubeflow Pipelines decides it */
async function authorise({ method, path, authorization }: SeenCall): Promise<string | undefined> {
  if (path === '/healthz') return undefined;
  const token = /^Bearer (.+)$/.exec(authorization ?? '')?.[1];
  if (token === undefined) return 'there is no user identity header';
  const who = await review('authentication.k8s.io', 'TokenReview', { token, audiences: [AUDIENCE] });
  if (!who.authenticated || !who.user) return 'the token is not for this service';
  const may = await review('authorization.k8s.io', 'SubjectAccessReview', {
    user: who.user.username,
    groups: who.user.groups,
    resourceAttributes: {
      namespace: PROFILE,
      verb: method === 'GET' ? 'get' : 'create',
      group: AUDIENCE,
      resource: path.split('/')[1],
    },
  });
  return may.allowed ? undefined : `${who.user.username} may not`;
}

/** What the cluster answers to one or the other question. */
interface Reviewed {
  readonly authenticated?: boolean;
  readonly user?: { readonly username: string; readonly groups: readonly string[] };
  readonly allowed?: boolean;
}

async function review(group: string, kind: string, spec: object): Promise<Reviewed> {
  const { status } = await admin.call<{ readonly status: Reviewed }>({
    what: 'asking whose token it is',
    method: 'POST',
    path: apiPath('apis', group, 'v1', `${kind.toLowerCase()}s`),
    body: { apiVersion: `${group}/v1`, kind, spec },
  });
  return status;
}

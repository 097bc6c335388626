import { readFile } from 'node:fs/promises';

import { KubeConfig } from '@kubernetes/client-node';
import { parseAllDocuments } from 'yaml';

import { apiPath } from '../../../argo/client/client.js';
import { admin } from './build.js';
import { environment, need } from './environment.js';

/** The namespace of the server and its account there, as deploy/ has them. */
const NAMESPACE = 'kfops-system';
const ACCOUNT = 'kfops-server';

/** What is needed of deploy/server: a place, and the rights. */
const FILES = ['0-namespace.yaml', '1-rights.yaml'];

const PATHS: Readonly<Record<string, readonly [group: readonly string[], plural: string]>> = {
  Namespace: [['api', 'v1'], 'namespaces'],
  ServiceAccount: [['api', 'v1'], 'serviceaccounts'],
  Role: [['apis', 'rbac.authorization.k8s.io', 'v1'], 'roles'],
  RoleBinding: [['apis', 'rbac.authorization.k8s.io', 'v1'], 'rolebindings'],
};

interface KubernetesObject {
  readonly kind: string;
  readonly metadata: { readonly name: string; readonly namespace?: string };
}

/**
 * A kubeconfig of the server's service account with the rights of deploy/server and no others, as a pod of its
 * Deployment has them.
 */
export async function serverKubeconfig(test: Mocha.Context): Promise<string> {
  need(test, environment.adminKubeconfig, 'admin (KFOPS_TEST_ADMIN_KUBECONFIG)');
  for (const file of FILES) await apply(new URL(`../../../deploy/server/${file}`, import.meta.url));
  const { status } = await admin.call<{ readonly status: { readonly token: string } }>({
    what: 'asking for a token',
    method: 'POST',
    path: apiPath('api', 'v1', 'namespaces', NAMESPACE, 'serviceaccounts', ACCOUNT, 'token'),
    body: {
      apiVersion: 'authentication.k8s.io/v1',
      kind: 'TokenRequest',
      spec: { expirationSeconds: 3600 },
    },
  });
  const cluster = admin.kubeConfig.getCurrentCluster();
  if (!cluster) throw new Error('the kubeconfig of the admin has no cluster');
  const config = new KubeConfig();
  config.loadFromOptions({
    clusters: [cluster],
    users: [{ name: ACCOUNT, token: status.token }],
    contexts: [{ name: ACCOUNT, cluster: cluster.name, user: ACCOUNT, namespace: NAMESPACE }],
    currentContext: ACCOUNT,
  });
  return config.exportConfig();
}

/** What `kubectl apply --server-side` does. */
async function apply(file: URL): Promise<void> {
  for (const document of parseAllDocuments(await readFile(file, 'utf8'))) {
    const object = document.toJS() as KubernetesObject;
    const { kind, metadata } = object;
    const [group, plural] = PATHS[kind] ?? [];
    if (!group || !plural) throw new Error(`${file.pathname} has a ${kind}`);
    const where = metadata.namespace === undefined ? [] : ['namespaces', metadata.namespace];
    await admin.call({
      what: `applying the ${kind} ${metadata.name}`,
      method: 'PATCH',
      path: apiPath(...group, ...where, plural, metadata.name),
      query: { fieldManager: 'kfops-test', force: true },
      contentType: 'application/apply-patch+yaml',
      body: object,
    });
  }
}

import { readFile } from 'node:fs/promises';

import { KubeConfig } from '@kubernetes/client-node';

import { apiPath } from '../../../argo/client/client.js';
import { admin } from './build.js';
import { environment, need } from './environment.js';
import { applyAll, objectsIn } from './objects.js';

/** The namespace of the server and its account there, as deploy/ has them. */
const NAMESPACE = 'kfops-system';
const ACCOUNT = 'kfops-server';

/** What is needed of deploy/server: a place, and the rights. */
const FILES = ['0-namespace.yaml', '1-rights.yaml'];

/**
 * A kubeconfig of the server's service account with the rights of deploy/server and no others, as a pod of its
 * Deployment has them.
 */
export async function serverKubeconfig(test: Mocha.Context): Promise<string> {
  need(test, environment.adminKubeconfig, 'admin (KFOPS_TEST_ADMIN_KUBECONFIG)');
  for (const file of FILES) {
    await applyAll(
      objectsIn(await readFile(new URL(`../../../deploy/server/${file}`, import.meta.url), 'utf8')),
    );
  }
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

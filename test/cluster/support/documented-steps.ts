import { readFile } from 'node:fs/promises';

import { kubectl } from './commands.js';
import { checkout, documented } from './documented.js';
import { environment, NAMESPACE } from './environment.js';
import { applyAll, objectsIn } from './objects.js';

const { accessKey, secretKey } = environment.minio;

/** Steps 2 and 3 of docs/install.md, and the same of docs/cluster.md; the login for the registry is gone afterwards. */
export async function prepareBuilds(): Promise<void> {
  const cwd = await checkout({ accesskey: accessKey, secretkey: secretKey });
  const removeKeys = () => kubectl('delete', 'secret', 'mlpipeline-minio-artifact', '-n', NAMESPACE);
  await documented('docs/cluster.md', 'kubectl apply -f deploy/build-namespace\n', {
    cwd,
    values: [
      ['ACCESS_KEY', accessKey],
      ['SECRET_KEY', secretKey],
    ],
  });
  await removeKeys();
  await documented(
    'docs/install.md',
    'kubectl apply -f deploy/build-namespace\nkubectl create secret generic',
    { cwd },
  );
  await removeKeys();
  const removeLogin = await registryLogin();
  await removeLogin();
  await copyStoreKeys(NAMESPACE);
}

/**
 * A login for the node's registry, which needs none, in the namespace of the builds.
 *
 * @returns removes it
 */
export async function registryLogin(): Promise<() => Promise<unknown>> {
  await documented(
    'docs/install.md',
    'kubectl apply -f deploy/build-namespace\nkubectl create secret docker-registry',
    {
      cwd: await checkout({ password: 'a password' }),
      values: [['registry.example.com', environment.registry]],
    },
  );
  return () => kubectl('delete', 'secret', 'registry-login', '-n', NAMESPACE);
}

/** The keys of Kubeflow's object store for the builds of this namespace. */
export async function copyStoreKeys(builds: string): Promise<void> {
  await documented('docs/install.md', 'kubectl get secret mlpipeline-minio-artifact', {
    cwd: await checkout({}),
    values: [['-n kfops', `-n ${builds}`]],
  });
}

/** What `prepareBuilds` leaves, whatever of it is there. */
export async function makeBuildNamespace(): Promise<void> {
  const folder = new URL('../../../deploy/build-namespace/', import.meta.url);
  for (const file of ['0-namespace', '1-executor', '2-submitter', '3-publisher'])
    await applyAll(objectsIn(await readFile(new URL(`${file}.yaml`, folder), 'utf8')));
  await applyAll([
    {
      apiVersion: 'v1',
      kind: 'Secret',
      metadata: { name: 'mlpipeline-minio-artifact', namespace: NAMESPACE },
      stringData: { accesskey: accessKey, secretkey: secretKey },
    },
  ]);
}

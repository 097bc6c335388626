import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { kubectl, nodeScript } from './commands.js';
import { checkout, documented } from './documented.js';
import { environment, need } from './environment.js';
import type { Installation } from './installation.js';
import { applyAll, deleteAll, objectsIn } from './objects.js';
import { BUSYBOX } from './project.js';

/** @returns makes the node ignore NetworkPolicies again */
export async function enforcePolicies(test: Mocha.Context): Promise<() => Promise<void>> {
  need(test, environment.nodeScript, 'node of its own (test/cluster/node.sh)');
  await nodeScript('enforce-policies');
  return () => nodeScript('ignore-policies');
}

/**
 * Kubeflow's own policy for SeaweedFS, which admits profiles only.
 *
 * @returns removes it
 */
export async function ownSeaweedfsPolicy(): Promise<() => Promise<void>> {
  const objects = objectsIn(
    await readFile(new URL('../manifests/seaweedfs-policy.yaml', import.meta.url), 'utf8'),
  );
  await applyAll(objects);
  return () => deleteAll(objects);
}

/**
 * {@link ownSeaweedfsPolicy}, and the one of deploy/kubeflow that admits Kfops.
 *
 * @returns removes them
 */
export async function seaweedfsPolicies({ server, builds }: Installation): Promise<() => Promise<void>> {
  const removeOwn = await ownSeaweedfsPolicy();
  const cwd = await checkout({});
  const file = join(cwd, 'deploy/kubeflow/admit-kfops.yaml');
  const admit = (await readFile(file, 'utf8'))
    .replace('values: [kfops]', `values: [${builds}]`)
    .replace('kubernetes.io/metadata.name: kfops-system }', `kubernetes.io/metadata.name: ${server} }`);
  await writeFile(file, admit);
  await documented('docs/install.md', 'kubectl apply -f deploy/kubeflow/admit-kfops.yaml\n', { cwd });
  return async () => {
    await deleteAll(objectsIn(admit));
    await removeOwn();
  };
}

/**
 * Two pods in the namespace of the builds try to reach SeaweedFS, one with the label of a step: it gets through, the
 * other one does not. A new pod may get through until its address is known, so each tries until it is as it must be.
 */
export async function onlyStepsReachTheStore({ builds }: Pick<Installation, 'builds'>): Promise<void> {
  const request = String.raw`printf 'GET /status HTTP/1.0\r\n\r\n'`;
  const attempt = `${request} | nc -w 2 ${environment.seaweedfsAddress} 9000 | grep -q HTTP`;
  const pod = (name: string, labels: Readonly<Record<string, string>>, loop: 'until' | 'while') => ({
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name, namespace: builds, labels: { probe: 'store', ...labels } },
    spec: {
      restartPolicy: 'Never',
      terminationGracePeriodSeconds: 0,
      containers: [
        { name: 'probe', image: BUSYBOX, command: ['sh', '-c', `${loop} ${attempt}; do sleep 1; done`] },
      ],
    },
  });
  await applyAll([
    pod('probe-step', { 'kfops.dev/step': 'compile' }, 'until'),
    pod('probe-other', {}, 'while'),
  ]);
  const ended = '--for=jsonpath={.status.phase}=Succeeded';
  await kubectl('wait', 'pod', '-n', builds, '-l', 'probe=store', ended, '--timeout=90s');
  await kubectl('delete', 'pod', '-n', builds, '-l', 'probe=store');
}

import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';

import { stringify } from 'yaml';

import { blockOf } from '../../support/documented-blocks.js';
import { helm, kubectl } from './commands.js';
import { checkout, documented, runAsAdmin } from './documented.js';
import { copyStoreKeys } from './documented-steps.js';
import { environment } from './environment.js';
import { AUTHORITIES, type Installation, PATIENCE } from './installation.js';
import { SEAWEEDFS } from './seaweedfs.js';

/** A rule of a NetworkPolicy: what runs on the node is on ports of its own. */
const NODE = { to: [{ ipBlock: { cidr: `${environment.nodeAddress}/32` } }] };

/** Namespaces of its own, next to those of other tests. */
const OWN = [['kfops-system', 'chart-system']] as const;

let cwd = '';

/** “With Helm”; the GitHub App exists before. */
export const CHART: Installation = {
  name: 'the chart',
  server: 'chart-system',
  builds: 'chart-builds',
  prepare: async (files) => {
    cwd = await checkout(files);
    const here = { cwd, values: OWN };
    await documented('docs/install.md', 'kubectl create namespace kfops-system\n', here);
    await documented('docs/install.md', 'kubectl create secret docker-registry kfops-registry', here);
    await documented('docs/notifications.md', 'kubectl -n kfops-system create secret', here);
    const keys = '--from-file=private-key.pem --from-file=webhook-secret';
    await runAsAdmin(`kubectl create secret generic kfops-github -n chart-system ${keys}`, { cwd });
  },
  install: async (settings) => {
    const values = {
      settings: { ...settings, namespace: 'chart-builds' },
      image: { reference: environment.kfopsImage },
      extraCertificates: { configMap: AUTHORITIES },
      network: { extraEgress: { server: [NODE], steps: [NODE], builds: [NODE] } },
    };
    await writeFile(join(cwd, 'values.yaml'), stringify(values));
    await documented('docs/install.md', 'helm install ', { cwd, values: OWN });
    await documented('docs/operate.md', 'helm upgrade ', { cwd, values: OWN });
    await copyStoreKeys('chart-builds');
  },
  uninstall: async () => {
    await documented('docs/install.md', 'helm uninstall ', { cwd, values: OWN });
  },
  cleanUp: async () => {
    const patience = ['--ignore-not-found', '--wait', '--timeout', PATIENCE];
    await helm('uninstall', 'kfops', '-n', 'chart-system', ...patience);
    await kubectl('delete', 'namespace', 'chart-system', '--ignore-not-found');
  },
};

/** “With plain manifests”, and “The GitHub App”. */
export const PLAIN: Installation = {
  name: 'kubectl apply -k deploy',
  server: 'kfops-system',
  builds: 'kfops',
  prepare: async (files) => {
    cwd = await checkout(files);
  },
  install: async (settings, setup) => {
    const manifest = join(cwd, 'deploy/server/3-server.yaml');
    await writeFile(manifest, withAuthorities(await readFile(manifest, 'utf8')));
    await writeSettings(setup);
    await documented('docs/install.md', 'kubectl apply -f deploy/server/0-namespace.yaml\n', { cwd });
    await setupPage();
    await documented('docs/install.md', 'kubectl create secret generic kfops-github', { cwd });
    await writeSettings(settings);
    // The server sees both itself, when the kubelet has them: a minute or two later.
    await runAsAdmin(
      `kubectl apply -k deploy
       kubectl rollout restart deployment/kfops-server -n kfops-system
       kubectl rollout status deployment/kfops-server -n kfops-system --timeout=${PATIENCE}`,
      { cwd },
    );
  },
  uninstall: async () => {
    await documented('docs/install.md', 'kubectl delete -k deploy --ignore-not-found\n', { cwd });
  },
  cleanUp: async () => {
    await kubectl('delete', '-k', join(cwd, 'deploy'), '--ignore-not-found', `--timeout=${PATIENCE}`);
  },
};

async function writeSettings(settings: object): Promise<void> {
  const map = {
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { name: 'kfops-settings', namespace: 'kfops-system' },
    data: { 'settings.yaml': stringify({ ...settings, minio: { endpoint: SEAWEEDFS } }) },
  };
  await writeFile(join(cwd, 'deploy/server/2-settings.yaml'), stringify(map));
}

/** Waits until the log names the page that creates the GitHub App. */
async function setupPage(): Promise<void> {
  const { text } = blockOf('docs/install.md', 'kubectl logs deployment/kfops-server');
  for (;;) {
    const log = await runAsAdmin(text, { cwd }).catch((error: unknown) => ({ output: String(error) }));
    if (log.output.includes('https://kfops.example.com/setup?')) return;
    await wait(500);
  }
}

/** The server's manifest with its image, and with the authority that the chart has a value for. */
function withAuthorities(manifest: string): string {
  const path = '/etc/kfops/certificates';
  const env = ['NODE_EXTRA_CA_CERTS', 'GIT_SSL_CAINFO'].map((name) => ({ name, value: `${path}/ca.crt` }));
  return manifest
    .replace(/image: .*/, `image: ${environment.kfopsImage}`)
    .replace(/^( +)env:\n/m, (line, indent: string) => line.concat(listed(env, indent)))
    .replace(/^( +)volumeMounts:\n/m, (line, indent: string) =>
      line.concat(listed([{ name: AUTHORITIES, mountPath: path }], indent)),
    )
    .replace(/^( +)volumes:\n/m, (line, indent: string) =>
      line.concat(listed([{ name: AUTHORITIES, configMap: { name: AUTHORITIES } }], indent)),
    );
}

/** Items of a list, each on a line. */
function listed(items: readonly object[], indent: string): string {
  return items.map((item) => `${indent}  - ${JSON.stringify(item)}\n`).join('');
}

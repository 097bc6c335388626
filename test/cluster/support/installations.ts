import { cp, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { stringify } from 'yaml';

import { helm, kubectl } from './commands.js';
import { environment } from './environment.js';
import { folder } from './project.js';
import { SEAWEEDFS } from './seaweedfs.js';

const DEPLOY = fileURLToPath(new URL('../../../deploy/', import.meta.url));

/** What the server's Deployment waits for, beside its pods' start. */
const PATIENCE = '180s';

/** A way to install the server. */
export interface Installation {
  readonly name: string;
  /** Namespaces of the server and of its builds. */
  readonly server: string;
  /** Whether the namespace of the server is there afterwards. */
  readonly keepsNamespace: boolean;
  readonly builds: string;
  /** Installs, and waits until all pods are ready. */
  readonly install: (settings: object) => Promise<void>;
  /** Removes what `install` made. */
  readonly uninstall: () => Promise<void>;
}

/** A ConfigMap in the namespace of the server with the authority of GitHub's certificate. */
export const AUTHORITIES = 'authorities';

/** A rule of a NetworkPolicy: what runs on the node is on ports of its own. */
const NODE = { to: [{ ipBlock: { cidr: `${environment.nodeAddress}/32` } }] };

/** The chart in namespaces of its own, next to those of other tests. */
export const CHART: Installation = {
  name: 'the chart',
  server: 'chart-system',
  keepsNamespace: true,
  builds: 'chart-builds',
  install: async (settings) => {
    const values = {
      settings: { ...settings, namespace: 'chart-builds' },
      image: { reference: environment.kfopsImage },
      extraCertificates: { configMap: AUTHORITIES },
      network: { extraEgress: { server: [NODE], steps: [NODE], builds: [NODE] } },
    };
    const file = join(await folder({ 'values.yaml': stringify(values) }), 'values.yaml');
    const wait = ['--wait', '--timeout', PATIENCE];
    await helm('install', 'kfops', join(DEPLOY, 'chart'), '-n', 'chart-system', '-f', file, ...wait);
  },
  uninstall: async () => {
    await helm(
      'uninstall',
      'kfops',
      '-n',
      'chart-system',
      '--ignore-not-found',
      '--wait',
      '--timeout',
      PATIENCE,
    );
  },
};

let copy = '';

/** `kubectl apply -k deploy`, with what one fills in there. */
export const PLAIN: Installation = {
  name: 'kubectl apply -k deploy',
  server: 'kfops-system',
  keepsNamespace: false,
  builds: 'kfops',
  install: async (settings) => {
    copy = join(await folder({}), 'deploy');
    await cp(DEPLOY, copy, { recursive: true });
    const map = {
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: { name: 'kfops-settings', namespace: 'kfops-system' },
      data: { 'settings.yaml': stringify({ ...settings, minio: { endpoint: SEAWEEDFS } }) },
    };
    await writeFile(join(copy, 'server/2-settings.yaml'), stringify(map));
    const file = join(copy, 'server/3-server.yaml');
    await writeFile(file, withAuthorities(await readFile(file, 'utf8')));
    await kubectl('apply', '-k', copy);
    await kubectl(
      'rollout',
      'status',
      '-n',
      'kfops-system',
      'deployment/kfops-server',
      `--timeout=${PATIENCE}`,
    );
  },
  // The namespace of the builds stays: other tests have theirs there.
  uninstall: async () => {
    await kubectl('delete', '-f', join(copy, 'server'), '--ignore-not-found', `--timeout=${PATIENCE}`);
  },
};

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

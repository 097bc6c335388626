import { readdirSync, readFileSync } from 'node:fs';

import { expect } from 'chai';
import { parseAllDocuments } from 'yaml';

import { parseSettings } from '../../../schema/index.js';
import { checkServerSettings } from '../../../server/runtime/check-settings.js';

interface Manifest {
  readonly kind: string;
  readonly metadata: {
    readonly name: string;
    readonly namespace?: string;
    readonly labels?: Record<string, string>;
  };
  readonly [field: string]: unknown;
}

interface Rule {
  readonly apiGroups: readonly string[];
  readonly resources: readonly string[];
  readonly resourceNames?: readonly string[];
  readonly verbs: readonly string[];
}

const FOLDER = new URL('../../../deploy/server/', import.meta.url);

const manifests = readdirSync(FOLDER)
  .sort()
  .flatMap((file) =>
    parseAllDocuments(readFileSync(new URL(file, FOLDER), 'utf8'), { version: '1.1' }).map((document) => {
      expect(document.errors, file).to.deep.equal([]);
      return document.toJS() as Manifest;
    }),
  );

// eslint-disable-next-line @typescript-eslint/no-unnecessary-type-parameters -- says what the caller expects to find
function find<T>(kind: string, name: string, namespace = 'kfops-system'): T {
  const found = manifests.find(
    (each) => each.kind === kind && each.metadata.name === name && each.metadata.namespace === namespace,
  );
  if (found === undefined) throw new Error(`there is no ${kind} ${namespace}/${name}`);
  return found as T;
}

function rights(namespace: string): string[] {
  return find<{ rules: Rule[] }>('Role', 'kfops-server', namespace).rules.flatMap(
    ({ apiGroups, resources, verbs, resourceNames = ['any'] }) =>
      verbs.map((verb) => `${verb} ${apiGroups.join()}/${resources.join()} ${resourceNames.join()}`),
  );
}

interface PodSpec {
  readonly securityContext: object;
  readonly containers: readonly {
    readonly args: readonly string[];
    readonly env: readonly { readonly name: string }[];
    readonly securityContext: object;
    readonly volumeMounts: readonly { readonly name: string; readonly mountPath: string }[];
  }[];
  readonly terminationGracePeriodSeconds: number;
  readonly volumes: readonly {
    readonly name: string;
    readonly secret?: { readonly secretName: string; readonly defaultMode: number };
  }[];
}

const pod = find<{ spec: { template: { spec: PodSpec } } }>('Deployment', 'kfops-server').spec.template.spec;

interface Policy {
  readonly spec: {
    readonly podSelector: object;
    readonly policyTypes: readonly string[];
    readonly ingress?: readonly unknown[];
    readonly egress?: readonly {
      readonly to: readonly {
        readonly ipBlock?: { readonly cidr: string; readonly except: readonly string[] };
      }[];
    }[];
  };
}

describe('deploy/server', () => {
  it('least privilege: the server has exactly these rights', () => {
    expect(rights('kfops')).to.deep.equal([
      ...['create', 'get', 'list', 'watch', 'patch'].map((verb) => `${verb} argoproj.io/workflows any`),
      'get /pods any',
      'list /pods any',
      'get /pods/log any',
    ]);
    expect(rights('kfops-system')).to.deep.equal([
      'create coordination.k8s.io/leases any',
      'get coordination.k8s.io/leases kfops-server',
      'update coordination.k8s.io/leases kfops-server',
    ]);
    expect(manifests.filter(({ kind }) => kind.startsWith('ClusterRole'))).to.deep.equal([]);
  });

  it('least privilege: the pod keeps to PodSecurity restricted, on a read-only root', () => {
    const namespace = manifests.find(({ kind }) => kind === 'Namespace')!;
    expect(namespace.metadata.labels).to.include({ 'pod-security.kubernetes.io/enforce': 'restricted' });
    expect(pod.securityContext).to.deep.include({
      runAsNonRoot: true,
      seccompProfile: { type: 'RuntimeDefault' },
    });
    expect(pod.containers[0]!.securityContext).to.deep.equal({
      allowPrivilegeEscalation: false,
      readOnlyRootFilesystem: true,
      capabilities: { drop: ['ALL'] },
    });
    expect(pod.terminationGracePeriodSeconds, 'fault 20: drains in 25 s').to.be.least(25 + 3);
  });

  it('threat 30: secrets are files, and no other user reads them', () => {
    const secrets = pod.volumes.flatMap(({ secret }) => secret ?? []);
    expect(secrets.map(({ secretName }) => secretName)).to.deep.equal([
      'kfops-github',
      'kfops-minio',
      'kfops-registry',
      'kfops-notify',
    ]);
    for (const { defaultMode } of secrets) expect(defaultMode & 0o007).to.equal(0);
    expect(JSON.stringify(pod.containers[0]!.env)).not.to.include('secretKeyRef');
  });

  it('the settings are those of a server, and name files that are mounted', () => {
    const { data } = find<{ data: Record<string, string> }>('ConfigMap', 'kfops-settings');
    const shipped = data['settings.yaml'] ?? '';
    expect(parseSettings(shipped, { file: 'settings.yaml' }).value.server.github.app).to.equal(undefined);
    const filledIn = shipped
      .replace(/# (app:| {2}id: 1| {2}private_key_file:)/g, '$1')
      .replace(/# (registry:| {2}credentials_file:|build:| {2}rebuild_after:)/g, '$1');
    const result = parseSettings(filledIn, { file: 'settings.yaml' });
    expect(result.value.server.github.app).to.include({ id: 1 });
    expect(checkServerSettings(result)).to.deep.equal([]);
    expect(result.value.build.rebuild_after).to.equal('7d');
    const { github, minio, cache } = result.value.server;
    const mounts = pod.containers[0]!.volumeMounts.map(({ mountPath }) => mountPath);
    const files = [
      result.value.registry.credentials_file,
      github.app?.private_key_file,
      ...github.webhook_secret_files,
      minio.access_key_file,
      minio.secret_key_file,
    ];
    for (const file of files) expect(mounts).to.include((file ?? '').slice(0, (file ?? '').lastIndexOf('/')));
    expect(mounts).to.include(cache.folder);
    expect(result.value.namespace).to.equal('kfops');
  });

  for (const [namespace, name] of [
    ['kfops-system', 'kfops-server'],
    ['kfops', 'kfops-steps'],
    ['kfops', 'kfops-builds'],
  ] as const) {
    it(`threat 20: ${name}: all is denied but what is named, and the cloud’s metadata always`, () => {
      const deny = find<Policy>('NetworkPolicy', 'default-deny', namespace).spec;
      expect(deny).to.deep.equal({ podSelector: {}, policyTypes: ['Ingress', 'Egress'] });
      const { egress = [] } = find<Policy>('NetworkPolicy', name, namespace).spec;
      const blocks = egress.flatMap(({ to }) => to.flatMap(({ ipBlock }) => ipBlock ?? []));
      expect(blocks).to.have.length(2);
      for (const { cidr, except } of blocks) {
        expect(except).to.include(cidr.includes(':') ? 'fe80::/10' : '169.254.0.0/16');
      }
      for (const { to } of egress) expect(to, 'nothing goes anywhere').not.to.be.empty;
    });
  }
});

import { generateKeyPairSync } from 'node:crypto';
import { join } from 'node:path';

import { expect } from 'chai';
import { parse, parseAllDocuments } from 'yaml';

import type { KubernetesObject } from '../../argo/objects/apply.js';
import { foreignNamespace, startObjects, type ObjectsStandIn } from '../fixtures/kubernetes-objects.js';
import { S3Server } from '../fixtures/s3-server.js';
import { kfops, type Result } from './kfops.js';
import { temporaryFolder, write } from './project.js';

const BASE = [
  ...['--registry', 'registry.example/acme/ml', '--repository', 'acme/churn'],
  // Nobody listens there: the address for GitHub is not reached, and nothing leaves this machine.
  ...['--profile-namespace', 'acme', '--url', 'https://127.0.0.1:9'],
];
const CANARIES = ['canary-access', 'canary-secret', 'canary-webhook', 'PRIVATE KEY', 'canary-login'];
const SETTINGS = '/api/v1/namespaces/kfops-system/configmaps/kfops-settings';

describe('kfops bootstrap', () => {
  const cwd = temporaryFolder();
  let api: ObjectsStandIn;
  let s3: S3Server;

  before(() => {
    const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
    const auth = Buffer.from('bot:canary-login').toString('base64');
    write(cwd, {
      'key.pem': privateKey.export({ type: 'pkcs1', format: 'pem' }),
      webhook: 'canary-webhook\n',
      access: 'test-access-key',
      secret: 'test-secret-key',
      'login.json': JSON.stringify({ auths: { 'registry.example': { auth } } }),
    });
  });
  beforeEach(async () => {
    api = await startObjects();
    s3 = await S3Server.start();
    api.objects.set(...foreignNamespace('acme'));
    write(cwd, { kubeconfig: api.kubeconfig });
  });
  afterEach(async () => {
    await api.close();
    await s3.stop();
  });

  const run = (...args: string[]): Promise<Result> => kfops(['bootstrap', ...args], { cwd });
  const install = (...args: string[]): Promise<Result> =>
    kfops(
      [
        ...['bootstrap', ...BASE, '--yes', '--no-images', '--kubeconfig', join(cwd, 'kubeconfig')],
        ...['--store-endpoint', 's3.example:9000', '--registry-login', 'login.json'],
        ...['--store-access-key-file', 'access', '--store-secret-key-file', 'secret'],
        ...['--github-app-id', '4711', '--github-key-file', 'key.pem', '--webhook-secret-file', 'webhook'],
        ...args,
      ],
      { cwd, env: { KFOPS_MINIO_ENDPOINT: `http://${s3.endpoint}` } },
    );
  const settings = (): Record<string, unknown> => {
    const { data } = api.objects.get(SETTINGS) as unknown as { data: Record<string, string> };
    return parse(data['settings.yaml']!) as Record<string, unknown>;
  };

  it('reports everything that is missing or wrong at once, and asks no cluster', async () => {
    const { code, stdout, stderr } = await run(
      ...['--url', 'http://kfops.example.com', '--namespace', 'kfops', '--github-app-id', 'x'],
      ...['--registry-login', 'nowhere.json', '--tls-secret', 'tls', '--kaniko-image', 'https://kaniko'],
      ...['--github-api-url', 'http://github.example/api/v3', '--extra-certificates', 'key.pem'],
    );
    expect(code).to.equal(2);
    expect(stdout).to.equal('');
    for (const part of [
      '--yes error REQUIRED_OPTION',
      '--registry error REQUIRED_OPTION',
      '--repository error REQUIRED_OPTION',
      '--profile-namespace error REQUIRED_OPTION',
      "--url error WRONG_VALUE `http://kfops.example.com` isn't",
      '--github-app-id error WRONG_VALUE `x`',
      '--github-key-file error REQUIRED_OPTION',
      '--webhook-secret-file error REQUIRED_OPTION',
      "--registry-login error FILE_UNREADABLE `nowhere.json` doesn't exist",
      '--tls-secret error WRONG_VALUE',
      '--kaniko-image error WRONG_VALUE `https://kaniko` begins with a scheme',
      "--github-api-url error WRONG_VALUE `http://github.example/api/v3` isn't an https address",
      "--extra-certificates error FILE_UNREADABLE `key.pem` doesn't hold a certificate (PEM)",
    ])
      expect(stderr).to.include(part);
    expect(stderr).not.to.include('--images-registry');
    expect(api.requests).to.deep.equal([]);
  });

  it('refuses a registry for its own images that builds can push to, and repositories without trust', async () => {
    const args = [...BASE, '--dry-run', '--images-registry', 'registry.example/acme/ml/kfops'];
    const { code, stderr } = await run(...args, '--repository', 'acme/fraud');
    expect(code).to.equal(2);
    expect(stderr)
      .to.include('`registry.example/acme/ml/kfops` is where builds can push')
      .and.to.include('--shared-trust error REQUIRED_OPTION');
  });

  it('--dry-run prints all objects without a cluster, and nothing that Secrets hold', async () => {
    const { code, stdout, stderr } = await run(
      ...[...BASE, '--dry-run', '--namespace', 'builds', '--server-namespace', 'chat'],
      ...['--registry-login', 'login.json', '--ingress-class', 'nginx', '--tls-secret', 'tls'],
      ...['--github-app-id', '4711', '--github-key-file', 'key.pem', '--webhook-secret-file', 'webhook'],
    );
    expect({ code, stderr }).to.deep.include({ code: 0 });
    const objects = parseAllDocuments(stdout).map((each) => each.toJS() as KubernetesObject);
    const namespaced = objects.filter(({ metadata }) => metadata.namespace !== undefined);
    expect([...new Set(namespaced.map(({ metadata }) => metadata.namespace))].sort()).to.deep.equal([
      'builds',
      'chat',
      'kubeflow',
    ]);
    for (const { metadata } of objects)
      expect(metadata.labels).to.have.property('app.kubernetes.io/managed-by', 'kfops-bootstrap');
    const secrets = objects.filter(({ kind }) => kind === 'Secret');
    expect(secrets.map(({ metadata }) => `${metadata.namespace}/${metadata.name}`)).to.deep.equal([
      'builds/kfops-build.service-account-token',
    ]);
    const listed = [...stdout.matchAll(/^# Secret (\S+) in (\S+), keys: /gm)];
    expect(listed.map(([, name, namespace]) => `${namespace}/${name}`)).to.deep.equal([
      'builds/mlpipeline-minio-artifact',
      'chat/kfops-minio',
      'builds/registry-login',
      'chat/kfops-registry',
      'chat/kfops-github',
    ]);
    for (const canary of CANARIES) {
      expect(stdout).not.to.include(canary);
      expect(stdout).not.to.include(Buffer.from(canary).toString('base64').slice(0, -3));
    }
    const server = objects.find(({ kind }) => kind === 'Deployment')!;
    expect(JSON.stringify(server)).to.include('"image":"registry.example/acme/kfops/kfops:');
    expect(objects.some(({ kind }) => kind === 'Ingress')).to.equal(true);
  });

  it('--dry-run with a token of GitHub has no App in its settings', async () => {
    write(cwd, { token: 'canary-token\n' });
    const { code, stdout, stderr } = await run(
      ...[...BASE, '--dry-run', '--github-token-file', 'token', '--webhook-secret-file', 'webhook'],
    );
    expect(code, stderr).to.equal(0);
    expect(stdout).to.match(/^# Secret kfops-github in kfops-system, keys: token, webhook-secret/m);
    const map = parseAllDocuments(stdout)
      .map((each) => each.toJS() as KubernetesObject & { readonly data?: Record<string, string> })
      .find(({ metadata }) => metadata.name === 'kfops-settings')!;
    const { server } = parse(map.data!['settings.yaml']!) as { server: { github: object } };
    expect(server.github)
      .to.deep.include({ token_file: '/etc/kfops/github/token' })
      .and.not.to.have.property('app');
    expect(stdout + stderr).not.to.include('canary');
  });

  it('--dry-run continues without a cluster that does not answer', async () => {
    await api.close();
    const { code, stdout, stderr } = await run(
      ...[...BASE, '--dry-run', '--timeout', '1s', '--kubeconfig', join(cwd, 'kubeconfig')],
    );
    expect(code, stderr).to.equal(0);
    expect(stderr).to.match(/^warning Kubernetes API at .*printed without a cluster/m);
    expect(stderr).to.include('Not above').and.include('give --kfp-endpoint').and.not.include('kubeconfig');
    expect(stdout).to.include('kind: Deployment');
  });

  it('reports a missing kubeconfig together with wrong flags', async () => {
    const { code, stderr } = await run('--yes', '--kubeconfig', 'nowhere', '--url', 'x');
    expect(code).to.equal(2);
    expect(stderr)
      .to.include('--kubeconfig error FILE_MISSING')
      .and.include(`There is no kubeconfig at ${join(cwd, 'nowhere')}.`)
      .and.include('--url error WRONG_VALUE')
      .and.include('--registry');
  });

  it('installs, and changes nothing the second time', async () => {
    const { code, stderr } = await install();
    expect(stderr).to.include('created    Deployment kfops-server in kfops-system');
    expect(code, stderr).to.equal(0);
    expect(s3.buckets.has('image-build-artifacts')).to.equal(true);
    expect(stderr).to.include('Install the GitHub App on acme/churn').and.to.include('2 replicas are ready');
    expect(settings()).to.have.nested.property('server.github.app.id', 4711);
    for (const canary of CANARIES) expect(stderr).not.to.include(canary);
    const secret = api.objects.get('/api/v1/namespaces/kfops-system/secrets/kfops-github') as unknown as {
      data: Record<string, string>;
    };
    expect(Buffer.from(secret.data['webhook-secret']!, 'base64').toString()).to.equal('canary-webhook');

    const before = JSON.stringify([...api.objects]);
    const again = await install();
    expect(again.code).to.equal(0);
    expect(again.stderr).not.to.match(/^(?:created|changed) /m);
    expect(again.stderr).to.include('unchanged  ConfigMap kfops-settings in kfops-system');
    expect(JSON.stringify([...api.objects])).to.equal(before);
  });

  it('keeps what somebody else made or changed, and cuts no other pods off', async () => {
    const role = '/apis/rbac.authorization.k8s.io/v1/namespaces/kfops/roles/kfops-executor';
    const theirs = {
      apiVersion: 'rbac.authorization.k8s.io/v1',
      kind: 'Role',
      metadata: {
        name: 'kfops-executor',
        namespace: 'kfops',
        labels: { 'app.kubernetes.io/managed-by': 'Helm' },
      },
    };
    api.objects.set(role, theirs);
    api.objects.set(...foreignNamespace('kfops'));
    await install();
    api.conflicts.set(SETTINGS, 'kubectl-edit');
    const { code, stderr } = await install();
    expect(code).to.equal(0);
    expect(stderr)
      .to.include('kept       Role kfops-executor in kfops: somebody else made it')
      .and.to.include(
        'kept       ConfigMap kfops-settings in kfops-system: kubectl-edit has changed it since',
      )
      .and.to.include('The settings in ConfigMap kfops-settings were kept');
    expect(api.objects.get(role)).to.deep.equal(theirs);
    const policies = '/apis/networking.k8s.io/v1/namespaces';
    expect(api.objects.has(`${policies}/kfops/networkpolicies/default-deny`)).to.equal(false);
    expect(api.objects.has(`${policies}/kfops-system/networkpolicies/default-deny`)).to.equal(true);
  });

  it('leaves Kubeflow’s Secret of the object store as it is, and gives builds there another with other keys', async () => {
    const theirs = storeSecretOf('kubeflow', 'their-access', 'their-secret');
    api.objects.set(...theirs);
    api.objects.set(...foreignNamespace('kubeflow'));
    const { code, stderr } = await install('--namespace', 'kubeflow');
    expect(code, stderr).to.equal(0);
    expect(stderr).not.to.include('mlpipeline-minio-artifact');
    expect(api.objects.get(theirs[0])).to.deep.equal(theirs[1]);
    expect(settings()).to.have.nested.property('minio.secret.name', 'kfops-minio');
    const made = api.objects.get('/api/v1/namespaces/kubeflow/secrets/kfops-minio') as unknown as {
      data: Record<string, string>;
    };
    expect(Buffer.from(made.data.accesskey!, 'base64').toString()).to.equal('test-access-key');
  });

  it('changes nothing where builds would get the keys of somebody else’s Secret', async () => {
    const [path, theirs] = storeSecretOf('kfops', 'their-access', 'their-secret');
    api.objects.set(path, theirs);
    const { code, stderr } = await install();
    expect(code).to.equal(2);
    expect(stderr.replace(/\s+/g, ' '))
      .to.include('--store-access-key-file error WRONG_VALUE')
      .and.include('somebody else made the Secret `mlpipeline-minio-artifact` in kfops')
      .and.not.include('their-');
    expect(api.requests.filter((request) => request.startsWith('PATCH'))).to.deep.equal([]);
    api.objects.set(...storeSecretOf('kfops', 'test-access-key', 'test-secret-key'));
    const same = await install();
    expect(same.code, same.stderr).to.equal(0);
    expect(same.stderr).to.include('kept       Secret mlpipeline-minio-artifact in kfops');
  });

  it('changes nothing where a right is missing or Argo watches another namespace', async () => {
    api.denied.add('create roles');
    const controller = api.objects.get(
      '/apis/apps/v1/namespaces/argo/deployments/workflow-controller',
    ) as unknown as {
      spec: { template: { spec: { containers: { args?: string[] }[] } } };
    };
    controller.spec.template.spec.containers[0]!.args = ['--namespaced'];
    const { code, stderr } = await install();
    expect(code).to.equal(1);
    expect(stderr)
      .to.include('not granted: create roles.rbac.authorization.k8s.io in kfops')
      .and.to.include('Argo’s controller')
      .and.to.include('Nothing was changed.');
    expect(api.requests.filter((request) => request.startsWith('PATCH'))).to.deep.equal([]);
  });

  it('names a profile that the cluster does not have, and all that is missing with it', async () => {
    const { code, stderr } = await run(
      ...[...BASE, '--profile-namespace', 'nowhere', '--yes', '--kubeconfig', join(cwd, 'kubeconfig')],
      ...['--store-endpoint', 's3.example:9000'],
    );
    expect(code).to.equal(2);
    for (const part of [
      'The cluster has no namespace `nowhere`.',
      '--store-access-key-file error REQUIRED_OPTION --store-access-key-file is missing',
      '--store-secret-key-file is missing',
      '--github-app-id is missing',
      '--github-key-file is missing',
      '--webhook-secret-file is missing',
    ])
      expect(stderr).to.include(part);
  });

  it('reports wrong values for the build of its images together with wrong flags, before anything is made', async () => {
    const { code, stderr } = await install(
      ...['--set', 'image_builder.images.0.buildargs.BASE=x', '--set', 'nothing', '--url', 'x'],
    );
    expect(code).to.equal(2);
    expect(stderr)
      .to.include('UNKNOWN_KEY')
      .and.include('buildargs')
      .and.include('--set nothing error OVERRIDE')
      .and.include('--url error WRONG_VALUE');
    expect(api.requests).to.deep.equal([]);
  });

  it('has a default of its own for the namespace of the builds', async () => {
    const { stdout } = await run('--help');
    expect(stdout).to.match(/--namespace <NAMESPACE> +namespace of the builds; default: kfops\n/);
  });

  it('warns of an address that GitHub cannot reach', async () => {
    const { code, stderr } = await run(...BASE, '--dry-run');
    expect(code, stderr).to.equal(0);
    expect(stderr)
      .to.include('warning --url: `127.0.0.1:9` is an address of the machine itself')
      .and.include('warning There is no kubeconfig')
      .and.include('printed without a cluster');
  });

  it('uses the Secret of an App that is in the cluster, without a terminal', async () => {
    await install();
    const args = ['bootstrap', ...BASE, '--yes', '--no-images', '--kubeconfig', join(cwd, 'kubeconfig')];
    const store = ['--store-endpoint', 's3.example:9000'];
    const keys = ['--store-access-key-file', 'access', '--store-secret-key-file', 'secret'];
    const env = { KFOPS_MINIO_ENDPOINT: `http://${s3.endpoint}` };
    const again = await kfops([...args, ...store, ...keys], { cwd, env });
    expect(again.code, again.stderr).to.equal(0);
    expect(settings()).to.have.nested.property('server.github.app.id', 4711);
    api.objects.delete('/api/v1/namespaces/kfops-system/secrets/kfops-github');
    const without = await kfops([...args, ...store, ...keys], { cwd, env });
    expect(without.code).to.equal(2);
    expect(without.stderr).to.include('--github-app-id is missing');
  });
});

/** The Secret that Kubeflow makes, or a person. */
function storeSecretOf(namespace: string, accesskey: string, secretkey: string): [string, KubernetesObject] {
  const encoded = [accesskey, secretkey].map((key) => Buffer.from(key).toString('base64'));
  const metadata = { name: 'mlpipeline-minio-artifact', namespace };
  const data = { accesskey: encoded[0], secretkey: encoded[1] };
  return [
    `/api/v1/namespaces/${namespace}/secrets/mlpipeline-minio-artifact`,
    { apiVersion: 'v1', kind: 'Secret', metadata, data },
  ];
}

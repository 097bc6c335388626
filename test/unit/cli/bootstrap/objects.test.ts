import { expect } from 'chai';

import type { KubernetesObject } from '../../../../argo/objects/apply.js';
import type { Choices } from '../../../../cli/bootstrap/choices.js';
import type { Store } from '../../../../cli/bootstrap/found.js';
import { readManifests } from '../../../../cli/bootstrap/manifests.js';
import { networkPolicies } from '../../../../cli/bootstrap/network.js';
import { namespaces, serverObjects } from '../../../../cli/bootstrap/objects.js';
import { checkedSettings } from '../../../../cli/bootstrap/settings.js';
import { ConfigError, ownImages } from '../../../../schema/index.js';
import { CHOICES } from './support.js';

const KUBEFLOW: Store = { endpoint: 'seaweedfs.kubeflow.svc.cluster.local:9000', from: 'cluster' };

const build = (
  choices: Partial<Choices> = {},
  parts: Partial<Parameters<typeof serverObjects>[0]> = {},
): KubernetesObject[] =>
  serverObjects({
    choices: { ...CHOICES, ...choices },
    store: KUBEFLOW,
    kfpEndpoint: undefined,
    settings: 'x',
    foreign: new Set(),
    isMultiUser: false,
    ...parts,
  });
const names = (objects: readonly KubernetesObject[]): string[] =>
  objects.map(({ kind, metadata }) => `${kind} ${metadata.namespace}/${metadata.name}`);

describe('the objects of kfops bootstrap', () => {
  it('are those of deploy/, with other names wherever a namespace or an image is named', () => {
    const objects = readManifests(CHOICES);
    expect(
      objects.filter(({ kind }) => kind === 'Namespace').map(({ metadata }) => metadata.name),
    ).to.deep.equal(['builds', 'chat']);
    const text = JSON.stringify(objects);
    expect(text).not.to.match(/"namespace":"kfops|metadata.name":"kfops|registry\.example\.com/);
    const { kfops } = ownImages({ registry: CHOICES.imagesRegistry });
    expect(text).to.include(`"image":"${kfops}"`);
    // The server renews it all the time, so a second run would change it.
    expect(objects.map(({ kind }) => kind)).not.to.include('Lease');
    // 0440, which is 288.
    expect(text).to.include('"defaultMode":288');
  });

  it('leave Kubeflow’s namespaces as they are, with or without a cluster', () => {
    for (const choices of [{ builds: 'kubeflow' }, { builds: 'acme' }]) {
      expect(namespaces({ ...CHOICES, ...choices }).map(({ metadata }) => metadata.name)).to.deep.equal([
        'chat',
      ]);
      const objects = build(choices);
      expect(names(objects)).to.include('NetworkPolicy chat/default-deny');
      const there = objects.filter(({ metadata }) => metadata.namespace === choices.builds);
      expect(names(there)).to.include(`ServiceAccount ${choices.builds}/kfops-build`);
      for (const { kind, spec } of there)
        if (kind === 'NetworkPolicy')
          expect(Object.keys((spec as { podSelector: object }).podSelector)).not.to.deep.equal([]);
    }
  });

  it('start new pods when the settings change, and only then', () => {
    const server = (settings: string): string =>
      JSON.stringify(build({}, { settings }).find(({ kind }) => kind === 'Deployment'));
    expect(server('a')).to.equal(server('a'));
    expect(server('a')).not.to.equal(server('b'));
  });

  it('give the server further authorities, and start new pods when these change', () => {
    const server = (certificates?: string): string =>
      JSON.stringify(
        build(certificates === undefined ? {} : { certificates }).filter(
          ({ kind, metadata }) => kind === 'Deployment' || metadata.name === 'kfops-certificates',
        ),
      );
    expect(server()).not.to.include('certificates');
    const given = server('one');
    expect(given)
      .to.include('"data":{"ca.crt":"one"}')
      .and.to.include('{"name":"NODE_EXTRA_CA_CERTS","value":"/etc/kfops/certificates/ca.crt"}')
      .and.to.include('{"name":"GIT_SSL_CAINFO","value":"/etc/kfops/certificates/ca.crt"}')
      .and.to.include('{"name":"kfops-certificates","mountPath":"/etc/kfops/certificates","readOnly":true}')
      .and.to.include('{"name":"kfops-certificates","configMap":{"name":"kfops-certificates"}}');
    const hash = (text: string): string | undefined => /"kfops.dev\/settings":"(\w+)"/.exec(text)?.[1];
    expect(hash(given)).not.to.equal(hash(server('two')));
  });

  it('pull the server’s image with the login', () => {
    const pulls = (login?: Choices['login']): boolean =>
      JSON.stringify(build(login && { login })).includes('"imagePullSecrets":[{"name":"kfops-registry"}]');
    expect(pulls()).to.equal(false);
    expect(pulls({ file: '/x', json: '{}' })).to.equal(true);
    const apart = JSON.stringify(build({ imagesLogin: { file: '/x', json: '{}' } }));
    expect(apart).to.include('"imagePullSecrets":[{"name":"kfops-images-login"}]');
  });

  it('let it publish in each profile where Kubeflow asks for rights', () => {
    const bindings = (isMultiUser: boolean): string[] =>
      names(build({ profiles: ['one', 'two'] }, { isMultiUser })).filter((name) =>
        / \w+\/kfops-publisher(?:-|$)/.test(name),
      );
    expect(bindings(true)).to.deep.equal([
      'ServiceAccount builds/kfops-publisher',
      'RoleBinding one/kfops-publisher-builds',
      'RoleBinding two/kfops-publisher-builds',
    ]);
    expect(bindings(false)).to.deep.equal(['ServiceAccount builds/kfops-publisher']);
  });

  it('in namespaces that installations share have a name for each namespace of builds', () => {
    const shared = (builds: string): KubernetesObject[] =>
      build({ builds }, { isMultiUser: true }).filter(({ metadata }) =>
        ['kubeflow', 'acme'].includes(metadata.namespace ?? ''),
      );
    expect(names(shared('kfops'))).to.deep.equal([
      'NetworkPolicy kubeflow/kfops-to-seaweedfs',
      'NetworkPolicy kubeflow/kfops-to-metadata',
      'RoleBinding acme/kfops-publisher',
    ]);
    expect(names(shared('team'))).to.deep.equal([
      'NetworkPolicy kubeflow/kfops-to-seaweedfs-team',
      'NetworkPolicy kubeflow/kfops-to-metadata-team',
      'RoleBinding acme/kfops-publisher-team',
    ]);
    expect(JSON.stringify(shared('team')))
      .to.include('"values":["team"]')
      .and.not.to.match(/"kfops(?:-system)?"/);
  });

  it('have an Ingress for deliveries alone, where a class is named', () => {
    const find = (choices: Partial<Choices>): KubernetesObject | undefined =>
      build(choices).find(({ kind }) => kind === 'Ingress');
    expect(find({})).to.equal(undefined);
    const spec = find({ ingress: { className: 'nginx', tlsSecret: 'tls' } })?.spec;
    expect(JSON.stringify(spec)).to.equal(
      '{"ingressClassName":"nginx","tls":[{"hosts":["kfops.acme.com"],"secretName":"tls"}],"rules":[{"host":"kfops.acme.com","http":{"paths":[{"path":"/webhook","pathType":"Exact","backend":{"service":{"name":"kfops-server","port":{"name":"http"}}}}]}}]}',
    );
  });

  it('have the annotations of the Ingress', () => {
    const annotations = { 'nginx.ingress.kubernetes.io/proxy-body-size': '25m' };
    const made = build({ ingress: { className: 'nginx', annotations } });
    expect(made.find(({ kind }) => kind === 'Ingress')?.metadata.annotations).to.deep.equal(annotations);
  });

  it('admit Kfops to SeaweedFS, and deny nothing to the pods of others', () => {
    const admitting = build().find(({ metadata }) => metadata.name === 'kfops-to-seaweedfs-builds')!;
    expect(admitting.metadata.namespace).to.equal('kubeflow');
    const { ingress } = admitting.spec as { ingress: { from: { namespaceSelector: object }[] }[] };
    expect(ingress[0]!.from.map(({ namespaceSelector }) => namespaceSelector)).to.deep.equal([
      { matchExpressions: [{ key: 'kubernetes.io/metadata.name', operator: 'In', values: ['builds'] }] },
      { matchLabels: { 'kubernetes.io/metadata.name': 'chat' } },
    ]);
    const elsewhere: Store = { endpoint: 's3.example:443', from: 'flag' };
    expect(names(build({}, { store: elsewhere }))).not.to.include(
      'NetworkPolicy kubeflow/kfops-to-seaweedfs-builds',
    );
    const ofMinio: Store = { endpoint: 'minio-service.kubeflow.svc.cluster.local:9000', from: 'flag' };
    expect(names(build({}, { store: ofMinio }))).to.include(
      'NetworkPolicy kubeflow/kfops-to-seaweedfs-builds',
    );
    const denying = (foreign: readonly string[]): string[] =>
      names(build({}, { foreign: new Set(foreign) })).filter((name) => name.endsWith('/default-deny'));
    expect(denying([])).to.deep.equal([
      'NetworkPolicy chat/default-deny',
      'NetworkPolicy builds/default-deny',
    ]);
    expect(denying(['builds'])).to.deep.equal(['NetworkPolicy chat/default-deny']);
  });
});

describe('the network policies of kfops bootstrap', () => {
  const texts = (objects: readonly KubernetesObject[]): string[] =>
    objects.map(
      ({ metadata, spec }) =>
        `${metadata.namespace}/${metadata.name} ${JSON.stringify((spec as { egress: unknown }).egress)}`,
    );
  const policies = (registry: string, endpoint: string): string[] =>
    texts(networkPolicies({ ...CHOICES, registries: [registry] }, { endpoint, from: 'flag' }, undefined));
  const port = (number: number): string => `[{"to":${EVERYWHERE},"ports":[{"port":${number}}]}]`;
  const EVERYWHERE =
    '[{"ipBlock":{"cidr":"0.0.0.0/0","except":["169.254.0.0/16"]}},{"ipBlock":{"cidr":"::/0","except":["fe80::/10","fd00:ec2::254/128"]}}]';

  it('add nothing for a public registry and Kubeflow’s store', () => {
    expect(policies('ghcr.io/acme/ml', KUBEFLOW.endpoint)).to.deep.equal([]);
  });

  it('add a registry at another port, and a store elsewhere', () => {
    expect(policies('registry.example:5000/ml', 's3.example:9000')).to.deep.equal([
      `builds/kfops-registries ${port(5000)}`,
      `chat/kfops-registries ${port(5000)}`,
      `builds/kfops-store ${port(9000)}`,
      `chat/kfops-store ${port(9000)}`,
    ]);
  });

  it('add port 80 for the server alone: builds have it already', () => {
    expect(policies('registry.example:80/ml', KUBEFLOW.endpoint)).to.deep.equal([
      `chat/kfops-registries ${port(80)}`,
    ]);
  });

  it('add GitHub at another port, and Kubeflow Pipelines elsewhere', () => {
    const own = (githubApiUrl: string, kfp: string): string[] =>
      texts(networkPolicies({ ...CHOICES, githubApiUrl }, KUBEFLOW, kfp));
    const kubeflow = 'http://ml-pipeline.kubeflow.svc.cluster.local:8888';
    expect(own('https://github.acme.com/api/v3', kubeflow)).to.deep.equal([]);
    expect(own('http://github.acme.com/api/v3', 'https://kfp.acme.com:8443/pipeline')).to.deep.equal([
      `chat/kfops-github ${port(80)}`,
      `builds/kfops-pipelines ${port(8443)}`,
    ]);
    expect(own('https://github.acme.com:8443', 'http://ml-pipeline.data.svc:8888')).to.deep.equal([
      `chat/kfops-github ${port(8443)}`,
      'builds/kfops-pipelines [{"to":[{"namespaceSelector":{"matchLabels":{"kubernetes.io/metadata.name":"data"}}}]}]',
    ]);
  });

  it('add the namespace of a registry in the cluster', () => {
    expect(policies('registry.tools.svc.cluster.local:5000/ml', KUBEFLOW.endpoint)[0]).to.equal(
      'builds/kfops-registries [{"to":[{"namespaceSelector":{"matchLabels":{"kubernetes.io/metadata.name":"tools"}}}]}]',
    );
  });
});

describe('the settings of kfops bootstrap', () => {
  it('are those with which the server starts, with the login and Kubeflow Pipelines', () => {
    const { value } = checkedSettings({
      choices: {
        ...CHOICES,
        login: { file: '/x', json: '{}' },
        insecure: true,
        kanikoImage: 'mirror.acme.com/kaniko:1',
        argoUrl: 'https://argo.acme.com',
      },
      store: { endpoint: 's3.example:443', secure: true, from: 'flag' },
      kfpEndpoint: 'http://ml-pipeline.kubeflow.svc.cluster.local:8888',
      github: { kind: 'app', id: 7 },
    });
    expect(value.namespace).to.equal('builds');
    expect(value.minio).to.deep.include({ endpoint: 's3.example:443', secure: true });
    expect(value.kfp?.endpoint).to.equal('http://ml-pipeline.kubeflow.svc.cluster.local:8888');
    expect(value.server.github.app).to.deep.equal({
      id: 7,
      private_key_file: '/etc/kfops/github/private-key.pem',
    });
    expect(value.server).to.deep.include({ insecure_registries: ['ghcr.io'] });
    expect(value.server.manifest.secrets).to.deep.equal(['registry-login']);
    expect(value.kaniko.image).to.equal('mirror.acme.com/kaniko:1');
    expect(JSON.stringify(value.kaniko.manifest)).to.include(
      '"imagePullSecrets":[{"name":"registry-login"}]',
    );
  });

  it('are refused as the server would refuse them', () => {
    const parts = { choices: { ...CHOICES, repositories: ['acme/a', 'acme/b'] }, store: KUBEFLOW };
    expect(() => checkedSettings({ ...parts, kfpEndpoint: undefined, github: { kind: 'unknown' } })).to.throw(
      ConfigError,
      'serve 2 repositories and have no rules',
    );
  });

  it('let builds mount the login of their registries only, and nodes pull with that of Kfops’ images', () => {
    const pod = (choices: Partial<Choices>): string => {
      const { value } = checkedSettings({
        choices: { ...CHOICES, ...choices },
        store: KUBEFLOW,
        kfpEndpoint: undefined,
        github: { kind: 'unknown' },
      });
      expect(value.server.manifest.secrets).not.to.include('kfops-images-login');
      expect(value.registry.credentials_file).to.equal('/etc/kfops/registry/.dockerconfigjson');
      return JSON.stringify(value.kaniko.manifest);
    };
    const some = { file: '/x', json: '{}' };
    const both = pod({ login: some, imagesLogin: some });
    expect(both).to.include('"imagePullSecrets":[{"name":"registry-login"},{"name":"kfops-images-login"}]');
    expect(both).to.include('"secretName":"registry-login"').and.not.to.include('"secretName":"kfops-images');
    const images = pod({ imagesLogin: some });
    expect(images).to.include('"imagePullSecrets":[{"name":"kfops-images-login"}]');
    expect(images).not.to.include('secretName');
  });
});

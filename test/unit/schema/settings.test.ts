import { expect } from 'chai';

import { defaultSettings, parseSettings } from '../../../schema/index.js';
import { findings, places } from './support.js';

const parse = (text: string) => parseSettings(text, { file: 'settings.yaml' });

describe('settings', () => {
  for (const text of ['', '# nothing\n', '---\n', 'minio:\nkaniko:\n', '{}']) {
    it(`has a default for everything: ${JSON.stringify(text)}`, () => {
      expect(parse(text).value).to.deep.equal(defaultSettings());
    });
  }

  it('knows the cluster of Kubeflow', () => {
    const { server, ...cluster } = defaultSettings();
    // A server does not start with these: nothing is allowed that nobody has set.
    expect(server.manifest).to.deep.equal({
      secrets: [],
      config_maps: [],
      claims: [],
      images: [],
      labels: [],
    });
    expect(server).to.deep.include({ repositories: [], namespaces: [], supersede: 'stop', port: 8080 });
    expect(server.forks).to.equal(undefined);
    expect(cluster).to.deep.equal({
      namespace: 'kfops',
      argo: {},
      kaniko: { image: 'ghcr.io/osscontainertools/kaniko:v1.28.3' },
      images: {},
      minio: {
        secure: false,
        secret: { name: 'mlpipeline-minio-artifact', access_key: 'accesskey', secret_key: 'secretkey' },
      },
      compiler: { image: 'registry.invalid/kfops/kfops-compiler:0.1.0', timeout: '2m', memory: 4096 },
      kfops: { image: 'registry.invalid/kfops/kfops:0.1.0' },
      service_accounts: { executor: 'kfops-build', publisher: 'kfops-publisher' },
      registries: [],
      notify: [],
      registry: {
        mirrors: {},
        hosts: [
          ...['docker.io', 'ghcr.io', 'quay.io', 'gcr.io', '*.gcr.io'],
          ...['public.ecr.aws', 'registry.k8s.io', 'mcr.microsoft.com', 'nvcr.io'],
        ],
      },
      limits: {
        images: 500,
        repository_files: 300_000,
        context_files: 100_000,
        context_bytes: 4_294_967_296,
      },
      build: { timeout: '1h', retries: 2, reuse: true, rebuild_after: 'never' },
      workflow: { timeout: '24h', keep_pods: '24h', keep: '7d' },
    });
  });

  it('takes Argo’s server, whose certificate is checked unless it says otherwise', () => {
    const { argo } = parse(
      'argo: {server: {endpoint: "https://argo.example/argo", token_file: t, ca_file: }}',
    ).value;
    expect(argo).to.deep.equal({
      server: { endpoint: 'https://argo.example/argo', verify: true, token_file: 't' },
    });
    expect(parse('argo: {url: "https://a", server: }').value.argo).to.deep.equal({ url: 'https://a' });
  });

  it('gives fresh values each time', () => {
    defaultSettings().registries.push('x');
    expect(defaultSettings().registries).to.deep.equal([]);
  });

  it('takes what is written', () => {
    const { value } = parse(
      'minio: {endpoint: minio.example, region: eu}\nregistries: [ghcr.io/team, docker.io, "r:5000"]\nservice_accounts: {builder: b}',
    );
    expect(value.minio).to.include({ endpoint: 'minio.example:9000', region: 'eu' });
    expect(value.registries).to.have.length(3);
    expect(value.service_accounts).to.deep.include({ executor: 'kfops-build', builder: 'b' });
  });

  it('takes ages of images and where registries are asked', () => {
    const { value } = parse(
      'build: {rebuild_after: 3600}\nregistry: {credentials_file: /c.json, mirrors: {docker.io: ["m:5000"]}, hosts: ["*.example.com"]}',
    );
    expect(value.build.rebuild_after).to.equal('3600');
    expect(value.registry).to.deep.equal({
      credentials_file: '/c.json',
      mirrors: { 'docker.io': ['m:5000'] },
      hosts: ['*.example.com'],
    });
  });

  it('takes a manifest, and checks it where it stands', () => {
    const { value } = parse(
      'kaniko:\n  manifest:\n    spec:\n      containers: [{env: [{name: A, value: b}]}]\n',
    );
    expect(value.kaniko.manifest?.spec.containers[0]?.env).to.deep.equal([{ name: 'A', value: 'b' }]);
    const found = findings(() =>
      parse('kaniko:\n  manifest:\n    spec:\n      hostPID: true\n      containers: [{args: [a]}]\n'),
    );
    expect(places(found)).to.deep.equal(['MANIFEST_FIELD 4:7', 'MANIFEST_FIELD 5:21']);
  });

  const wrong: [string, string][] = [
    ['registries: [https://ghcr.io]', 'IMAGE_REFERENCE 1:14'],
    ['minio: {endpoint: "https://x"}', 'WRONG_VALUE 1:19'],
    ['kaniko: {image: "A B"}', 'IMAGE_REFERENCE 1:17'],
    ['limits: {images: 0}', 'WRONG_VALUE 1:18'],
    ['build: {timeout: 1 hour}', 'WRONG_VALUE 1:18'],
    ['argo: {url: argo.example}', 'WRONG_VALUE 1:13'],
    ['argo: {server: {verify: false}}', 'REQUIRED_KEY 1:8'],
    ['argo: {server: {endpoint: "argo.example:2746"}}', 'WRONG_VALUE 1:27'],
    ['argo: {server: {endpoint: "https://me:secret@argo.example"}}', 'WRONG_VALUE 1:27'],
    ['argo: {server: {endpoint: "https://argo.example", token: secret}}', 'UNKNOWN_KEY 1:51'],
    ['name_space: x', 'UNKNOWN_KEY 1:1'],
    ['namespace: [x]', 'WRONG_TYPE 1:1'],
    ['build: {timeout: 366d}', 'WRONG_VALUE 1:18'],
    ['build: {rebuild_after: 59m}', 'WRONG_VALUE 1:24'],
    ['build: {rebuild_after: 366d}', 'WRONG_VALUE 1:24'],
    ['build: {rebuild_after: sometimes}', 'WRONG_VALUE 1:24'],
    ['registry: {hosts: ["https://ghcr.io"]}', 'WRONG_VALUE 1:20'],
    ['registry: {hosts: ["*"]}', 'WRONG_VALUE 1:20'],
    ['registry: {mirrors: {docker.io/library: [mirror.example]}}', 'WRONG_VALUE 1:22'],
    ['registry: {mirrors: {docker.io: mirror.example}}', 'WRONG_TYPE 1:33'],
    ['registry: {mirrors: {docker.io: [mirror.example/hub]}}', 'WRONG_VALUE 1:34'],
    ['registry: {credentials: {}}', 'UNKNOWN_KEY 1:12'],
    ['workflow: {keep: 31536001}', 'WRONG_VALUE 1:18'],
    ['kaniko: {manifest: {spec: {containers: [{}], nodeSelector: {a: "{{x"}}}}', 'TEMPLATE_TAG 1:64'],
    ['- a', 'WRONG_TYPE 1:1'],
  ];
  for (const [text, place] of wrong) {
    it(`refuses ${text}`, () => {
      expect(places(findings(() => parse(text)))).to.deep.equal([place]);
    });
  }
});

import { expect } from 'chai';

import { compile } from '../../../../generator/compile.js';
import { stringifyWorkflow } from '../../../../generator/workflow/stringify.js';
import { ConfigError, parseSettings, type Diagnostic } from '../../../../schema/index.js';
import { trustOf } from '../../../../server/planning/trust.js';
import { repositorySettings } from '../../../../server/rules/repository-settings.js';
import { MemorySource } from '../../generator/contexts/memory-source.js';

const SETTINGS = `compiler: {image: "ghcr.io/kfops/kfops-compiler:1"}
kaniko: {image: "ghcr.io/kaniko/kaniko:1"}
server:
  repositories: [acme/churn, acme/vision]
  rules:
    - repositories: [acme/churn]
      registries: [ghcr.io/acme/churn]
      insecure_registries: ['registry.local:5000']
      namespaces: [churn]
      pipelines: ['Churn *', churn]
      experiments: ['churn-*']
      compiler_images: [ghcr.io/acme/compiler, 'ghcr.io/acme/pinned:1']
      manifest: {secrets: [churn-push], config_maps: [churn-mirrors], claims: [churn-cache], images: ['ghcr.io/acme/kaniko:1'], labels: [example.com/churn]}
      limits: {images: 1}
      forks: {registry: ghcr.io/acme/forks, manifest: {spec: {containers: [{name: kaniko}]}}}
    - repositories: [acme/vision]
      registries: [ghcr.io/acme/vision]
      insecure_registries: [ghcr.io]
      namespaces: [vision]
      pipelines: ['vision-*', vision]
      experiments: ['*']
      compiler_images: [ghcr.io/acme/vision-compiler]
      manifest: {secrets: [vision-push], config_maps: [vision-mirrors], claims: [vision-cache], images: ['ghcr.io/acme/vision-kaniko:1'], labels: [example.com/vision]}
`;
const CONFIG: Readonly<Record<string, string>> = {
  repository: '{owner: acme, name: churn}',
  container_registry_uri: 'ghcr.io/acme/churn',
  cache_repository: 'ghcr.io/acme/churn/cache',
  insecure: 'false',
  images: '[{name: trainer, dockerfile_folder_path: images/trainer}]',
  name: 'churn',
  namespace: 'churn',
  experiment_name: 'churn-1',
  compiler_image: 'trainer',
};
const MANIFEST: Readonly<Record<string, string>> = {
  label: 'example.com/churn',
  image: 'ghcr.io/acme/kaniko:1',
  key: 'churn-push',
  map: 'churn-mirrors',
  from: 'churn-push',
  mapFrom: 'churn-mirrors',
  volume: 'churn-push',
  mapVolume: 'churn-mirrors',
  claim: 'churn-cache',
  pull: 'churn-push',
};

function configWith(changes: Readonly<Record<string, string>>): string {
  const of = (key: string): string => changes[key] ?? CONFIG[key] ?? '';
  const line = (key: string): string => `  ${key}: ${of(key)}\n`;
  const builder = ['container_registry_uri', 'cache_repository', 'insecure', 'images'].map(line).join('');
  const pipeline = ['name', 'namespace', 'experiment_name', 'compiler_image'].map(line).join('');
  return `repository: ${of('repository')}\nimage_builder:\n${builder}pipeline:\n  pipeline_path: pipeline.py\n${pipeline}`;
}

function manifestWith(changes: Readonly<Record<string, string>>): string {
  const of = (key: string): string => changes[key] ?? MANIFEST[key] ?? '';
  return `metadata:
  labels:
    ${of('label')}: x
spec:
  imagePullSecrets: [{name: ${of('pull')}}]
  volumes:
    - {name: a, secret: {secretName: ${of('volume')}}}
    - {name: b, configMap: {name: ${of('mapVolume')}}}
    - {name: c, persistentVolumeClaim: {claimName: ${of('claim')}}}
  containers:
    - name: kaniko
      image: ${of('image')}
      env:
        - {name: A, valueFrom: {secretKeyRef: {name: ${of('key')}, key: k}}}
        - {name: B, valueFrom: {configMapKeyRef: {name: ${of('map')}, key: k}}}
      envFrom: [{secretRef: {name: ${of('from')}}}, {configMapRef: {name: ${of('mapFrom')}}}]
`;
}

/** Compiles a pull request of acme/churn as the server does. */
function build(config: string, manifest: string, fork = false) {
  const repository = { owner: 'acme', name: 'churn' };
  const settings = repositorySettings(parseSettings(SETTINGS, { file: 's' }).value, repository);
  const source = new MemorySource({
    'config_files/config.yaml': config,
    'images/trainer/Dockerfile': 'FROM scratch\n',
    'pipeline.py': 'from kfp import dsl\n\n\n@dsl.pipeline\ndef p(): ...\n',
  });
  const trust = trustOf(settings, repository, { branch: 'main', text: manifest }, fork);
  expect(JSON.parse(JSON.stringify(trust))).to.deep.equal(trust);
  return compile(source, { settings, trust, tag: 'v1' });
}

async function errorsIn(config: string, manifest: string, fork = false): Promise<readonly Diagnostic[]> {
  try {
    await build(config, manifest, fork);
    return [];
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    return error.diagnostics.filter(({ severity }) => severity === 'error');
  }
}

/** Which line and column a text stands at. */
function placeOf(text: string, wanted: string): { readonly line: number; readonly column: number } {
  const before = text.slice(0, text.indexOf(wanted)).split('\n');
  return { line: before.length, column: (before.at(-1)?.length ?? 0) + 1 };
}

describe('threat 44: what belongs to another repository', () => {
  it('is refused, and what is its own is taken', async () => {
    const { workflow } = await build(configWith({}), manifestWith({}));
    const yaml = stringifyWorkflow(workflow);
    expect(yaml).to.include('ghcr.io/acme/churn/').and.include('churn-push');
    expect(yaml).not.to.match(/\bvision/);
  });

  const foreign: readonly [key: string, value: string, code: string][] = [
    ['repository', '{owner: acme, name: vision}', 'OTHER_REPOSITORY'],
    ['container_registry_uri', 'ghcr.io/acme/vision', 'REGISTRY_NOT_ALLOWED'],
    ['container_registry_uri', 'ghcr.io/acme/churn-2', 'REGISTRY_NOT_ALLOWED'],
    ['container_registry_uri', 'ghcr.io/acme', 'REGISTRY_NOT_ALLOWED'],
    ['cache_repository', 'ghcr.io/acme/vision/cache', 'REGISTRY_NOT_ALLOWED'],
    ['insecure', 'true', 'REGISTRY_NOT_ALLOWED'],
    ['images', '[{name: a, dockerfile_folder_path: x}, {name: b, dockerfile_folder_path: x}]', 'IMAGE_LIMIT'],
    ['name', 'vision', 'PIPELINE_NOT_ALLOWED'],
    ['name', 'vision-1', 'PIPELINE_NOT_ALLOWED'],
    ['name', 'CHURN', 'PIPELINE_NOT_ALLOWED'],
    ['name', 'Churn .', 'PIPELINE_NOT_ALLOWED'],
    ['name', 'churn-2', 'PIPELINE_NOT_ALLOWED'],
    ['namespace', 'vision', 'NAMESPACE_NOT_ALLOWED'],
    ['namespace', 'kfops', 'NAMESPACE_NOT_ALLOWED'],
    ['experiment_name', 'vision-1', 'PIPELINE_NOT_ALLOWED'],
    ['compiler_image', 'ghcr.io/acme/vision-compiler:1', 'IMAGE_NOT_ALLOWED'],
    ['compiler_image', '169.254.169.254/latest/meta-data', 'IMAGE_NOT_ALLOWED'],
    ['compiler_image', 'ghcr.io/acme/compiler-2', 'IMAGE_NOT_ALLOWED'],
    ['compiler_image', 'ghcr.io/acme/compiler/below', 'IMAGE_NOT_ALLOWED'],
    ['compiler_image', 'ghcr.io/acme/pinned:2', 'IMAGE_NOT_ALLOWED'],
    ['compiler_image', 'ghcr.io/acme/pinned', 'IMAGE_NOT_ALLOWED'],
    ['compiler_image', 'ghcr.io/acme/churn/trainer:v1', 'IMAGE_NOT_ALLOWED'],
    ['compiler_image', 'other', 'IMAGE_NOT_ALLOWED'],
  ];
  for (const [key, value, code] of foreign) {
    it(`${key}: ${value} ⇒ ${code}`, async () => {
      const config = configWith({
        [key]: value,
        ...(key === 'images' && { compiler_image: 'ghcr.io/acme/compiler' }),
      });
      const found = await errorsIn(config, manifestWith({}));
      const { line } = placeOf(config, `${key}: ${value}`);
      expect(found.map((each) => `${each.code} ${each.line}`)).to.deep.equal([`${code} ${line}`]);
      // A whole map or list is pointed at by its key.
      const column = /^[[{]/.test(value)
        ? placeOf(config, `${key}: ${value}`).column
        : placeOf(config, `${key}: ${value}`).column + key.length + 2;
      expect(found[0]?.column).to.equal(column);
      expect(found[0]?.hint).to.match(/\.$/);
    });
  }

  const names: readonly [key: string, foreign: string][] = [
    ['label', 'example.com/vision'],
    ['label', 'azure.workload.identity/use'],
    ['image', 'ghcr.io/acme/vision-kaniko:1'],
    ['image', 'ghcr.io/acme/kaniko:2'],
    ['image', '169.254.169.254/latest/meta-data'],
    ['key', 'vision-push'],
    ['map', 'vision-mirrors'],
    ['from', 'vision-push'],
    ['mapFrom', 'vision-mirrors'],
    ['volume', 'vision-push'],
    ['mapVolume', 'vision-mirrors'],
    ['claim', 'vision-cache'],
    ['pull', 'vision-push'],
  ];
  for (const [key, value] of names) {
    it(`the manifest's ${key}: ${value} ⇒ MANIFEST_NOT_ALLOWED`, async () => {
      const manifest = manifestWith({ [key]: value });
      const found = await errorsIn(configWith({}), manifest);
      const { line, column } = placeOf(manifest, value);
      expect(found.map((each) => [each.code, each.line, each.column])).to.deep.equal([
        ['MANIFEST_NOT_ALLOWED', line, column],
      ]);
    });
  }

  const own: readonly Readonly<Record<string, string>>[] = [
    { container_registry_uri: 'ghcr.io/acme/churn/below' },
    { name: 'Churn daily' },
    { compiler_image: 'ghcr.io/acme/compiler' },
    { compiler_image: 'ghcr.io/acme/compiler:7' },
    { compiler_image: `ghcr.io/acme/compiler@sha256:${'a'.repeat(64)}` },
    { compiler_image: 'ghcr.io/acme/pinned:1' },
    { compiler_image: 'ghcr.io/kfops/kfops-compiler:1' },
  ];
  for (const change of own) {
    it(`${JSON.stringify(change)} is its own`, async () => {
      expect(await errorsIn(configWith(change), manifestWith({}))).to.deep.equal([]);
    });
  }

  it('an insecure connection is for hosts that the rule lists, for the registry of forks too', async () => {
    const insecure = configWith({ insecure: 'true' });
    expect((await errorsIn(insecure, manifestWith({}), true)).map(({ code }) => code)).to.deep.equal([
      'REGISTRY_NOT_ALLOWED',
    ]);
    // The host that a fork writes is not the one that it is pushed to.
    const elsewhere = configWith({ insecure: 'true', container_registry_uri: 'registry.local:5000/x' });
    expect((await errorsIn(elsewhere, manifestWith({}), true)).map(({ code }) => code)).to.deep.equal([
      'REGISTRY_NOT_ALLOWED',
    ]);
  });

  it('labels of Kfops, which NetworkPolicies select, are refused whatever the rule says', async () => {
    const found = await errorsIn(configWith({}), manifestWith({ label: 'kfops.dev/step' }));
    expect(found.map(({ code }) => code)).to.deep.equal(['MANIFEST_FIELD']);
  });
});

import { expect } from 'chai';

import type { ContextSource } from '../../../../generator/ports.js';
import type { Project } from '../../../../generator/project/project.js';
import type { TrustRules } from '../../../../generator/project/project-types.js';
import { applyTrust, trustedManifest } from '../../../../generator/project/trust.js';
import { parseConfig, parseKanikoManifest, parseSettings } from '../../../../schema/index.js';

const { value: FORK_MANIFEST } = parseKanikoManifest('spec: {containers: [{name: kaniko}]}', { file: 'm' });
const FORK = { registry: 'ghcr.io/forks', manifest: FORK_MANIFEST };
const RULES: TrustRules = {
  repository: { owner: 'acme', name: 'churn' },
  namespaces: [],
  pipelines: [],
  experiments: [],
  compilerImages: [],
  insecureRegistries: [],
  channels: [],
  bucket: 'contexts',
  manifest: { branch: 'main', text: 'agreed' },
  names: { secrets: [], configMaps: [], claims: [], images: [], labels: [] },
};

describe('the manifest of a pull request', () => {
  const read = (own: string | undefined, rules: Partial<TrustRules> = {}) =>
    trustedManifest(
      { ...RULES, ...rules },
      { text: () => Promise.resolve(own) } as unknown as ContextSource,
      'config_files/kaniko-manifest.yaml',
    );

  it('is that of the trusted branch', async () => {
    expect(await read('agreed')).to.deep.equal({
      file: 'config_files/kaniko-manifest.yaml on main',
      text: 'agreed',
      warnings: [],
    });
    expect(await read(undefined)).to.deep.include({ text: 'agreed', warnings: [] });
  });

  it('warns where its own is another', async () => {
    for (const manifest of [RULES.manifest, { branch: 'main' }]) {
      const { text, warnings } = await read('own', { manifest });
      expect(text).to.equal(manifest.text);
      expect(warnings.map(({ code, severity, message }) => `${severity} ${code} ${message}`)).to.deep.equal([
        'warning NOT_TRUSTED The manifest of this pull request is not used: it counts when it is merged into `main`.',
      ]);
      expect(warnings[0]?.hint).to.include('`main`');
    }
  });

  it('is ignored for a fork', async () => {
    const { text, warnings } = await read('agreed', { fork: FORK });
    expect(text).to.equal(undefined);
    expect(warnings[0]?.message).to.include('manifest of a fork is not used');
    expect(warnings[0]?.hint).to.equal('No action needed.');
    expect((await read(undefined, { fork: FORK })).warnings).to.deep.equal([]);
  });
});

describe('a project that is built for somebody else', () => {
  const SETTINGS = parseSettings(
    `registries: [ghcr.io/acme]
service_accounts: {builder: cloud}
kaniko: {manifest: {spec: {containers: [{name: kaniko}]}}}
`,
    { file: 'settings.yaml' },
  ).value;
  const CONFIG = `repository: {owner: somebody, name: else}
pipeline: {name: p, namespace: n, experiment_name: e, pipeline_path: p.py}
`;
  const BUILDER = `image_builder:
  container_registry_uri: ghcr.io/acme
  minio: {context_files_bucket_name: contexts}
  images: [{name: a, dockerfile_folder_path: a}]
`;
  const WITH_KEYS =
    'minio: {context_files_bucket_name: own, credentials: {endpoint: "m:1", access_key: a, secret_key: b}}';

  function confine(builder: string, rules: Partial<TrustRules> = {}): Project {
    const config = parseConfig(CONFIG + builder, { file: 'config.yaml' });
    const project = { config, settings: SETTINGS, bucket: 'default', warnings: [] } as unknown as Project;
    return applyTrust(project, { ...RULES, ...rules });
  }
  const warned = ({ warnings }: Project): string[] =>
    warnings.map(({ code, severity, line, message }) => `${severity} ${code} ${line}: ${message}`);

  it('is of the repository, and uses the server’s bucket', () => {
    for (const builder of ['', BUILDER]) {
      const project = confine(builder);
      expect(project.config.value.repository).to.deep.equal({ owner: 'acme', name: 'churn' });
      expect(project.bucket).to.equal('contexts');
      expect(project.warnings).to.deep.equal([]);
      expect(project.settings).to.equal(SETTINGS);
    }
    expect(confine('').config.value).not.to.have.property('image_builder');
  });

  it('keeps its registry, its cache and its images, and no key', () => {
    const cache = BUILDER.replace('  minio', '  cache_repository: ghcr.io/acme/cache\n  minio');
    const { image_builder: builder } = confine(
      cache.replace('minio: {context_files_bucket_name: contexts}', WITH_KEYS),
    ).config.value;
    expect(builder?.minio).to.deep.equal({ context_files_bucket_name: 'contexts' });
    expect(builder).to.include({
      container_registry_uri: 'ghcr.io/acme',
      cache_repository: 'ghcr.io/acme/cache',
    });
    expect(builder?.images).to.have.length(1);
    expect(confine(BUILDER).config.value.image_builder).not.to.have.property('cache_repository');
  });

  it('gets a warning for each setting that is ignored', () => {
    const project = confine(BUILDER.replace('minio: {context_files_bucket_name: contexts}', WITH_KEYS));
    expect(warned(project)).to.deep.equal([
      'warning NOT_TRUSTED 5: The address and keys of MinIO in this file are not used here: the server has its own.',
      'warning NOT_TRUSTED 5: The bucket in this file is not used here: the server has its own.',
    ]);
  });

  it('gets a warning for each channel that the repository cannot use', () => {
    const notify = `${BUILDER.trimEnd()}\nnotify: {channels: [team, other]}\n`;
    const found = confine(notify, { channels: ['team', 'audit'] }).warnings;
    expect(found.map(({ severity, message }) => `${severity} ${message}`)).to.deep.equal([
      'warning This repository has no channel `other` for notifications on this server.',
    ]);
    expect(found[0]?.hint).to.include('`team`, `audit`');
    expect(warned(confine(notify))).to.have.length(2);
  });

  it('of a fork, has nothing of what the others are built with', () => {
    const cache = BUILDER.replace('  minio', '  cache_repository: ghcr.io/acme/cache\n  minio');
    const project = confine(cache, { fork: FORK });
    expect(project.config.value.image_builder).to.deep.include({ container_registry_uri: 'ghcr.io/forks' });
    expect(project.config.value.image_builder).not.to.have.property('cache_repository');
    expect(project.settings.registries).to.deep.equal(['ghcr.io/forks']);
    expect(project.settings.kaniko).to.deep.equal({ image: SETTINGS.kaniko.image });
    expect(project.settings.service_accounts).not.to.have.property('builder');
    expect(SETTINGS.service_accounts).to.include({ builder: 'cloud' });
    expect(warned(project)).to.deep.equal([
      'warning NOT_TRUSTED 4: The registry of a fork in this file is not used here: the server has its own.',
      'warning NOT_TRUSTED 5: The cache of a fork in this file is not used here: the server has its own.',
    ]);
    expect(warned(confine(BUILDER, { fork: FORK }))).to.have.length(1);
  });
});

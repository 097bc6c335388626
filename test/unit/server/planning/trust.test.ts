import { expect } from 'chai';

import { parseSettings, WorkError } from '../../../../schema/index.js';
import { trustOf } from '../../../../server/planning/trust.js';

const FORKS = `  forks: {registry: ghcr.io/forks, manifest: {spec: {containers: [{name: kaniko}]}}}\n`;
const settings = (more = '') =>
  parseSettings(
    `notify: [{name: team, kind: slack, repositories: [acme/*]}]
server:
  namespaces: [team-a]
  pipelines: [p]
  experiments: [e]
  compiler_images: [ghcr.io/a/compiler]
  insecure_registries: [localhost:5000]
  minio: {bucket: contexts}
  manifest: {secrets: [s], config_maps: [c], claims: [v], images: [ghcr.io/a/kaniko], labels: [l]}
${more}`,
    { file: 'settings.yaml' },
  ).value;
const REPOSITORY = { owner: 'acme', name: 'churn', id: 7 };
const MANIFEST = { branch: 'main', text: 'spec: {}' };

describe('what a pull request’s files may decide', () => {
  it('is what the settings list, and nothing else', () => {
    expect(trustOf(settings(), REPOSITORY, MANIFEST, false)).to.deep.equal({
      repository: { owner: 'acme', name: 'churn' },
      namespaces: ['team-a'],
      pipelines: ['p'],
      experiments: ['e'],
      compilerImages: ['ghcr.io/a/compiler'],
      insecureRegistries: ['localhost:5000'],
      channels: ['team'],
      bucket: 'contexts',
      manifest: MANIFEST,
      names: {
        secrets: ['s'],
        configMaps: ['c'],
        claims: ['v'],
        images: ['ghcr.io/a/kaniko'],
        labels: ['l'],
      },
    });
  });

  it('of a fork, is confined to the place for forks', () => {
    const forked = trustOf(settings(FORKS), REPOSITORY, MANIFEST, true);
    expect(forked.fork).to.deep.include({ registry: 'ghcr.io/forks' });
    expect(trustOf(settings(FORKS), REPOSITORY, MANIFEST, false)).not.to.have.property('fork');
  });

  it('of a fork, is nothing where there is no such place', () => {
    expect(() => trustOf(settings(), REPOSITORY, MANIFEST, true)).to.throw(WorkError, 'build forks');
  });
});

import { expect } from 'chai';
import fc from 'fast-check';

import { parseSettings, WorkError, type Settings } from '../../../../schema/index.js';
import { rulesFingerprint } from '../../../../server/rules/fingerprint.js';
import { buildsForks, repositorySettings, ruleFor } from '../../../../server/rules/repository-settings.js';

const parse = (text: string): Settings => parseSettings(text, { file: 'settings.yaml' }).value;
const rule = (repositories: readonly string[], namespace: string, more = ''): string =>
  `    - {repositories: ${JSON.stringify(repositories)}, registries: [ghcr.io/${namespace}], namespaces: [${namespace}], pipelines: [p]${more}}\n`;
const settingsWith = (...rules: string[]): Settings => parse(`server:\n  rules:\n${rules.join('')}`);
const named = (full: string) => ({ owner: full.split('/')[0] ?? '', name: full.split('/')[1] ?? '' });
const namespaceFor = (settings: Settings, full: string): string | undefined =>
  ruleFor(settings.server.rules ?? [], named(full))?.namespaces[0];

describe('the rule for a repository', () => {
  const settings = settingsWith(
    rule(['acme/*', '!acme/secret', '!acme/secret-*'], 'team-a'),
    rule(['acme/secret'], 'secret'),
    rule(['*/shared', 'acme/vision'], 'shared'),
  );

  const cases: readonly [string, string | undefined][] = [
    ['acme/churn', 'team-a'],
    ['ACME/Churn', 'team-a'],
    ['acme/secret', 'secret'],
    ['Acme/SECRET', 'secret'],
    ['acme/secret-x', undefined],
    ['acme/vision', 'team-a'],
    ['other/shared', 'shared'],
    ['other/churn', undefined],
    ['acme-evil/churn', undefined],
    ['evil/acme', undefined],
    ['xacme/churn', undefined],
    ['__proto__/constructor', undefined],
  ];
  for (const [full, namespace] of cases) {
    it(`of ${full} is ${namespace ?? 'none: it is refused'}`, () => {
      expect(namespaceFor(settings, full)).to.equal(namespace);
      if (namespace === undefined)
        expect(() => repositorySettings(settings, named(full))).to.throw(WorkError, 'No rule');
      else expect(repositorySettings(settings, named(full)).server.namespaces).to.deep.equal([namespace]);
    });
  }

  it('is the first that matches, and none that excludes the repository', () => {
    const segment = fc.string({ unit: fc.constantFrom('a', 'B', '-', '.'), minLength: 1, maxLength: 4 });
    const part = fc.string({ unit: fc.constantFrom('a', 'b', '-', '.', '*'), minLength: 1, maxLength: 4 });
    const pattern = fc.tuple(fc.boolean(), part, part).map(([not, o, n]) => `${not ? '!' : ''}${o}/${n}`);
    const like = (text: string, full: string): boolean =>
      new RegExp(`^${text.replace(/\./g, '\\.').replaceAll('*', '[^/]*')}$`, 'i').test(full);
    fc.assert(
      fc.property(
        fc.array(fc.array(pattern, { minLength: 1, maxLength: 3 }), { minLength: 1, maxLength: 4 }),
        segment,
        segment,
        (lists, owner, name) => {
          const full = `${owner}/${name}`;
          const expected = lists.findIndex(
            (list) =>
              list.some((each) => !each.startsWith('!') && like(each, full)) &&
              !list.some((each) => each.startsWith('!') && like(each.slice(1), full)),
          );
          const [first] = settings.server.rules ?? [];
          const rules = lists.map((repositories) => ({ ...first!, repositories }));
          const found = ruleFor(rules, { owner, name });
          expect(found === undefined ? -1 : rules.indexOf(found)).to.equal(expected);
        },
      ),
      { numRuns: 3000 },
    );
  });

  it('matches nothing where it only excludes', () => {
    expect(namespaceFor(settingsWith(rule(['!acme/secret'], 'team-a')), 'acme/churn')).to.equal(undefined);
  });
});

describe('the settings for one repository', () => {
  const manifest = '{spec: {containers: [{name: kaniko, env: [{name: A, value: own}]}]}}';
  const all = parse(`registries: [ghcr.io]
kaniko: {manifest: {spec: {containers: [{name: kaniko, env: [{name: A, value: all}]}]}}}
limits: {images: 10, context_files: 100}
service_accounts: {builder: all-builder}
server:
  rules:
${rule(['a/own'], 'own', `, limits: {images: 5, context_files: 1000}, kaniko_manifest: ${manifest}, service_accounts: {builder: own-builder, publisher: own-publisher}, forks: {registry: ghcr.io/forks, manifest: ${manifest}}`)}${rule(['a/plain'], 'plain')}`);
  const own = repositorySettings(all, named('a/own'));
  const plain = repositorySettings(all, named('a/plain'));
  const env = ({ kaniko }: Settings) => kaniko.manifest?.spec.containers[0]?.env?.[0]?.value;

  it('are those of its rule, within the limits of all', () => {
    expect(own.limits).to.include({ images: 5, context_files: 100 });
    expect(own.service_accounts).to.include({ builder: 'own-builder', publisher: 'own-publisher' });
    expect(env(own)).to.equal('own');
    expect(own.server.forks?.registry).to.equal('ghcr.io/forks');
    expect([buildsForks(all, named('a/own')), buildsForks(all, named('a/plain'))]).to.deep.equal([
      true,
      false,
    ]);
    expect(buildsForks(all, named('a/other'))).to.equal(false);
  });

  it('are those for all where its rule says nothing of rights and limits', () => {
    expect(plain.limits).to.include({ images: 10, context_files: 100 });
    expect(plain.service_accounts).to.include({ builder: 'all-builder', publisher: 'kfops-publisher' });
    expect(env(plain)).to.equal('all');
    expect(plain.server.forks).to.equal(undefined);
  });

  it('are those for all where there are no rules', () => {
    const settings = parse('server: {namespaces: [a]}');
    expect(repositorySettings(settings, named('a/any'))).to.equal(settings);
    expect(buildsForks(settings, named('a/any'))).to.equal(false);
    const forks = parse(`server: {forks: {registry: ghcr.io/forks, manifest: ${manifest}}}`);
    expect(buildsForks(forks, named('a/any'))).to.equal(true);
  });

  it('have no key for what nobody set', () => {
    const settings = repositorySettings(settingsWith(rule(['a/b'], 'team')), named('a/b'));
    expect(settings.server).not.to.have.any.keys('forks', 'rules');
    expect(settings.service_accounts).not.to.have.property('builder');
    expect(settings.kaniko).not.to.have.property('manifest');
  });

  it('allow nothing that its rule does not list', () => {
    expect(plain.registries).to.deep.equal(['ghcr.io/plain']);
    expect(plain.server).to.deep.include({
      namespaces: ['plain'],
      pipelines: ['p'],
      experiments: ['*'],
      compiler_images: [],
      insecure_registries: [],
      manifest_branches: [],
      manifest: { secrets: [], config_maps: [], claims: [], images: [], labels: [] },
    });
  });

  it('leave those for all as they are, and are plain data', () => {
    expect(all.server.rules).to.have.length(2);
    expect(structuredClone(own)).to.deep.equal(own);
    expect(JSON.parse(JSON.stringify(own))).to.deep.equal(own);
  });

  it('have a fingerprint that changes with each part, and with nothing of other rules', () => {
    const [first, second] = all.server.rules!;
    const changed = (change: object): string =>
      rulesFingerprint(
        { ...all, server: { ...all.server, rules: [{ ...first!, ...change }, second!] } },
        named('a/own'),
      );
    const before = rulesFingerprint(all, named('a/own'));
    expect(before).to.match(/^[0-9a-f]{20}$/);
    const changes: object[] = [
      { registries: ['ghcr.io/other'] },
      { namespaces: ['other'] },
      { pipelines: ['other'] },
      { experiments: ['other'] },
      { compiler_images: ['other'] },
      { insecure_registries: ['other'] },
      { manifest: { ...first!.manifest, secrets: ['other'] } },
      { limits: { images: 4 } },
      { kaniko_manifest: undefined },
      { service_accounts: { builder: 'other' } },
      { forks: undefined },
    ];
    const all2 = changes.map(changed);
    expect(new Set([before, ...all2]).size).to.equal(changes.length + 1);
    const other = { ...all, server: { ...all.server, rules: [first!, { ...second!, namespaces: ['x'] }] } };
    expect(rulesFingerprint(other, named('a/own'))).to.equal(before);
  });
});

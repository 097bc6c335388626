import { expect } from 'chai';

import { parseSettings, type Settings } from '../../../../schema/index.js';
import {
  buildNamespace,
  buildNamespaces,
  isRecorded,
  recordedNamespace,
  watchedNamespace,
} from '../../../../server/rules/build-namespaces.js';
import { namedRepository, repositorySettings } from '../../../../server/rules/repository-settings.js';
import { check, REST, severities } from './support.js';

const rule = (team: string, more = ''): string =>
  `    - {repositories: ['${team}/*', '!${team}/secret'], registries: [r.example.com/${team}], namespaces: [${team}], pipelines: [p]${more}}\n`;
const settingsWith = (rules: string, before = ''): string =>
  `${before}server:\n  repositories: [a/x, b/x, c/x]\n${REST}  rules:\n${rules}`;
const parse = (text: string): Settings => parseSettings(text, { file: 'settings.yaml' }).value;
/** The line of the first rule, where nothing comes before `server`. */
const FIRST = 10;

describe('threat 44: the namespace of builds', () => {
  const own = rule('a', ', build_namespace: a-builds') + rule('b') + rule('c', ', build_namespace: c-builds');
  const settings = parse(settingsWith(own, 'namespace: common\n'));

  const cases: readonly [string, string][] = [
    ['a/x', 'a-builds'],
    ['A/X', 'a-builds'],
    ['a/secret', 'common'],
    ['b/x', 'common'],
    ['c/x', 'c-builds'],
    ['d/x', 'common'],
  ];
  for (const [full, namespace] of cases) {
    it(`of ${full} is ${namespace}`, () => {
      expect(buildNamespace(settings, namedRepository(full))).to.equal(namespace);
      if (full !== 'a/secret' && full !== 'd/x')
        expect(repositorySettings(settings, namedRepository(full)).namespace).to.equal(namespace);
    });
  }

  it('is watched once, the common one first', () => {
    expect(buildNamespaces(settings)).to.deep.equal(['common', 'a-builds', 'c-builds']);
    const twice = rule('a', ', build_namespace: x') + rule('b', ', build_namespace: x') + rule('c');
    expect(buildNamespaces(parse(settingsWith(twice, 'namespace: x\n')))).to.deep.equal(['x']);
    expect(buildNamespaces(parse('namespace: only\n'))).to.deep.equal(['only']);
  });

  it('is recorded with a workflow where it is not the common one', () => {
    const cluster = { namespaces: ['common', 'a-builds'] as const };
    expect(recordedNamespace(cluster, 'common')).to.deep.equal({});
    expect(recordedNamespace(cluster, 'a-builds')).to.deep.equal({ namespace: 'a-builds' });
    const isThere = (recorded: { name: string; namespace?: string } | undefined, namespace: string) =>
      isRecorded(cluster, recorded, { name: 'w', namespace });
    expect(isThere({ name: 'w' }, 'common')).to.equal(true);
    expect(isThere({ name: 'w' }, 'a-builds')).to.equal(false);
    expect(isThere({ name: 'w', namespace: 'a-builds' }, 'a-builds')).to.equal(true);
    expect(isThere({ name: 'v', namespace: 'a-builds' }, 'a-builds')).to.equal(false);
    expect(isThere(undefined, 'common')).to.equal(false);
    expect(watchedNamespace(cluster, { name: 'w' })).to.equal('common');
    expect(watchedNamespace(cluster, { name: 'w', namespace: 'a-builds' })).to.equal('a-builds');
    expect(watchedNamespace(cluster, { name: 'w', namespace: 'kube-system' })).to.equal(undefined);
  });

  it('is accepted where each rule has its own', () => {
    expect(check(settingsWith(own))).to.deep.equal([]);
  });

  it('is warned of once where two rules share it', () => {
    const named = rule('a', ', build_namespace: x') + rule('b') + rule('c', ', build_namespace: x');
    expect(severities(check(settingsWith(named))).map(withoutColumn)).to.deep.equal([`warning ${FIRST + 2}`]);
    const byDefault = rule('a', ', build_namespace: kfops') + rule('b') + rule('c', ', build_namespace: c');
    const found = check(settingsWith(byDefault));
    expect(found.map(({ severity, line }) => [severity, line])).to.deep.include(['warning', FIRST]);
    expect(found[0]?.message).to.include('Builds of another rule run in `kfops`, too');
    const trusting = settingsWith(named).replace('server:\n', 'server:\n  shared_trust: true\n');
    expect(check(trusting)).to.deep.equal([]);
  });

  it('is no namespace of pipelines', () => {
    const rules = rule('a', ', build_namespace: b') + rule('b') + rule('c');
    const [found, ...more] = check(settingsWith(rules));
    expect(more).to.deep.equal([]);
    expect([found?.severity, found?.line]).to.deep.equal(['warning', FIRST]);
    expect(found?.message).to.include('Pipelines run in `b`, too');
  });

  it('needs what the general settings name, unless the rule names its own', () => {
    const general = `service_accounts: {builder: all}\nkaniko: {manifest: {spec: {containers: [{name: kaniko, envFrom: [{secretRef: {name: push}}]}]}}}\n`;
    const manifest = 'kaniko_manifest: {spec: {containers: [{name: kaniko}]}}';
    const text = settingsWith(
      rule('a', ', build_namespace: a-builds') +
        rule('b') +
        rule(
          'c',
          `, build_namespace: c-builds, service_accounts: {builder: c}, ${manifest.replaceAll('"', '')}`,
        ),
      general,
    );
    const [found, ...more] = check(text);
    expect(more).to.deep.equal([]);
    expect([found?.severity, found?.line]).to.deep.equal(['warning', FIRST + 2]);
    expect(found?.message).to.include('the service account `all` and the Secret `push`');
  });

  it('holds Secrets of its own: the same name elsewhere is another Secret', () => {
    const having = ', manifest: {secrets: [push]}';
    const forks =
      ', forks: {registry: r.example.com/forks, manifest: {spec: {containers: [{name: kaniko, envFrom: [{secretRef: {name: push}}]}]}}}';
    const elsewhere = rule('a', `${having}, build_namespace: a-builds`);
    expect(check(settingsWith(elsewhere + rule('b', having) + rule('c')))).to.deep.equal([]);
    expect(check(settingsWith(elsewhere + rule('b', forks) + rule('c')))).to.deep.equal([]);
    const together = (more: string): string[] =>
      check(settingsWith(rule('a', having) + rule('b', more) + rule('c'))).map(({ severity }) => severity);
    expect(together(having)).to.deep.equal(['warning']);
    expect(together(forks)).to.deep.equal(['warning', 'error']);
    const common = `kaniko: {manifest: {spec: {containers: [{name: kaniko, envFrom: [{secretRef: {name: push}}]}]}}}\n`;
    const apart =
      rule('a', ', build_namespace: a-builds') + rule('b') + rule('c', ', build_namespace: c-builds');
    const messages = check(settingsWith(apart, common)).map(({ message }) => message);
    expect(messages.filter((message) => message.includes('rules use the Secret'))).to.deep.equal([]);
  });
});

function withoutColumn(place: string): string {
  return place.slice(0, place.indexOf(':'));
}

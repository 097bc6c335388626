import { readFileSync } from 'node:fs';

import { expect } from 'chai';
import { parse, stringify } from 'yaml';

import { formatDiagnostics } from '../../../../schema/index.js';
import { check, REST, severities } from './support.js';

const LISTS = `registries: [ghcr.io/acme, profile]
kaniko: {manifest: {spec: {containers: [{name: kaniko, envFrom: [{secretRef: {name: push}}]}]}}}
server:
  repositories: [acme/churn, acme/Vision.X, other/churn]
  namespaces: [team-a, team-b]
  manifest: {secrets: [push]}
  compiler_images: [ghcr.io/acme/compiler]
  forks: {registry: ghcr.io/forks, manifest: {spec: {containers: [{name: kaniko}]}}}
${REST}`;
const rules = (...lines: string[]): string =>
  `server:\n  repositories: [acme/churn, acme/vision]\n${REST}  rules:\n${lines.map((line) => `    - ${line}\n`).join('')}`;
const ONE = '{repositories: [acme/churn], registries: [ghcr.io/acme/a], namespaces: [a], pipelines: [churn]}';
const TWO = '{repositories: [acme/*], registries: [ghcr.io/acme/b], namespaces: [b], pipelines: [churn]}';
/** The line of the first rule. */
const FIRST = 10;

describe('threat 44: a server with several repositories', () => {
  it('does not start with one list for all', () => {
    const found = check(LISTS);
    expect(severities(found)).to.deep.equal(['error 4:3']);
    expect(found[0]?.hint).to.include('`server.shared_trust: true`');
    expect(formatDiagnostics(found, { color: false })).to.include('\n      server:\n        rules:\n');
  });

  it('starts with the lines that its error has in place of the lists', () => {
    const [{ lines = [] } = {}] = check(LISTS);
    const lists = new Set(['registries', 'namespaces', 'manifest', 'compiler_images', 'forks']);
    const without = (map: object) =>
      Object.fromEntries(Object.entries(map).filter(([key]) => !lists.has(key)));
    const all = parse(LISTS) as { server: object };
    const { server } = parse(lines.join('\n')) as { server: { rules: Record<string, unknown>[] } };
    const found = check(stringify({ ...without(all), server: { ...without(all.server), ...server } }));
    expect(found.filter(({ severity }) => severity === 'error')).to.deep.equal([]);
    expect(server.rules.map(({ repositories }) => repositories)).to.deep.equal([
      ['acme/churn'],
      ['acme/Vision.X'],
      ['other/churn'],
    ]);
    expect(server.rules[0]).to.deep.include({
      registries: ['ghcr.io/acme/acme-churn', 'docker.io/profile-acme-churn'],
      namespaces: ['team-a', 'team-b'],
      pipelines: ['acme-churn'],
      manifest: { secrets: ['push'] },
      compiler_images: ['ghcr.io/acme/compiler'],
    });
  });

  it('starts where the settings say that they trust each other, or there is one repository', () => {
    expect(check(LISTS.replace('server:\n', 'server:\n  shared_trust: true\n'))).to.deep.equal([]);
    expect(check(LISTS.replace(/repositories: .*/, 'repositories: [acme/churn, ACME/Churn]'))).to.deep.equal(
      [],
    );
    const two = LISTS.replace(/repositories: .*/, 'repositories: [acme/churn, acme/vision]');
    expect(severities(check(two))).to.deep.equal(['error 4:3']);
  });
});

describe('threat 44: the rules of a server', () => {
  it('keep repositories apart', () => {
    expect(check(rules(ONE, TWO))).to.deep.equal([]);
  });

  it('are for every repository that is served', () => {
    expect(severities(check(rules(ONE)))).to.deep.equal(['error 2:30']);
    expect(severities(check(rules().replace('rules:', 'rules: []')))).to.deep.equal([
      'error 2:18',
      'error 2:30',
    ]);
  });

  it('are for a repository, each of them', () => {
    const found = check(rules(TWO, ONE.replace('ghcr.io/acme/a', 'ghcr.io/acme/c')));
    expect(severities(found)).to.deep.equal([`warning ${FIRST + 1}:8`]);
  });

  const meeting: readonly [string, string, string][] = [
    ['the same registry', 'ghcr.io/acme/a', 'ghcr.io/acme/a'],
    ['one above', 'ghcr.io/acme/a', 'ghcr.io/acme'],
    ['one below', 'ghcr.io/acme/a', 'ghcr.io/acme/a/b'],
    ['a whole registry', 'ghcr.io/acme/a', 'ghcr.io'],
    ['another writing of the host', 'ghcr.io/acme/a', 'GHCR.io:443/acme/a'],
    ['Docker Hub by its names', 'acme', 'index.docker.io/acme'],
    ['Docker Hub by another writing of its names', 'acme', 'Index.Docker.io:443/acme'],
    ['Docker Hub as a whole', 'acme', 'docker.io'],
  ];
  for (const [what, one, other] of meeting) {
    it(`do not share a place for images: ${what}`, () => {
      const [a, b] = [ONE.replace('ghcr.io/acme/a', `'${one}'`), TWO.replace('ghcr.io/acme/b', `'${other}'`)];
      const found = check(rules(a, b));
      expect(severities(found)).to.deep.equal([`error ${FIRST + 1}:${b.indexOf(`'${other}'`) + 7}`]);
      const trusting = rules(a, b).replace('server:\n', 'server:\n  shared_trust: true\n');
      expect(check(trusting)).to.deep.equal([]);
    });
  }

  it('may have registries next to each other', () => {
    expect(check(rules(ONE, TWO.replace('ghcr.io/acme/b', 'ghcr.io/acme/ab')))).to.deep.equal([]);
  });

  it('do not let forks of one push where another one does', () => {
    const forks =
      ', forks: {registry: ghcr.io/acme/a/forks, manifest: {spec: {containers: [{name: kaniko}]}}}}';
    const found = check(rules(ONE, TWO.replace(/\}$/, forks)));
    expect(new Set(severities(found))).to.deep.equal(new Set([`error ${FIRST + 1}:${TWO.length + 6 + 20}`]));
  });

  const pipelines: readonly [string, string, boolean][] = [
    ['churn', 'churn', true],
    ['Churn', 'churn', true],
    ['team a', 'team-a', true],
    ['team-*', 'team-a', true],
    ['team-a', 'team-*', true],
    ['te*', 'team', true],
    ['team-*', 'team-a-*', true],
    ['*', 'x', true],
    ['Team A *', 'team-a-*', true],
    ['team:a', 'team-a-*', true],
    ['team-a-*', 'team-b-*', false],
    ['team-a', 'team-ab', false],
  ];
  for (const [one, other, meet] of pipelines) {
    it(`${meet ? 'do not share' : 'may have'} the pipelines ${one} and ${other} in one namespace`, () => {
      const [a, b] = [ONE.replace('[churn]', `['${one}']`), TWO.replace('[churn]', `['${other}']`)];
      expect(check(rules(a, b))).to.deep.equal([]);
      expect(check(rules(a, b.replace('namespaces: [b]', 'namespaces: [b, a]'))).length).to.equal(
        meet ? 1 : 0,
      );
    });
  }

  it('share a namespace where one of several is the same', () => {
    const [a, b] = [ONE.replace('[a]', '[c, a, d]'), TWO.replace('[b]', '[b, a]')];
    expect(check(rules(a, b))).to.have.length(1);
  });

  it('do not warn of the common manifest’s Secret where one of them alone is built with it', () => {
    const common = `kaniko: {manifest: {spec: {containers: [{name: kaniko, envFrom: [{secretRef: {name: push}}]}]}}}\n`;
    const own = ONE.replace(/\}$/, ', kaniko_manifest: {spec: {containers: [{name: kaniko}]}}}');
    expect(check(common + rules(own, TWO))).to.deep.equal([]);
  });

  it('warn of a Secret that two of them have', () => {
    const having = (text: string) => text.replace(/\}$/, ', manifest: {secrets: [push]}}');
    const found = check(rules(having(ONE), having(TWO)));
    expect(found.map(({ severity, excerpt }) => [severity, excerpt?.includes('acme/*')])).to.deep.equal([
      ['warning', true],
    ]);
    const common = `kaniko: {manifest: {spec: {containers: [{name: kaniko, envFrom: [{secretRef: {name: push}}]}]}}}\n`;
    expect(severities(check(common + rules(ONE, TWO)))).to.deep.equal(['warning 1:85']);
  });

  it('do not stand beside lists for all, which nothing would read', () => {
    const both = rules(ONE, TWO).replace(
      'server:\n',
      `server:
  namespaces: [a]
  pipelines: [x]
  manifest: {secrets: [push]}
  manifest_branches: [main]
  experiments: []
  forks: {registry: ghcr.io/forks, manifest: {spec: {containers: [{name: kaniko}]}}}
`,
    );
    expect(severities(check(both)).sort()).to.deep.equal([2, 3, 4, 5, 6, 7].map((line) => `error ${line}:3`));
  });

  it('stay within the registries of the settings, which hold on the command line too', () => {
    const outer = `registries: [ghcr.io/acme/a]\n${rules(ONE, TWO)}`;
    expect(severities(check(outer))).to.deep.equal([`error ${FIRST + 2}:${TWO.indexOf('ghcr') + 7}`]);
    for (const registries of [
      'ghcr.io/acme',
      'other.example, ghcr.io/acme',
      'ghcr.io/acme/a, ghcr.io/acme/b',
    ])
      expect(check(`registries: [${registries}]\n${rules(ONE, TWO)}`), registries).to.deep.equal([]);
  });

  it('never let a build read the keys of the object store', () => {
    const secret = 'mlpipeline-minio-artifact';
    const manifest = `{spec: {containers: [{name: kaniko, envFrom: [{secretRef: {name: ${secret}}}]}]}}`;
    for (const more of [
      `manifest: {secrets: [${secret}]}`,
      `kaniko_manifest: ${manifest}`,
      `forks: {registry: ghcr.io/forks, manifest: ${manifest}}`,
    ])
      expect(severities(check(rules(ONE.replace(/\}$/, `, ${more}}`), TWO)))).to.deep.equal([
        `error ${FIRST}:${ONE.length + 6 + 2 + more.indexOf(secret)}`,
      ]);
    expect(
      check(`kaniko: {manifest: ${manifest}}\n${rules(ONE, TWO)}`).map(({ severity }) => severity),
    ).to.include('error');
  });

  it('may name a ConfigMap that is called like that Secret', () => {
    const envFrom = '[{configMapRef: {name: mlpipeline-minio-artifact}}]';
    const manifest = `{spec: {containers: [{name: kaniko, envFrom: ${envFrom}}]}}`;
    expect(check(rules(ONE.replace(/\}$/, `, kaniko_manifest: ${manifest}}`), TWO))).to.deep.equal([]);
  });

  it('are complete in the example of docs/server.md', () => {
    const page = readFileSync(new URL('../../../../docs/server.md', import.meta.url), 'utf8');
    const [, example = ''] = /## Several teams[\s\S]*?```yaml\n([\s\S]*?)```/.exec(page) ?? [];
    expect(check(`${example}${REST}`)).to.deep.equal([]);
  });
});

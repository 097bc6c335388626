import { expect } from 'chai';

import { parseSettings, type Diagnostic } from '../../../../schema/index.js';
import { checkServerSettings, logWarnings } from '../../../../server/runtime/check-settings.js';
import type { Logger } from '../../../../server/telemetry/log.js';
import { findings, places } from '../../schema/support.js';

const IMAGES = '\nimages: {registry: registry.example.com/kfops}\n';
const check = (text: string, images = IMAGES) =>
  checkServerSettings(parseSettings(text + images, { file: 'settings.yaml' }));

const COMPLETE = `registries: [registry.example.com/team]
server:
  repositories: [my-team/iris]
  namespaces: [user]
  github:
    token_file: /run/secrets/token
    webhook_secret_files: [/run/secrets/webhook]
  minio:
    access_key_file: /run/secrets/access
    secret_key_file: /run/secrets/secret
`;
const MANIFEST = (secret: string): string =>
  `{spec: {containers: [{name: kaniko, envFrom: [{secretRef: {name: ${secret}}}]}]}}`;
const FORKS = (registry: string, secret: string): string =>
  `${COMPLETE}  forks:\n    registry: ${registry}\n    manifest: ${MANIFEST(secret)}\n`;

describe('the settings of a server', () => {
  it('are complete', () => {
    expect(check(COMPLETE)).to.deep.equal([]);
    expect(check(FORKS('registry.example.com/forks', 'fork-push'))).to.deep.equal([]);
  });

  it('are told all that they lack at once', () => {
    const found = check('server:\n  github: {}\n', '');
    expect(
      found.every(({ code, severity, hint }) => code === 'SERVER_SETTINGS' && severity === 'error' && hint),
    ).to.equal(true);
    expect(
      found.map(({ hint }) =>
        /`([a-z_.]+):|`([a-z_.]+)`/
          .exec(hint ?? '')
          ?.slice(1)
          .find(Boolean),
      ),
    ).to.deep.equal([
      'registries',
      'images',
      'server.repositories',
      'server.namespaces',
      'server.github.app',
      'server.github.webhook_secret_files',
      'server.minio.access_key_file',
      'server.minio.secret_key_file',
    ]);
    expect(new Set(found.map(({ file }) => file))).to.deep.equal(new Set(['settings.yaml']));
  });

  it('need everything but GitHub credentials for the setup, and an address that GitHub reaches', () => {
    const setup = (text: string): string[] =>
      checkServerSettings(parseSettings(text + IMAGES, { file: 'settings.yaml' }), { setup: true }).map(
        ({ message }) => message,
      );
    const withoutApp = COMPLETE.replace(/ {4}token_file.*\n/, '');
    const withUrl = (url: string): string => withoutApp.replace('server:\n', `server:\n  url: ${url}\n`);
    expect(setup(withUrl('https://kfops.example.com/'))).to.deep.equal([]);
    expect(setup(withUrl('https://kfops.example.com').replace(/^registries.*\n/, ''))).to.deep.equal([
      'No registry for images is configured.',
    ]);
    const wrong = "The address of the server isn't `https://` with a host alone.";
    for (const url of ['http://kfops.example.com', 'https://kfops.example.com/x'])
      expect(setup(withUrl(url))).to.deep.equal([wrong]);
    expect(setup(withoutApp)).to.deep.equal([wrong]);
  });

  it('get one message for each missing setting', () => {
    const lacking: readonly (readonly [RegExp, string])[] = [
      [/^registries.*\n/, 'No registry for images is configured.'],
      [/ {2}repositories.*\n/, 'No repository to serve is configured.'],
      [/ {2}namespaces.*\n/, 'No Kubeflow namespace for pipelines is configured.'],
      [/ {4}token_file.*\n/, 'No GitHub credentials are configured.'],
      [
        / {4}access_key_file.*\n/,
        'The settings do not say where the server finds its access key of the object store.',
      ],
      [
        / {4}secret_key_file.*\n/,
        'The settings do not say where the server finds its secret key of the object store.',
      ],
    ];
    for (const [line, message] of lacking)
      expect(check(COMPLETE.replace(line, '')).map((found) => found.message)).to.deep.equal([message]);
    expect(check(COMPLETE, '').map(({ message }) => message)).to.deep.equal([
      "No registry for Kfops' own images is configured.",
    ]);
  });

  it('need no registry and no namespace for all where there are rules', () => {
    const rule = '{repositories: [my-team/iris], registries: [a.example/b], namespaces: [c], pipelines: [d]}';
    const text = COMPLETE.replace(/^registries.*\n/, '').replace(
      / {2}namespaces.*\n/,
      `  rules: [${rule}]\n`,
    );
    expect(check(text)).to.deep.equal([]);
  });

  it('may know GitHub by an App', () => {
    const text = COMPLETE.replace('token_file: /run/secrets/token', 'app: {id: 1, private_key_file: /k}');
    expect(check(text)).to.deep.equal([]);
  });

  it('are warned of in the log, by file and line', () => {
    const found = (severity: Diagnostic['severity']): Diagnostic => ({
      code: 'SERVER_SETTINGS',
      severity,
      message: `a ${severity}`,
      file: 'f',
      line: 3,
      hint: 'Mend it.',
    });
    const logged: unknown[] = [];
    const log = { warn: (...line: unknown[]) => logged.push(line) } as unknown as Logger;
    logWarnings([found('error'), found('warning')], log);
    expect(logged).to.deep.equal([[{ file: 'f', line: 3, hint: 'Mend it.' }, 'a warning']]);
  });

  it('point at the line', () => {
    expect(places(check(COMPLETE.replace('[my-team/iris]', '[]')))).to.deep.equal(['SERVER_SETTINGS 3:3']);
    expect(places(check(COMPLETE.replace(/ {4}webhook.*\n/, '')))).to.deep.equal(['SERVER_SETTINGS 5:3']);
  });

  it('do not say two ways to know GitHub', () => {
    const text = COMPLETE.replace('    token_file', '    app: {id: 1, private_key_file: /k}\n    token_file');
    expect(places(check(text))).to.deep.equal(['SERVER_SETTINGS 7:17']);
  });

  it('are checked where forks have a manifest and a registry', () => {
    const wrong = (text: string) => places(findings(() => parseSettings(text, { file: 'settings.yaml' })));
    expect(wrong(FORKS('https://x', 'fork-push'))).to.deep.equal(['IMAGE_REFERENCE 12:15']);
    expect(
      wrong(
        `${COMPLETE}  forks: {registry: r.example/f, manifest: {spec: {hostPID: true, containers: [{}]}}}\n`,
      ),
    ).to.deep.equal(['MANIFEST_FIELD 11:52']);
  });
});

describe('threat 19: destination escape', () => {
  it('no registry in the settings: the server does not start', () => {
    expect(
      check(COMPLETE.replace('[registry.example.com/team]', '[]')).map(({ message }) => message),
    ).to.deep.equal(['No registry for images is configured.']);
  });
});

describe('threat 14: the Secret of the object store', () => {
  it('cannot be let into a build by any setting', () => {
    const secret = 'mlpipeline-minio-artifact';
    const texts = [
      `${COMPLETE}  manifest: {secrets: [docker-config, ${secret}]}\n`,
      `kaniko: {manifest: ${MANIFEST(secret)}}\n${COMPLETE}`,
      FORKS('registry.example.com/forks', secret),
    ];
    for (const text of texts) {
      const found = check(text);
      expect(found, text).to.have.length(1);
      expect(found[0]?.message).to.include(secret);
      expect(found[0]?.excerpt).to.include(secret);
    }
  });
});

describe('threat 32: what forks share', () => {
  it('no registry above, below or equal to those of the others', () => {
    for (const registry of [
      'registry.example.com/team',
      'registry.example.com/team/forks',
      'registry.example.com',
    ])
      expect(places(check(FORKS(registry, 'fork-push'))), registry).to.deep.equal(['SERVER_SETTINGS 12:15']);
    expect(check(FORKS('registry.example.com/team-forks', 'fork-push'))).to.deep.equal([]);
  });

  it('no Secret that the others are built with', () => {
    const allowed = `${FORKS('registry.example.com/forks', 'push')}  manifest: {secrets: [push]}\n`;
    const everywhere = `kaniko: {manifest: ${MANIFEST('push')}}\n${FORKS('registry.example.com/forks', 'push')}`;
    for (const text of [allowed, everywhere])
      expect(check(text).map(({ message }) => message)).to.deep.equal([
        'Builds of forks would hold the Secret `push`, which other builds use, too.',
      ]);
  });
});

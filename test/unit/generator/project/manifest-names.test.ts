import { expect } from 'chai';

import {
  checkManifestNames,
  namesIn,
  type ManifestNames,
} from '../../../../generator/project/manifest-names.js';
import { defaultSettings, parseKanikoManifest } from '../../../../schema/index.js';

const NONE: ManifestNames = { secrets: [], configMaps: [], claims: [], images: [], labels: [] };
const SETTINGS = defaultSettings();

const EVERYTHING = `metadata: {labels: {team: a, example.com/x: b}}
spec:
  imagePullSecrets: [{name: pull}]
  volumes:
    - {name: a, secret: {secretName: mounted}}
    - {name: b, configMap: {name: files}}
    - {name: c, persistentVolumeClaim: {claimName: disk}}
    - {name: d, emptyDir: {}}
    - {name: e, downwardAPI: {items: []}}
  containers:
    - name: kaniko
      image: ghcr.io/team/kaniko:v1
      env:
        - {name: A, value: plain}
        - {name: B, valueFrom: {secretKeyRef: {name: variable, key: k}}}
        - {name: C, valueFrom: {configMapKeyRef: {name: setting, key: k}}}
      envFrom:
        - {secretRef: {name: all}}
        - {configMapRef: {name: common}}
`;

const parse = (text: string) => parseKanikoManifest(text, { file: 'kaniko-manifest.yaml' });
const check = (text: string, allowed: Partial<ManifestNames> = {}) =>
  checkManifestNames(parse(text), { ...NONE, ...allowed }, SETTINGS);

describe('what a manifest may name', () => {
  it('is all that it names, with its place', () => {
    const named = namesIn(parse(EVERYTHING).value);
    expect(named.map(({ kind, name, path }) => `${kind} ${name} ${path.join('.')}`)).to.have.members([
      'labels team metadata.labels.team',
      'labels example.com/x metadata.labels.example.com/x',
      'secrets pull spec.imagePullSecrets.0.name',
      'secrets mounted spec.volumes.0.secret.secretName',
      'configMaps files spec.volumes.1.configMap.name',
      'claims disk spec.volumes.2.persistentVolumeClaim.claimName',
      'images ghcr.io/team/kaniko:v1 spec.containers.0.image',
      'secrets variable spec.containers.0.env.1.valueFrom.secretKeyRef.name',
      'configMaps setting spec.containers.0.env.2.valueFrom.configMapKeyRef.name',
      'secrets all spec.containers.0.envFrom.0.secretRef.name',
      'configMaps common spec.containers.0.envFrom.1.configMapRef.name',
    ]);
    expect(namesIn(parse('spec: {containers: [{name: kaniko}]}').value)).to.deep.equal([]);
  });

  it('is refused by default, each at its place', () => {
    const found = check(EVERYTHING);
    expect(
      found.every(({ code, severity }) => code === 'MANIFEST_NOT_ALLOWED' && severity === 'error'),
    ).to.equal(true);
    expect(found.map(({ line, column, message }) => `${line}:${column} ${message}`)).to.have.members([
      '1:21 The settings do not allow builds to use the label `team`.',
      '1:30 The settings do not allow builds to use the label `example.com/x`.',
      '3:29 The settings do not allow builds to use the Secret `pull`.',
      '5:38 The settings do not allow builds to use the Secret `mounted`.',
      '6:35 The settings do not allow builds to use the ConfigMap `files`.',
      '7:52 The settings do not allow builds to use the claim `disk`.',
      '12:14 The settings do not allow builds to use the image `ghcr.io/team/kaniko:v1`.',
      '15:54 The settings do not allow builds to use the Secret `variable`.',
      '16:57 The settings do not allow builds to use the ConfigMap `setting`.',
      '18:30 The settings do not allow builds to use the Secret `all`.',
      '19:33 The settings do not allow builds to use the ConfigMap `common`.',
    ]);
    expect(found.find(({ line }) => line === 5)?.hint).to.include('`manifest.secrets`');
  });

  it('is taken where the settings list it, by its kind', () => {
    const lists: ManifestNames = {
      secrets: ['pull', 'mounted', 'variable', 'all'],
      configMaps: ['files', 'setting', 'common'],
      claims: ['disk'],
      images: ['ghcr.io/team/kaniko:v1'],
      labels: ['team', 'example.com/x'],
    };
    expect(check(EVERYTHING, lists)).to.deep.equal([]);
    const names = Object.values(lists).flat();
    for (const kind of Object.keys(lists) as (keyof ManifestNames)[]) {
      const found = check(EVERYTHING, { [kind]: names });
      expect(found, kind).to.have.length(names.length - lists[kind].length);
    }
  });

  it('may be the image of the settings', () => {
    expect(check(`spec: {containers: [{name: kaniko, image: "${SETTINGS.kaniko.image}"}]}`)).to.deep.equal(
      [],
    );
  });

  it('is no volume of a kind that reaches what has no name', () => {
    const found = check(
      'spec: {volumes: [{name: a, projected: {sources: []}}], containers: [{name: kaniko}]}',
    );
    expect(found.map(({ message, column }) => `${column} ${message}`)).to.deep.equal([
      '28 A volume of the kind `projected` is not allowed on a server: it can reach what no setting names.',
    ]);
  });
});

describe('profiles of a manifest', () => {
  const profiles = ['seccompProfile', 'appArmorProfile'];
  const of = (profile: string, pod: boolean): string =>
    pod
      ? `spec: {securityContext: {${profile}}, containers: [{name: kaniko}]}`
      : `spec: {containers: [{name: kaniko, securityContext: {${profile}}}]}`;

  for (const pod of [true, false]) {
    it(`are the runtime's own, for ${pod ? 'the pod' : 'a container'}`, () => {
      for (const profile of profiles) {
        expect(check(of(`${profile}: {type: RuntimeDefault}`, pod))).to.deep.equal([]);
        expect(check(of(`${profile}: {type: Unconfined}`, pod)).map(({ message }) => message)).to.deep.equal([
          `\`${profile}\` other than \`RuntimeDefault\` is not allowed on a server.`,
        ]);
      }
      expect(check(of('runAsUser: 0', pod))).to.deep.equal([]);
    });
  }
});

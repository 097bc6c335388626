import { expect } from 'chai';

import { parseKanikoManifest } from '../../../schema/index.js';
import { findings, places } from './support.js';

const parse = (text: string) => parseKanikoManifest(text, { file: 'kaniko-manifest.yaml' });

/** What is wrong with a manifest of one label. */
function label(key: string, value = 'x'): string[] {
  const text = `metadata: {labels: {${JSON.stringify(key)}: ${JSON.stringify(value)}}}\nspec: {containers: [{name: kaniko}]}\n`;
  return found(text);
}

/** What is wrong with a manifest of one container. */
function container(text: string, volumes = '[{name: v, emptyDir: {}}]'): string[] {
  return found(`spec:\n  volumes: ${volumes}\n  containers: [{name: kaniko, ${text}}]\n`);
}

function mount(text: string): string[] {
  return container(`volumeMounts: [{name: v, ${text}}]`);
}

function found(text: string): string[] {
  try {
    parse(text);
  } catch {
    return findings(() => parse(text)).map(({ code, message }) => `${code} ${message}`);
  }
  return [];
}

describe('labels of build pods', () => {
  const longest = { prefix: 'a'.repeat(253), name: 'n'.repeat(63) };
  const taken: readonly (readonly [string, string?])[] = [
    ['a'],
    ['A.b_c-9'],
    ['a/b'],
    ['example.com/team'],
    ['notargoproj.io/x'],
    ['argoproj.io.example/x'],
    ['x.example/argoproj.io'],
    ['notkfops.dev/x'],
    [`${longest.prefix}/x`],
    [longest.name],
    ['a', ''],
    ['a', '9'],
    ['a', 'A.b_c-9'],
    ['a', 'v'.repeat(63)],
  ];
  for (const [key, value] of taken) {
    it(`may be ${key.slice(0, 30)}: ${JSON.stringify(value?.slice(0, 20) ?? 'x')}`, () => {
      expect(label(key, value)).to.deep.equal([]);
    });
  }

  const domains = [
    'argoproj.io/x',
    'workflows.argoproj.io/x',
    'kfops.dev/step',
    'a.b.kfops.dev/x',
    'a.b.argoproj.io/x',
  ];
  for (const key of domains) {
    it(`may not be ${key}: it is Argo's or Kfops' own`, () => {
      expect(label(key)).to.deep.equal([
        key.includes('argoproj')
          ? `MANIFEST_FIELD The label \`${key}\` is not allowed: Argo steers pods by it.`
          : `MANIFEST_FIELD The label \`${key}\` is not allowed: NetworkPolicies tell the pods of Kfops apart by it.`,
      ]);
    });
  }

  const keys = [
    'a b',
    '-a',
    'a-',
    'A/b',
    '-a/b',
    'a-/b',
    '/b',
    'a/',
    'a/b/c',
    'a..b/c',
    'a.-b/c',
    'a-.b/c',
    `${'a'.repeat(254)}/x`,
    'n'.repeat(64),
  ];
  for (const key of keys) {
    it(`may not have the key ${JSON.stringify(key.slice(0, 30))}`, () => {
      expect(label(key)).to.have.length(1);
      expect(label(key)[0]).to.match(/^WRONG_VALUE .* is not a valid key of a label\.$/);
    });
  }

  for (const value of ['a b', '-a', 'a-', 'v'.repeat(64), 'a/b', '.']) {
    it(`may not have the value ${JSON.stringify(value.slice(0, 20))}`, () => {
      expect(label('a', value)).to.have.length(1);
      expect(label('a', value)[0]).to.match(/^WRONG_VALUE .* is not a valid value of a label\.$/);
    });
  }

  it('are checked where a node must have them, too', () => {
    const selector = (text: string): string[] =>
      found(`spec: {nodeSelector: {${text}}, containers: [{name: kaniko}]}\n`);
    expect(selector('kubernetes.io/arch: amd64, workflows.argoproj.io/x: y')).to.deep.equal([]);
    expect(selector('"a b": x')).to.deep.equal(['WRONG_VALUE `a b` is not a valid key of a label.']);
    expect(selector('a: "x y"')).to.deep.equal(['WRONG_VALUE `x y` is not a valid value of a label.']);
  });

  it('are optional', () => {
    expect(found('metadata: {}\nspec: {containers: [{name: kaniko}]}\n')).to.deep.equal([]);
  });
});

describe('mounts of build pods', () => {
  for (const path of [
    '/data',
    '//data//x/',
    '/kaniko/.docker',
    '/kaniko/ssl/certs',
    '/kaniko/ssl',
    '/kanikos',
    '/system',
    '/procs',
    '/a/kaniko/ssl',
  ]) {
    it(`may be at ${path}`, () => {
      expect(mount(`mountPath: ${path}`)).to.deep.equal([]);
    });
  }

  const inTheWay = [
    '/',
    '//',
    '/kaniko',
    '/kaniko/',
    '/kaniko/executor',
    '/kaniko/x/kaniko/ssl',
    '/kaniko/sslx',
    '/workspace/a',
    '/proc',
    '/sys/x',
    '//dev',
  ];
  for (const path of inTheWay) {
    it(`may not be at ${path}`, () => {
      expect(mount(`mountPath: ${path}`)).to.deep.equal([
        `MANIFEST_MOUNT A mount at \`${path}\` is in the way of the build.`,
      ]);
    });
  }

  for (const path of ['data', 'a/b', '/a/../b', '/..', '/a:b']) {
    it(`may not be at ${path}, which is no absolute path`, () => {
      expect(mount(`mountPath: "${path}"`)).to.deep.equal([
        `MANIFEST_MOUNT \`${path}\` is not an absolute path.`,
      ]);
    });
  }

  it('name a volume that is there', () => {
    expect(container('volumeMounts: [{name: w, mountPath: /a}]')).to.deep.equal([
      'MANIFEST_MOUNT No volume has the name `w`.',
    ]);
    expect(container('volumeMounts: [{mountPath: /a}]')).to.deep.equal([
      'REQUIRED_KEY The required key `spec.containers[0].volumeMounts[0].name` is missing.',
    ]);
    expect(container('volumeMounts: [{name: v}]')).to.deep.equal([
      'REQUIRED_KEY The required key `spec.containers[0].volumeMounts[0].mountPath` is missing.',
    ]);
  });

  it('stay inside the volume, and off the node', () => {
    expect(mount('mountPath: /a, subPath: a/b')).to.deep.equal([]);
    expect(mount('mountPath: /a, subPath: ../b')).to.deep.equal([
      'MANIFEST_MOUNT `subPath` must be a path inside the volume.',
    ]);
    expect(mount('mountPath: /a, subPath: ""')).to.deep.equal([]);
    expect(mount('mountPath: /a, mountPropagation: None')).to.deep.equal([]);
    expect(mount('mountPath: /a, mountPropagation: ""')).to.deep.equal([]);
    for (const way of ['HostToContainer', 'Bidirectional'])
      expect(mount(`mountPath: /a, mountPropagation: ${way}`)).to.deep.equal([
        'MANIFEST_MOUNT Mounts of a build must not reach the node.',
      ]);
  });
});

describe('rights of build pods', () => {
  for (const name of ['CHOWN', 'CAP_CHOWN', 'SYS_CHROOT']) {
    it(`may have the capability ${name}`, () => {
      expect(container(`securityContext: {capabilities: {add: [${name}]}}`)).to.deep.equal([]);
    });
  }

  for (const name of ['SYS_ADMIN', 'CAP_SYS_ADMIN', 'CHOWNCAP_', 'chown', 'ALL']) {
    it(`may not have the capability ${name}`, () => {
      expect(container(`securityContext: {capabilities: {add: [${name}]}}`)).to.deep.equal([
        `MANIFEST_FIELD \`spec.containers[0].securityContext.capabilities.add[0]\` is not allowed: a build must not have the capability ${name}.`,
      ]);
    });
  }

  for (const flag of ['privileged', 'runAsNonRoot', 'readOnlyRootFilesystem']) {
    it(`may not be ${flag}`, () => {
      expect(container(`securityContext: {${flag}: false}`)).to.deep.equal([]);
      const [why, ...more] = container(`securityContext: {${flag}: true}`);
      expect(more).to.deep.equal([]);
      expect(why).to.include(`securityContext.${flag}\` is not allowed`);
    });
  }

  it('are no rights where they are no texts', () => {
    expect(container('securityContext: {capabilities: {add: [{a: b}]}}')).to.deep.equal([
      'WRONG_TYPE `spec.containers[0].securityContext.capabilities.add[0]` must be a text.',
    ]);
  });

  it('are checked for the pod and for each container', () => {
    const text =
      'spec: {securityContext: {runAsNonRoot: true}, containers: [{name: kaniko, securityContext: {privileged: true}}]}';
    expect(places(findings(() => parse(text)))).to.deep.equal([
      'MANIFEST_FIELD 1:40',
      'MANIFEST_FIELD 1:105',
    ]);
  });
});

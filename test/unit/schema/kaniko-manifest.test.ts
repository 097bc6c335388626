import { readFileSync } from 'node:fs';

import { expect } from 'chai';

import { kanikoPod, parseKanikoManifest, type KanikoManifest } from '../../../schema/index.js';
import { CONTAINER_RULES, POD_SPEC_RULES, refusal } from '../../../schema/pod-fields.js';
import { ARGO_RELEASES } from '../../support/argo-releases.js';
import { argoSchema } from '../../support/argo-schema.js';
import { findings, places } from './support.js';

const parse = (text: string) => parseKanikoManifest(text, { file: 'kaniko-manifest.yaml' });
const codes = (text: string) => findings(() => parse(text)).map((d) => d.code);

/** As the first Kfops gave it to every repository. */
const ORIGINAL = `apiVersion: v1
kind: Pod
metadata:
  generateName: cluster-image-builder-
  labels: {app: image-builder}
spec:
  restartPolicy: Never
  containers:
    - name: cluster-image-builder
      image: gcr.io/kaniko-project/executor:latest
      volumeMounts:
        - {name: docker-config, mountPath: /kaniko/.docker}
  volumes:
    - name: docker-config
      secret: {secretName: docker-config}
`;
const pod = (spec: string, container = '') =>
  `spec: {containers: [{${container}}]${spec ? `, ${spec}` : ''}}`;

describe('kaniko-manifest.yaml', () => {
  it('takes the manifest of the first Kfops, with a warning for the archived image', () => {
    const { value, warnings } = parse(ORIGINAL);
    expect(warnings.map((d) => d.code)).to.deep.equal(['DEPRECATED']);
    expect(kanikoPod(value)).to.deep.equal({
      labels: { app: 'image-builder' },
      pod: { volumes: [{ name: 'docker-config', secret: { secretName: 'docker-config' } }] },
      container: {
        image: 'gcr.io/kaniko-project/executor:latest',
        volumeMounts: [{ name: 'docker-config', mountPath: '/kaniko/.docker' }],
      },
    });
  });

  it('gives everything of the allow-list on', () => {
    const text = pod(
      'nodeSelector: {a: b}, tolerations: [{key: k}], affinity: {nodeAffinity: {}}, imagePullSecrets: [{name: s}], securityContext: {fsGroup: 1}',
      'env: [{name: A, valueFrom: {secretKeyRef: {name: s, key: k}}}], envFrom: [{secretRef: {name: s}}], resources: {limits: {cpu: 2}}, imagePullPolicy: Always, securityContext: {capabilities: {add: [CHOWN], drop: [ALL]}, privileged: false}',
    );
    const { pod: ofPod, container } = kanikoPod(parse(text).value);
    expect(ofPod).to.have.all.keys(
      'nodeSelector',
      'tolerations',
      'affinity',
      'imagePullSecrets',
      'securityContext',
    );
    expect(container).to.have.all.keys('env', 'envFrom', 'resources', 'imagePullPolicy', 'securityContext');
  });

  it('finds the container of Kaniko by name, by image, or as the only one', () => {
    const image = (containers: object[]) =>
      kanikoPod({ spec: { containers } } as KanikoManifest).container.image;
    expect(image([{ image: 'x/kaniko' }, { name: 'kaniko', image: 'mine' }])).to.equal('mine');
    expect(image([{ image: 'a' }, { image: 'x/kaniko' }])).to.equal('x/kaniko');
    expect(image([{ image: 'a' }])).to.equal('a');
    expect(codes('spec: {containers: [{name: a}, {name: b}]}')).to.deep.equal(['MANIFEST_CONTAINER']);
  });

  it('refuses any other container', () => {
    expect(places(findings(() => parse('spec: {containers: [{name: kaniko}, {name: b}]}')))).to.deep.equal([
      'MANIFEST_FIELD 1:37',
    ]);
  });

  const refused: [string, string, string][] = [
    ['args', pod('', 'args: [--x]'), 'MANIFEST_FIELD'],
    ['command', pod('', 'command: [sh]'), 'MANIFEST_FIELD'],
    ['a namespace', `metadata: {namespace: x}\n${pod('')}`, 'MANIFEST_FIELD'],
    ['annotations', `metadata: {annotations: {a: b}}\n${pod('')}`, 'MANIFEST_FIELD'],
    ['initContainers', pod('initContainers: []'), 'MANIFEST_FIELD'],
    ['a service account', pod('serviceAccountName: x'), 'MANIFEST_FIELD'],
    ['host namespaces', pod('hostNetwork: true'), 'MANIFEST_FIELD'],
    ['hostPath', pod('volumes: [{name: a, hostPath: {path: /}}]'), 'MANIFEST_FIELD'],
    ['nfs', pod('volumes: [{name: a, nfs: {server: x, path: /}}]'), 'MANIFEST_FIELD'],
    ['privileged', pod('', 'securityContext: {privileged: true}'), 'MANIFEST_FIELD'],
    ['privileged as yes', pod('', 'securityContext: {privileged: yes}'), 'MANIFEST_FIELD'],
    ['SYS_ADMIN', pod('', 'securityContext: {capabilities: {add: [SYS_ADMIN]}}'), 'MANIFEST_FIELD'],
    ['procMount', pod('', 'securityContext: {procMount: Unmasked}'), 'MANIFEST_FIELD'],
    ['sysctls', pod('securityContext: {sysctls: []}'), 'MANIFEST_FIELD'],
    [
      "Argo's labels",
      `metadata: {labels: {workflows.argoproj.io/pod-gc-strategy: NoSlash}}\n${pod('')}`,
      'MANIFEST_FIELD',
    ],
    ["Kfops' own labels", `metadata: {labels: {kfops.dev/step: publish}}\n${pod('')}`, 'MANIFEST_FIELD'],
    ['a status', `status: {}\n${pod('')}`, 'MANIFEST_FIELD'],
    ['a field that is none', pod('nodeselector: {}'), 'UNKNOWN_KEY'],
    ['a label that is none', `metadata: {labels: {"a b": c}}\n${pod('')}`, 'WRONG_VALUE'],
    ['another kind', `kind: Deployment\n${pod('')}`, 'WRONG_VALUE'],
    ['another restart policy', pod('restartPolicy: Always'), 'WRONG_VALUE'],
    ['no container', 'spec: {containers: []}', 'WRONG_VALUE'],
    ['an empty file', '', 'REQUIRED_KEY'],
    ['a template tag', pod('nodeSelector: {a: "{{x"}'), 'TEMPLATE_TAG'],
    ['an image that is none', pod('', 'image: "A B"'), 'IMAGE_REFERENCE'],
  ];
  for (const [what, text, code] of refused) {
    it(`refuses ${what}`, () => {
      expect(codes(text)).to.deep.equal([code]);
    });
  }

  const mounts: [string, boolean][] = [
    ['/kaniko/.docker', true],
    ['/kaniko/.docker/config.json', true],
    ['/kaniko/ssl/certs', true],
    ['/root/.aws', true],
    ['/kanikox', true],
    ['/', false],
    ['//', false],
    ['/kaniko', false],
    ['/kaniko/', false],
    ['/kaniko/.', false],
    ['/kaniko/ctx', false],
    ['/kaniko/executor', false],
    ['/kaniko/.docker/..', false],
    ['/workspace/x', false],
    ['/proc', false],
    ['relative', false],
  ];
  for (const [path, fine] of mounts) {
    it(`${fine ? 'takes' : 'refuses'} a mount at ${path}`, () => {
      const text = pod('volumes: [{name: a, emptyDir: {}}]', `volumeMounts: [{name: a, mountPath: ${path}}]`);
      if (fine) expect(parse(text).warnings).to.deep.equal([]);
      else expect(codes(text)).to.deep.equal(['MANIFEST_MOUNT']);
    });
  }

  it('refuses a mount of a volume that is not there, out of its volume, or onto the node', () => {
    const volumes = 'volumes: [{name: a, emptyDir: {}}]';
    for (const mount of [
      'name: b, mountPath: /x',
      'name: a, mountPath: /x, subPath: ../y',
      'name: a, mountPath: /x, mountPropagation: Bidirectional',
    ]) {
      expect(codes(pod(volumes, `volumeMounts: [{${mount}}]`))).to.deep.equal(['MANIFEST_MOUNT']);
    }
  });
});

describe('the fields of Kubernetes', () => {
  const model = (name: string): string[] => {
    const url = new URL(
      `../../../node_modules/@kubernetes/client-node/dist/gen/models/${name}.d.ts`,
      import.meta.url,
    );
    return [...readFileSync(url, 'utf8').matchAll(/^ {4}'(\w+)'\??:/gm)].map((match) => match[1]!);
  };

  it('are all classified: PodSpec', () => {
    expect(model('V1PodSpec')).to.have.length.greaterThan(35);
    expect(model('V1PodSpec').filter((field) => !Object.hasOwn(POD_SPEC_RULES, field))).to.deep.equal([]);
  });

  it('are all classified: Container', () => {
    expect(model('V1Container').filter((field) => !Object.hasOwn(CONTAINER_RULES, field))).to.deep.equal([]);
  });

  for (const release of ARGO_RELEASES) {
    it(`are all classified: Container of Argo ${release.version}`, function () {
      const { definitions } = argoSchema(this, release);
      const fieldsOf = (type: string): string[] =>
        Object.keys(definitions[`io.k8s.api.core.v1.${type}`]!.properties!);
      const fields = fieldsOf('Container');
      expect(fields.filter((field) => !Object.hasOwn(CONTAINER_RULES, field))).to.deep.equal([]);
      const volumes = fieldsOf('Volume');
      expect(volumes.every((field) => refusal(['spec', 'volumes', 0], field))).to.equal(true);
    });
  }

  it('agree with the schema', () => {
    const url = new URL('../../../schema/kaniko-manifest.schema.json', import.meta.url);
    const schema = JSON.parse(readFileSync(url, 'utf8')) as {
      properties: { spec: { properties: object } };
      definitions: { Container: { properties: object } };
    };
    const allowed = (rules: object) =>
      Object.entries(rules)
        .filter(([, rule]) => rule === true)
        .map(([field]) => field);
    expect(Object.keys(schema.properties.spec.properties)).to.have.members(allowed(POD_SPEC_RULES));
    expect(Object.keys(schema.definitions.Container.properties)).to.have.members(allowed(CONTAINER_RULES));
  });
});

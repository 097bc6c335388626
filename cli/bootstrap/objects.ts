import { createHash } from 'node:crypto';

import { type KubernetesObject, MANAGED_BY, OWNER } from '../../argo/objects/apply.js';
import { recordOf } from '../../common/json.js';
import { certificatesObject, withCertificates } from './certificates.js';
import type { Choices } from './choices.js';
import { isKubeflows, type Store } from './found.js';
import { readManifests, readSharedManifest } from './manifests.js';
import { kubeflowNamespaces } from './namespaces.js';
import { networkPolicies } from './network.js';
import { SERVER_LOGIN_SECRET } from './secrets.js';
import { IMAGES_LOGIN_SECRET } from './settings.js';

/** On the pods of the server: a change of the settings or certificates starts new ones. */
const SETTINGS_ANNOTATION = 'kfops.dev/settings';

/** The namespaces, which must be there before their contents, without those of Kubeflow. */
export function namespaces(choices: Choices): KubernetesObject[] {
  const others = kubeflowNamespaces(choices.profiles);
  return readManifests(choices).filter(
    ({ kind, metadata }) => kind === 'Namespace' && !others.has(metadata.name),
  );
}

/** What the installation consists of. */
export interface ObjectParts {
  readonly choices: Choices;
  readonly store: Store;
  /** Address of Kubeflow Pipelines' API, if it is used. */
  readonly kfpEndpoint: string | undefined;
  /** The text of the settings file. */
  readonly settings: string;
  /** Namespaces that somebody else made, where pods other than Kfops' may run. */
  readonly foreign: ReadonlySet<string>;
  /** The cluster has Kubeflow's ClusterRole for pipelines. */
  readonly isMultiUser: boolean;
}

/** Everything but namespaces and Secrets of {@link ownSecrets}, in the order in which it is applied. */
export function serverObjects({
  choices,
  store,
  kfpEndpoint,
  settings,
  foreign,
  isMultiUser,
}: ObjectParts): KubernetesObject[] {
  const shared = new Set([...foreign, ...kubeflowNamespaces(choices.profiles)]);
  const plain = readManifests(choices)
    .filter(({ kind }) => kind !== 'Namespace')
    .filter((object) => !cutsOffOthers(object, shared))
    .map((object) => (object.kind === 'Deployment' ? deployment(object, choices, settings) : object));
  return [
    settingsObject(choices, settings),
    ...certificatesObject(choices),
    ...plain,
    ...networkPolicies(choices, store, kfpEndpoint),
    // Whatever the Service's name: SeaweedFS has that of MinIO, too. Without SeaweedFS the policy selects no pod.
    ...(isKubeflows(store) ? readSharedManifest('kubeflow/admit-kfops.yaml', choices) : []),
    ...(isMultiUser ? choices.profiles.flatMap((profile) => publisher(profile, choices)) : []),
    ...(choices.ingress ? [ingress(choices, choices.ingress)] : []),
  ];
}

/** A policy for all pods of a namespace would take connections away from the pods of others. */
function cutsOffOthers({ kind, metadata, spec }: KubernetesObject, shared: ReadonlySet<string>): boolean {
  if (kind !== 'NetworkPolicy' || !shared.has(metadata.namespace ?? '')) return false;
  return Object.keys(recordOf(recordOf(spec).podSelector)).length === 0;
}

function settingsObject({ server }: Choices, text: string): KubernetesObject {
  return {
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { name: 'kfops-settings', namespace: server },
    data: { 'settings.yaml': text },
  };
}

function deployment(object: KubernetesObject, choices: Choices, settings: string): KubernetesObject {
  const { login, imagesLogin, certificates = '' } = choices;
  const spec = recordOf(object.spec);
  const template = recordOf(spec.template);
  const metadata = recordOf(template.metadata);
  const hash = createHash('sha256').update(settings).update(certificates).digest('hex').slice(0, 16);
  return {
    ...object,
    spec: {
      ...spec,
      template: {
        ...template,
        metadata: {
          ...metadata,
          annotations: { ...recordOf(metadata.annotations), [SETTINGS_ANNOTATION]: hash },
        },
        spec: {
          ...withCertificates(recordOf(template.spec), choices),
          ...((imagesLogin ?? login) && {
            imagePullSecrets: [{ name: imagesLogin ? IMAGES_LOGIN_SECRET : SERVER_LOGIN_SECRET }],
          }),
        },
      },
    },
  };
}

function publisher(profile: string, choices: Choices): KubernetesObject[] {
  return readSharedManifest('kubeflow-profile/publisher.yaml', choices).map((object) => ({
    ...object,
    metadata: { ...object.metadata, namespace: profile },
  }));
}

/** Only what GitHub sends. */
function ingress(
  { server, url }: Choices,
  { className, tlsSecret, annotations }: NonNullable<Choices['ingress']>,
): KubernetesObject {
  const { hostname: host } = new URL(url);
  const backend = { service: { name: 'kfops-server', port: { name: 'http' } } };
  return {
    apiVersion: 'networking.k8s.io/v1',
    kind: 'Ingress',
    metadata: { name: 'kfops-server', namespace: server, ...(annotations && { annotations }) },
    spec: {
      ingressClassName: className,
      ...(tlsSecret !== undefined && { tls: [{ hosts: [host], secretName: tlsSecret }] }),
      rules: [{ host, http: { paths: [{ path: '/webhook', pathType: 'Exact', backend }] } }],
    },
  };
}

/** An object as it is applied, with who made it. */
export function withOwner(object: KubernetesObject): KubernetesObject {
  const { metadata } = object;
  return { ...object, metadata: { ...metadata, labels: { ...metadata.labels, [MANAGED_BY]: OWNER } } };
}

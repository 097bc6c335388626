/** Why a field of Kubernetes is not taken from a Kaniko manifest; `true`: it is taken. */
export type FieldRule = true | string;
export type FieldRules = Readonly<Record<string, FieldRule>>;

const LIFE = 'Kfops and Argo decide how a build starts, is watched and ends';
const HOST = 'a build must not reach into the node that it runs on';
const NETWORK = 'builds use the network settings of the cluster';
const IDENTITY =
  'a build has no service account of its own; the settings can name one (service_accounts.builder)';
const PLACE = 'use nodeSelector, affinity and tolerations to choose a node';
const SCHEDULER = 'the cluster decides about the order of pods';
const ONE = 'a build pod has one container';
const UNUSED = 'builds have no use for it';

/** Every field of PodSpec, Kubernetes 1.34. */
export const POD_SPEC_RULES: FieldRules = {
  activeDeadlineSeconds: "use an image's `timeout` in config.yaml",
  affinity: true,
  automountServiceAccountToken: 'builds never get a token',
  containers: true,
  dnsConfig: NETWORK,
  dnsPolicy: NETWORK,
  enableServiceLinks: NETWORK,
  ephemeralContainers: ONE,
  hostAliases: NETWORK,
  hostIPC: HOST,
  hostNetwork: HOST,
  hostPID: HOST,
  hostUsers: HOST,
  hostname: NETWORK,
  hostnameOverride: NETWORK,
  imagePullSecrets: true,
  initContainers: `${ONE}; Kfops brings the build context itself`,
  nodeName: PLACE,
  nodeSelector: true,
  os: 'Kaniko runs on Linux only',
  overhead: SCHEDULER,
  preemptionPolicy: SCHEDULER,
  priority: SCHEDULER,
  priorityClassName: SCHEDULER,
  readinessGates: LIFE,
  resourceClaims: 'use the resources of the container',
  resources: 'use the resources of the container',
  restartPolicy: true,
  runtimeClassName: SCHEDULER,
  schedulerName: SCHEDULER,
  schedulingGates: SCHEDULER,
  securityContext: true,
  serviceAccount: IDENTITY,
  serviceAccountName: IDENTITY,
  setHostnameAsFQDN: NETWORK,
  shareProcessNamespace: ONE,
  subdomain: NETWORK,
  terminationGracePeriodSeconds: LIFE,
  tolerations: true,
  topologySpreadConstraints: PLACE,
  volumes: true,
};

/** Every field of Container, Kubernetes 1.34. */
export const CONTAINER_RULES: FieldRules = {
  args: "Kfops sets Kaniko's arguments for each image; see the options of an image in config.yaml",
  command: 'Kfops starts Kaniko itself',
  env: true,
  envFrom: true,
  image: true,
  imagePullPolicy: true,
  lifecycle: LIFE,
  livenessProbe: LIFE,
  name: true,
  ports: UNUSED,
  readinessProbe: LIFE,
  resizePolicy: UNUSED,
  resources: true,
  restartPolicy: LIFE,
  restartPolicyRules: LIFE,
  securityContext: true,
  startupProbe: LIFE,
  stdin: UNUSED,
  stdinOnce: UNUSED,
  terminationMessagePath: 'Kfops reads the digest of an image there',
  terminationMessagePolicy: LIFE,
  tty: UNUSED,
  volumeDevices: HOST,
  volumeMounts: true,
  workingDir: LIFE,
};

const RIGHTS: FieldRules = {
  procMount: HOST,
  sysctls: HOST,
  windowsOptions: 'Kaniko runs on Linux only',
};

const VOLUME: FieldRules = { hostPath: HOST };
const OTHER_VOLUME =
  'builds take secret, configMap, emptyDir, persistentVolumeClaim, projected, downwardAPI, csi and ephemeral volumes';

const METADATA: FieldRules = {
  namespace: "builds run in the namespace of the cluster's settings",
  annotations: 'they can give a pod rights, such as a cloud role; labels are taken',
};

/**
 * @param path - of the map in the manifest that holds the field
 * @returns why the manifest cannot hold this field; undefined where Kubernetes has no such field, or it is taken
 */
export function refusal(path: readonly (string | number)[], field: string): string | undefined {
  const own = (rules: FieldRules): string | undefined => {
    const rule = Object.hasOwn(rules, field) ? rules[field] : undefined;
    return typeof rule === 'string' ? rule : undefined;
  };
  const parent = path.at(-1);
  if (path.length === 0) return field === 'status' ? 'the cluster writes it' : undefined;
  if (parent === 'metadata') return own(METADATA) ?? 'Argo names and owns the pods';
  if (parent === 'spec' && path.length === 1) return own(POD_SPEC_RULES);
  if (parent === 'securityContext') return own(RIGHTS);
  const list = path.at(-2);
  if (list === 'containers') return own(CONTAINER_RULES);
  if (list === 'volumes') return own(VOLUME) ?? OTHER_VOLUME;
  if (list === 'volumeMounts' && field === 'subPathExpr') return 'use subPath';
  return undefined;
}

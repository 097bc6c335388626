import type { KubernetesObject } from '../../argo/objects/apply.js';
import { recordOf } from '../../common/json.js';
import type { Choices } from './choices.js';

const NAME = 'kfops-certificates';
const FOLDER = '/etc/kfops/certificates';
const FILE = 'ca.crt';
/** Node and git each read a file of their own. */
const VARIABLES = ['NODE_EXTRA_CA_CERTS', 'GIT_SSL_CAINFO'];

/** The ConfigMap with the authorities that the server trusts as well. */
export function certificatesObject({ server, certificates }: Choices): KubernetesObject[] {
  if (certificates === undefined) return [];
  const metadata = { name: NAME, namespace: server };
  return [{ apiVersion: 'v1', kind: 'ConfigMap', metadata, data: { [FILE]: certificates } }];
}

/** The spec of the server's pods, with these authorities. */
export function withCertificates(spec: Record<string, unknown>, { certificates }: Choices): object {
  if (certificates === undefined) return spec;
  const containers = listOf(spec.containers).map((container) => ({
    ...container,
    env: [...listOf(container.env), ...VARIABLES.map((name) => ({ name, value: `${FOLDER}/${FILE}` }))],
    volumeMounts: [...listOf(container.volumeMounts), { name: NAME, mountPath: FOLDER, readOnly: true }],
  }));
  const volumes = [...listOf(spec.volumes), { name: NAME, configMap: { name: NAME } }];
  return { ...spec, containers, volumes };
}

function listOf(value: unknown): Record<string, unknown>[] {
  return Array.isArray(value) ? value.map(recordOf) : [];
}

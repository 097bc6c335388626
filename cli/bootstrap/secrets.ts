import type { KubernetesObject } from '../../argo/objects/apply.js';
import { defaultSettings } from '../../schema/index.js';
import type { Choices, GitHubCredentials } from './choices.js';
import type { Store } from './found.js';
import { LOGIN_SECRET } from './settings.js';

/** The Secret with which the server signs in to GitHub. */
export const GITHUB_SECRET = 'kfops-github';
/** On {@link GITHUB_SECRET}: the number of the App, which is not a secret. */
export const APP_ANNOTATION = 'kfops.dev/github-app';
/** The Secret with which the server and the kubelet log in to registries. */
export const SERVER_LOGIN_SECRET = 'kfops-registry';

/** The value of a key that a dry run without a cluster does not know. */
const UNKNOWN = '';

/** The Secrets with the keys of the object store, and with the login for the registries. */
export function ownSecrets({ builds, server, login }: Choices, { keys }: Store): KubernetesObject[] {
  const { secret } = defaultSettings().minio;
  const { accessKey = UNKNOWN, secretKey = UNKNOWN } = keys ?? {};
  const dockerLogin = login && { '.dockerconfigjson': login.json };
  return [
    secretOf(builds, secret.name, { [secret.access_key]: accessKey, [secret.secret_key]: secretKey }),
    secretOf(server, 'kfops-minio', { accesskey: accessKey, secretkey: secretKey }),
    ...(dockerLogin
      ? [
          secretOf(builds, LOGIN_SECRET, dockerLogin, 'kubernetes.io/dockerconfigjson'),
          secretOf(server, SERVER_LOGIN_SECRET, dockerLogin, 'kubernetes.io/dockerconfigjson'),
        ]
      : []),
  ];
}

/** The Secret with the keys of an App, or a token. */
export function githubSecret(server: string, credentials: GitHubCredentials): KubernetesObject {
  const { webhookSecret } = credentials;
  const key =
    credentials.kind === 'app' ? { 'private-key.pem': credentials.privateKey } : { token: credentials.token };
  const object = secretOf(server, GITHUB_SECRET, { ...key, 'webhook-secret': webhookSecret });
  if (credentials.kind === 'token') return object;
  const annotations = { [APP_ANNOTATION]: String(credentials.id) };
  return { ...object, metadata: { ...object.metadata, annotations } };
}

function secretOf(
  namespace: string,
  name: string,
  values: Readonly<Record<string, string>>,
  type = 'Opaque',
): KubernetesObject {
  const encoded = Object.entries(values).map(([key, value]) => [key, Buffer.from(value).toString('base64')]);
  return {
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: { name, namespace },
    type,
    data: Object.fromEntries(encoded) as Record<string, string>,
  };
}

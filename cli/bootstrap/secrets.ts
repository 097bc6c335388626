import type { KubernetesObject } from '../../argo/objects/apply.js';
import { parseRecord, recordOf } from '../../common/json.js';
import { defaultSettings } from '../../schema/index.js';
import { hostOfKey } from '../../stores/registry/docker-config.js';
import type { Choices, GitHubCredentials, RegistryLogin } from './choices.js';
import type { Store } from './found.js';
import { IMAGES_LOGIN_SECRET, LOGIN_SECRET } from './settings.js';
import { STORE_SECRET, storeSecret } from './store-secret.js';

/** The Secret with which the server signs in to GitHub. */
export const GITHUB_SECRET = 'kfops-github';
/** On {@link GITHUB_SECRET}: the number of the App, which is not a secret. */
export const APP_ANNOTATION = 'kfops.dev/github-app';
/** The Secret with which the server logs in to registries, and nodes pull its image where there is no other login. */
export const SERVER_LOGIN_SECRET = 'kfops-registry';

/** The value of a key that a dry run without a cluster does not know. */
const UNKNOWN = '';

/** The Secrets with the keys of the object store, and with the login for the registries. */
export function ownSecrets(choices: Choices, { keys }: Store): KubernetesObject[] {
  const { builds, server, login, imagesLogin } = choices;
  const { secret } = defaultSettings().minio;
  const { accessKey = UNKNOWN, secretKey = UNKNOWN } = keys ?? {};
  const ofBuilds = storeSecret(choices);
  return [
    ...(ofBuilds.isKubeflows
      ? []
      : [
          secretOf(builds, ofBuilds.name, { [secret.access_key]: accessKey, [secret.secret_key]: secretKey }),
        ]),
    secretOf(server, STORE_SECRET, { accesskey: accessKey, secretkey: secretKey }),
    ...(login ? [loginSecret(builds, LOGIN_SECRET, [login])] : []),
    ...(login || imagesLogin ? [loginSecret(server, SERVER_LOGIN_SECRET, [login, imagesLogin])] : []),
    ...(imagesLogin
      ? [builds, server].map((namespace) => loginSecret(namespace, IMAGES_LOGIN_SECRET, [imagesLogin]))
      : []),
  ];
}

/** @param logins - for the same registry, the first */
function loginSecret(
  namespace: string,
  name: string,
  logins: readonly (RegistryLogin | undefined)[],
): KubernetesObject {
  const entries = logins.flatMap((login) =>
    Object.entries(recordOf(login && parseRecord(login.json)?.auths)),
  );
  const hosts = entries.map(([key]) => hostOfKey(key));
  const auths = Object.fromEntries(entries.filter((_, i) => hosts.indexOf(hosts[i]) === i));
  return secretOf(
    namespace,
    name,
    { '.dockerconfigjson': JSON.stringify({ auths }) },
    'kubernetes.io/dockerconfigjson',
  );
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

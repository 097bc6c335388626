import { apiPath } from '../../../argo/client/client.js';
import { admin, uniqueName } from './build.js';
import { NAMESPACE } from './environment.js';

/** The text of a Docker config.json with a login for one registry. */
export function dockerConfig(
  registry: string,
  { username, password }: { readonly username: string; readonly password: string },
): string {
  const auth = Buffer.from(`${username}:${password}`).toString('base64');
  return JSON.stringify({ auths: { [registry]: { auth } } });
}

/** Creates a Secret as `kubectl create secret docker-registry` does. @returns its name */
export async function loginSecret(config: string): Promise<string> {
  const name = uniqueName('registry');
  await admin.call({
    what: 'creating a Secret',
    method: 'POST',
    path: apiPath('api', 'v1', 'namespaces', NAMESPACE, 'secrets'),
    body: {
      metadata: { name },
      type: 'kubernetes.io/dockerconfigjson',
      stringData: { '.dockerconfigjson': config },
    },
  });
  return name;
}

/** The Kaniko manifest of a repository whose builds log in with this Secret. */
export function manifestWithLogin(secret: string): string {
  return `apiVersion: v1
kind: Pod
metadata: { name: kaniko }
spec:
  restartPolicy: Never
  containers:
    - name: kaniko
      volumeMounts: [{ name: docker-config, mountPath: /kaniko/.docker }]
  volumes:
    - name: docker-config
      secret: { secretName: ${secret}, items: [{ key: .dockerconfigjson, path: config.json }] }
`;
}

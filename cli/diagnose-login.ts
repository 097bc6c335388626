import { readFileSync } from 'node:fs';

import type { ClusterClient } from '../argo/client/client.js';
import type { Check } from '../argo/doctor/doctor.js';
import type { Settings } from '../schema/index.js';

/** Where the kubelet replaces tokens before they end. */
const MOUNTED = '/var/run/secrets/';

/**
 * When the login of the kubeconfig ends, and that for Argo's server. Those that a program or the kubelet renews are left
 * out, and so are tokens that do not say.
 */
export async function* checkLogin(client: ClusterClient, { argo }: Settings): AsyncGenerator<Check> {
  const { certificateEnd, checkExpiry, tokenEnd } = await import('../argo/doctor/expiry.js');
  if (!client.inCluster) {
    const { token, certData, certFile } = client.kubeConfig.getCurrentUser() ?? {};
    const end = token === undefined ? undefined : tokenEnd(token);
    const again = 'fetch a new kubeconfig, or log in to the cluster again';
    if (end) yield checkExpiry('the token of the kubeconfig', end, again);
    const pem = certData ? Buffer.from(certData, 'base64').toString('utf8') : readable(certFile);
    const certified = pem === undefined ? undefined : certificateEnd(pem);
    if (certified) yield checkExpiry('the client certificate of the kubeconfig', certified, again);
  }
  const file = argo.server?.token_file;
  if (file === undefined || file.startsWith(MOUNTED)) return;
  const end = tokenEnd(readable(file) ?? '');
  if (end)
    yield checkExpiry(
      'the token for Argo’s server (argo.server.token_file)',
      end,
      `write a new token into ${file}`,
    );
}

function readable(path: string | undefined): string | undefined {
  if (path === undefined) return undefined;
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
}

import type { IncomingMessage, ServerResponse } from 'node:http';

import { type Certificate, certificateFor } from './certificate.js';
import { standIns } from './chatops.js';
import { environment, need } from './environment.js';
import { proxyTo, serve, type TestServer } from './proxy.js';

/**
 * Serves the stand-ins for GitHub and git at an address that pods reach, as GitHub Enterprise has them: the API and the
 * repositories at one host.
 */
function serveGitHub(
  address: string,
  made: Pick<Awaited<ReturnType<typeof standIns>>, 'github' | 'git'>,
  tls: Certificate,
): Promise<TestServer> {
  const api = proxyTo(new URL(made.github.apiUrl).host, () => false);
  const git = proxyTo(new URL(made.git.url('x')).host, () => false);
  const answer = (request: IncomingMessage, response: ServerResponse): void => {
    const [, path] = /^\/api\/v3(\/.*)$/.exec(request.url ?? '') ?? [];
    request.url = path ?? request.url;
    (path === undefined ? git : api)(request, response);
  };
  return serve(address, answer, { tls });
}

/** The stand-ins for GitHub and git as pods reach them. Skips a test that lacks what an installation needs. */
export async function standInsForPods(test: Mocha.Context) {
  need(test, environment.nodeAddress, 'address of this machine for pods (KFOPS_TEST_NODE_ADDRESS)');
  need(test, environment.adminKubeconfig, 'admin (KFOPS_TEST_ADMIN_KUBECONFIG)');
  need(test, environment.kubectl, 'kubectl (KFOPS_TEST_KUBECTL)');
  const made = await standIns();
  const certificate = await certificateFor(environment.nodeAddress);
  return { made, certificate, front: await serveGitHub(environment.nodeAddress, made, certificate) };
}

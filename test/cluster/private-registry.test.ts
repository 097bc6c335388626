import { expect } from 'chai';

import { build, uniqueName } from './support/build.js';
import { environment, need } from './support/environment.js';
import { BUSYBOX, project, removeFolders } from './support/project.js';
import { proxyTo, serve, type TestServer } from './support/proxy.js';
import { dockerConfig, loginSecret, manifestWithLogin } from './support/registry-login.js';
import { digestOf } from './support/registry.js';

const USER = 'builder';
const PASSWORD = 'open sesame';

let server: TestServer | undefined;

after(async () => {
  await server?.close();
  await removeFolders();
});

describe('a private registry', () => {
  it('takes the image with the password of the Secret, and refuses a wrong one', async function () {
    const host = environment.nodeAddress;
    need(this, host, 'address of this machine for pods (KFOPS_TEST_NODE_ADDRESS)');
    need(this, environment.adminKubeconfig, 'admin (KFOPS_TEST_ADMIN_KUBECONFIG)');
    const expected = `Basic ${Buffer.from(`${USER}:${PASSWORD}`).toString('base64')}`;
    server = await serve(
      host,
      proxyTo(environment.registry, (request, response) => {
        if (request.headers.authorization === expected) return false;
        response.writeHead(401, {
          'content-type': 'application/json',
          'www-authenticate': 'Basic realm="test"',
        });
        response.end(
          JSON.stringify({ errors: [{ code: 'UNAUTHORIZED', message: 'authentication required' }] }),
        );
        return true;
      }),
    );
    const registry = server.address;
    const attempt = async (password: string): ReturnType<typeof build> => {
      const secret = await loginSecret(dockerConfig(registry, { username: USER, password }));
      const source = await project(
        { path: uniqueName('private'), registry, images: [{ name: 'private', cache: false }] },
        {
          'private/Dockerfile': `FROM ${BUSYBOX}\nRUN echo private\n`,
          'config_files/kaniko-manifest.yaml': manifestWithLogin(secret),
        },
      );
      return build(source, { tag: 'v1' });
    };
    const [right, wrong] = await Promise.all([attempt(PASSWORD), attempt('guess')]);

    expect(right.result.phase, JSON.stringify(right.result)).to.equal('succeeded');
    const { repository, digest } = right.result.images[0]!;
    expect(digest).to.equal(await digestOf(repository, 'v1'));
    expect(wrong.result.images[0]!.failure, JSON.stringify(wrong.result)).to.include({
      kind: 'push_refused',
    });
    expect(wrong.result.images[0]!.failure!.reason).to.contain('401');
  });
});

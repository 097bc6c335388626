import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { expect } from 'chai';

import type { ContextSource, ImageRegistries } from '../../generator/ports.js';
import { prepareRun, type PreparedRun } from '../../generator/run.js';
import type { Settings } from '../../schema/index.js';
import { personalRegistries, serverRegistries } from '../../stores/registry/from-settings.js';
import { Registry } from '../fixtures/registry.js';
import { certificate } from '../fixtures/tls.js';
import { registryToken, tokenAnswer } from '../fixtures/token-server.js';
import { requestOf, testSettings, uniqueName } from './support/build.js';
import { environment, need } from './support/environment.js';
import { BUSYBOX, folder, project, removeFolders } from './support/project.js';
import { proxyTo, serve, type TestServer } from './support/proxy.js';
import { dockerConfig, loginSecret, manifestWithLogin } from './support/registry-login.js';
import { buildOrReuse, decisionsOf, imageOf, pinned, podsOf } from './support/reuse.js';

const LOGIN = { username: 'builder', password: 'open sesame' };

/** A registry with a token server, as builds reach both, and its repository of one image. */
describe('reuse from a registry that gives tokens for a login', () => {
  const servers: TestServer[] = [];
  const name = uniqueName('tokens');
  let registry: Registry;
  let host: string;
  let source: ContextSource;

  before(async function () {
    const { nodeAddress } = environment;
    need(this, nodeAddress, 'address of this machine for pods (KFOPS_TEST_NODE_ADDRESS)');
    need(this, environment.adminKubeconfig, 'admin (KFOPS_TEST_ADMIN_KUBECONFIG)');
    const tokens = await serve(nodeAddress, ({ url = '', headers }, response) => {
      const { status, body } = tokenAnswer(url, headers.authorization, LOGIN);
      response.writeHead(status, { 'content-type': 'application/json' }).end(body);
    });
    servers.push(tokens);
    registry = await Registry.start(this, {
      token: { realm: `http://${tokens.address}/token`, certificate },
    });
    const front = await serve(
      nodeAddress,
      proxyTo(registry.host, () => false),
    );
    servers.push(front);
    host = front.address;
    source = await project(
      { path: name, registry: host, images: [{ name: 'app', cache: false }] },
      {
        'app/Dockerfile': `FROM ${await pinned(BUSYBOX)}\nRUN echo app\n`,
        'config_files/kaniko-manifest.yaml': manifestWithLogin(await loginSecret(dockerConfig(host, LOGIN))),
      },
    );
  });
  after(async () => {
    await Promise.all(servers.map((server) => server.close()));
    await (registry as Registry | undefined)?.stop();
    await removeFolders();
  });

  /** A folder with a config.json of Docker. */
  function loggedIn(password: string): Promise<string> {
    return folder({ 'config.json': dockerConfig(host, { ...LOGIN, password }) });
  }

  /** As the command asks: with the login of Docker's config.json in this folder. */
  function personal(DOCKER_CONFIG: string, settings: Settings = testSettings()): ImageRegistries {
    return personalRegistries(settings, { signal: new AbortController().signal, env: { DOCKER_CONFIG } });
  }

  /** A token lasts five minutes. */
  function digestOf(tag: string): Promise<string | undefined> {
    registry.authorization = `Bearer ${registryToken(`repository:${name}/app:pull`)}`;
    return registry.digestOf(`${name}/app`, tag);
  }

  function planWith(registries: ImageRegistries): Promise<PreparedRun> {
    return prepareRun(requestOf(), { source, registries });
  }

  it('builds once, and reuses with the login of Docker’s config.json or of the settings', async () => {
    const right = await loggedIn(LOGIN.password);
    const first = await buildOrReuse(source, { tag: 'v1' }, personal(right));
    expect(podsOf(first)).to.deep.equal(['app']);
    const { digest } = imageOf(first, 'app');
    expect(await digestOf('v1')).to.equal(digest);

    const settings = testSettings();
    settings.registry.credentials_file = join(right, 'config.json');
    settings.registries = [host];
    const signal = new AbortController().signal;
    for (const registries of [
      personal(right),
      personal(await folder({}), settings),
      serverRegistries(settings, { signal, env: {} }),
    ]) {
      const { plan } = await planWith(registries);
      expect(plan.images[0]?.decision).to.include({ action: 'reuse', digest });
    }

    const second = await buildOrReuse(source, { tag: 'v2' }, personal(right));
    expect(podsOf(second)).to.deep.equal([]);
    expect(imageOf(second, 'app')).to.include({ state: 'reused', digest });
    // The step in the cluster puts the tag, with the login of the builds.
    expect(await digestOf('v2')).to.equal(digest);
  });

  it('builds with a wrong password, without one and with a broken file, and says why', async () => {
    const wrong = await loggedIn('guess');
    const broken = await folder({});
    await writeFile(join(broken, 'config.json'), '{');
    for (const [config, why] of [
      [wrong, 'the login was refused (401 UNAUTHORIZED: who are you)'],
      [await folder({}), 'a login is needed (401 UNAUTHORIZED: who are you)'],
      [broken, 'is not a JSON object'],
    ] as const) {
      const { app } = decisionsOf(await planWith(personal(config)));
      expect(app).to.include('can’t look it up in the registry').and.include(why);
    }
    const built = await buildOrReuse(source, { tag: 'v3' }, personal(wrong));
    expect(podsOf(built)).to.deep.equal(['app']);
    expect(await digestOf('v3')).to.equal(imageOf(built, 'app').digest);
  });
});

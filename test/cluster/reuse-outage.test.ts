import { expect } from 'chai';

import { submitRun } from '../../generator/run.js';
import { portsOf, uniqueName } from './support/build.js';
import { environment, need } from './support/environment.js';
import { BUSYBOX, removeFolders } from './support/project.js';
import { proxyTo, serve, type TestServer } from './support/proxy.js';
import { digestOf } from './support/registry.js';
import {
  buildOrReuse,
  decisionsOf,
  imageOf,
  pinned,
  plan,
  podsOf,
  singleImages,
  succeeded,
} from './support/reuse.js';

after(removeFolders);

/** A registry that does not answer for a while. */
interface Outage {
  /** `host:port` */
  readonly registry: string;
  readonly begin: () => Promise<void>;
  readonly end: () => Promise<void>;
  /** What a plan says of it. */
  readonly says: RegExp;
}

describe('a registry that does not answer while a build is planned', () => {
  const servers: TestServer[] = [];
  after(() => Promise.all(servers.map((server) => server.close())));

  /** Requests get no answer, or this one, until it ends. */
  async function silent(host: string, status?: number): Promise<Outage> {
    let isOut = false;
    const server = await serve(
      host,
      proxyTo(environment.registry, (_, response) => {
        if (isOut && status !== undefined) response.writeHead(status).end();
        return isOut;
      }),
    );
    servers.push(server);
    const turn = (out: boolean) => (): Promise<void> => {
      isOut = out;
      return Promise.resolve();
    };
    const says =
      status === undefined ? /it did not answer in time/ : new RegExp(`it answered with ${status}`);
    return { registry: server.address, begin: turn(true), end: turn(false), says };
  }

  /** Nothing listens at its address until it ends. */
  async function down(host: string): Promise<Outage> {
    const handler = proxyTo(environment.registry, () => false);
    let server = await serve(host, handler);
    const { address } = server;
    servers.push({ address, close: () => server.close() });
    return {
      registry: address,
      begin: () => server.close(),
      end: async () => {
        server = await serve(host, handler, { port: Number(address.split(':')[1]) });
      },
      says: /the connection was refused/,
    };
  }

  it('builds everything, says why, and does not fail', async function () {
    const host = environment.nodeAddress;
    need(this, host, 'address of this machine for pods (KFOPS_TEST_NODE_ADDRESS)');
    const path = uniqueName('outage');
    // Its digest is known without a registry.
    const base = await pinned(BUSYBOX);
    const first = await buildOrReuse(await singleImages(path, ['app'], { base }));

    const outages = await Promise.all([down(host), silent(host, 503), silent(host)]);
    const built = await Promise.all(
      outages.map(async ({ registry, begin, end, says }) => {
        const source = await singleImages(path, ['app'], { registry, base });
        expect(decisionsOf(await plan(source))).to.deep.equal({ app: 'unchanged' });
        await begin();
        const prepared = await plan(source);
        await end();
        const { app = '' } = decisionsOf(prepared);
        expect(app)
          .to.include(`can’t look it up in the registry: Registry at http://${registry}: `)
          .and.match(says);
        return succeeded(await submitRun(prepared, portsOf(source)));
      }),
    );
    for (const each of built) {
      expect(podsOf(each)).to.deep.equal(['app']);
      const { repository: pushed, digest } = imageOf(each, 'app');
      expect(await digestOf(pushed, digest ?? '')).to.equal(digest);
      expect(digest).to.not.equal(imageOf(first, 'app').digest);
    }
    const { registry } = outages[0];
    expect(decisionsOf(await plan(await singleImages(path, ['app'], { registry, base })))).to.deep.equal({
      app: 'unchanged',
    });
  });
});

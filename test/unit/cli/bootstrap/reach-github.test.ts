import { createServer } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo, Server } from 'node:net';

import { expect } from 'chai';

import { reachGitHub } from '../../../../cli/bootstrap/reach-github.js';
import { ServiceError } from '../../../../schema/index.js';
import { certificate, key } from '../../../fixtures/tls.js';

const interrupt = new AbortController();

/** What is told of a GitHub that such a server plays; undefined when it is reached. */
async function told(server: Server, scheme: 'http' | 'https' = 'http'): Promise<string | undefined> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = `${scheme}://127.0.0.1:${(server.address() as AddressInfo).port}/api/v3`;
  try {
    await reachGitHub({ api: address, web: address }, interrupt.signal);
    return undefined;
  } catch (error) {
    expect(error).to.be.instanceOf(ServiceError).and.to.include({ address });
    const { message, nextStep } = error as ServiceError;
    return `${message} ${nextStep}`;
  } finally {
    server.close();
  }
}

describe('whether GitHub is reached before an App is made', () => {
  it('is so with any answer: GitHub Enterprise Server may ask for a login', async () => {
    expect(await told(createServer((_, response) => response.writeHead(401).end()))).to.equal(undefined);
  });

  it('names the variable for an authority that this machine does not know', async () => {
    const server = createTlsServer({ cert: certificate, key }, (_, response) => response.end());
    expect(await told(server, 'https')).to.include('NODE_EXTRA_CA_CERTS=FILE');
  });

  it('names the address and the way where nobody answers', async () => {
    const closes = createServer((request) => request.socket.destroy());
    expect(await told(closes))
      .to.include("can't reach it")
      .and.to.include('firewall');
  });
});

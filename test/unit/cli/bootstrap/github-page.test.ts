import { createServer, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

import { expect } from 'chai';

import { makeApp } from '../../../../cli/bootstrap/github-page.js';
import type { GitHubCredentials } from '../../../../cli/bootstrap/choices.js';
import { ServiceError } from '../../../../schema/index.js';
import { manifestForm } from '../../../support/manifest-form.js';

const APP = {
  id: 4711,
  name: 'kfops-acme',
  html_url: 'https://github.com/apps/kfops-acme',
  pem: '-----BEGIN RSA PRIVATE KEY-----\ncanaryKey\n-----END RSA PRIVATE KEY-----\n',
  webhook_secret: 'canary-webhook',
};

/** What a browser sees. */
interface Page {
  readonly status: number;
  readonly body: string;
}

async function get(address: string): Promise<Page> {
  const response = await fetch(address);
  return { status: response.status, body: await response.text() };
}

describe('the page of kfops bootstrap that makes a GitHub App', () => {
  let github: Server;
  let interrupt: AbortController;
  beforeEach(async () => {
    interrupt = new AbortController();
    github = createServer((_, response) => response.writeHead(201).end(JSON.stringify(APP)));
    await new Promise<void>((resolve) => github.listen(0, '127.0.0.1', resolve));
  });
  afterEach(() => {
    github.closeAllConnections();
    github.close();
  });

  /** Starts the page; `opened` is its address. */
  function start(keep: (credentials: GitHubCredentials) => Promise<string>) {
    const api = `http://127.0.0.1:${(github.address() as AddressInfo).port}`;
    const unrepeatable = new Set<Promise<unknown>>();
    let announce: (address: string) => void = () => undefined;
    const opened = new Promise<string>((resolve) => (announce = resolve));
    const made = makeApp(
      { interrupted: interrupt.signal, unrepeatable },
      { github: { api, web: api }, url: 'https://kfops.acme.com', announce, keep },
    ).catch((error: unknown) => error);
    return { opened, made, unrepeatable };
  }

  it('sends deliveries to the server and the browser back here, and stores the keys', async () => {
    const kept: GitHubCredentials[] = [];
    const { opened, made } = start((credentials) => {
      kept.push(credentials);
      return Promise.resolve('the Secret kfops-github in kfops-system');
    });
    const address = await opened;
    expect(address).to.match(/^http:\/\/127\.0\.0\.1:\d+\/setup\?code=[\w-]{32}$/);
    const { manifest, state } = await manifestForm(address);
    expect(manifest).to.deep.include({
      hook_attributes: { url: 'https://kfops.acme.com/webhook', active: true },
      redirect_url: `${new URL(address).origin}/setup/done`,
    });

    const done = await get(`${new URL(address).origin}/setup/done?code=abc&state=${state}`);
    expect(done.body)
      .to.include('the Secret kfops-github in kfops-system')
      .and.to.include('/installations/new');
    expect(done.body).not.to.include('canary');
    expect(kept).to.deep.equal([
      { kind: 'app', id: 4711, privateKey: APP.pem, webhookSecret: APP.webhook_secret },
    ]);
    expect(await made).to.deep.include({ id: 4711, name: 'kfops-acme' });
  });

  it('takes only a state that it gave, and only its own code', async () => {
    const { opened, made } = start(() => Promise.reject(new Error('not called')));
    const address = await opened;
    const { origin } = new URL(address);
    expect((await get(`${origin}/setup?code=wrong`)).status).to.equal(403);
    expect((await get(`${origin}/setup/done?code=abc&state=wrong`)).status).to.equal(403);
    expect((await get(`${origin}/webhook`)).status).to.equal(404);
    expect((await fetch(address, { method: 'POST' })).status).to.equal(405);
    interrupt.abort('SIGINT');
    expect(await made).to.equal('SIGINT');
  });

  it('names the App to delete when its keys cannot be stored, and not the keys', async () => {
    const { opened, made, unrepeatable } = start(() =>
      Promise.reject(new ServiceError('Kubernetes API', 'https://k8s', 'it refused', 'try')),
    );
    const address = await opened;
    const { state } = await manifestForm(address);
    const page = await get(`${new URL(address).origin}/setup/done?code=abc&state=${state}`);
    expect(page.status).to.equal(502);
    expect(page.body).to.include('Delete the App kfops-acme on GitHub').and.not.to.include('canary');
    const error = await made;
    expect(error).to.be.instanceOf(ServiceError);
    expect((error as ServiceError).message)
      .to.include('it refused')
      .and.not.to.include('canary');
    expect(unrepeatable.size).to.equal(0);
  });

  it('is kept alive by Ctrl-C until the keys are stored', async () => {
    let store: (place: string) => void = () => undefined;
    const storing = new Promise<string>((resolve) => (store = resolve));
    const { opened, made, unrepeatable } = start(() => storing);
    const address = await opened;
    const { state } = await manifestForm(address);
    const answered = get(`${new URL(address).origin}/setup/done?code=abc&state=${state}`);
    while (unrepeatable.size === 0) await new Promise(setImmediate);
    interrupt.abort('SIGINT');
    const [work] = unrepeatable;
    store('the Secret');
    await work;
    expect((await answered).status).to.equal(200);
    await made;
    expect(unrepeatable.size).to.equal(0);
  });

  it('is kept alive by Ctrl-C while GitHub has not given the keys yet', async () => {
    let give: () => void = () => undefined;
    const exchanging = new Promise<void>((resolve) => {
      github.removeAllListeners('request').on('request', (_, response: ServerResponse) => {
        give = () => response.writeHead(201).end(JSON.stringify(APP));
        resolve();
      });
    });
    const kept: GitHubCredentials[] = [];
    const { opened, made, unrepeatable } = start((credentials) => {
      kept.push(credentials);
      return Promise.resolve('the Secret');
    });
    const address = await opened;
    const { state } = await manifestForm(address);
    const answered = get(`${new URL(address).origin}/setup/done?code=abc&state=${state}`);
    await exchanging;
    interrupt.abort('SIGINT');
    expect(await made).to.equal('SIGINT');
    const [work] = unrepeatable;
    give();
    expect(work).not.to.equal(undefined);
    await work;
    expect(kept).to.have.length(1);
    expect((await answered).status).to.equal(200);
    expect(unrepeatable.size).to.equal(0);
  });
});

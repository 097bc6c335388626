import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

import { expect } from 'chai';

import { defaultSettings, type Settings } from '../../../schema/index.js';
import type { HttpResponse } from '../../../server/http/listener.js';
import { createLog } from '../../../server/telemetry/log.js';
import { metrics } from '../../../server/telemetry/metrics.js';
import { serveSetup } from '../../../server/setup/serve-setup.js';
import { openSetup, type Setup } from '../../../server/setup/setup.js';
import { formOf, type ManifestForm } from '../../support/manifest-form.js';

const APP = {
  id: 4711,
  name: 'kfops <b>',
  html_url: 'https://github.com/apps/kfops',
  pem: '-----BEGIN RSA PRIVATE KEY-----\ncanaryKey\n-----END RSA PRIVATE KEY-----\n',
  webhook_secret: 'canary"secret',
  client_secret: 'canaryClient',
};

describe('the set-up', () => {
  let github: Server;
  let asked: string[];
  let answer: (request: IncomingMessage, response: ServerResponse) => void;
  let settings: Settings['server'];
  let lines: string[];
  let setup: Setup;

  beforeEach(async () => {
    asked = [];
    lines = [];
    answer = (_, response) => response.writeHead(201).end(JSON.stringify(APP));
    github = createServer((request, response) => {
      asked.push(`${request.method} ${request.url}`);
      answer(request, response);
    });
    await new Promise<void>((resolve) => github.listen(0, '127.0.0.1', resolve));
    settings = defaultSettings().server;
    settings.url = 'https://kfops.example.com/';
    settings.github.api_url = `http://127.0.0.1:${(github.address() as AddressInfo).port}`;
    setup = open()!;
  });
  afterEach(() => {
    github.closeAllConnections();
    github.close();
  });

  function open(env: Record<string, string> = {}): Setup | undefined {
    const log = createLog({ level: 'trace', to: { write: (line: string) => lines.push(line) > 0 } });
    return openSetup({ settings, log, env });
  }
  const get = async (path: string): Promise<HttpResponse> => {
    const page = await setup.pages(new URL(path, 'http://server'));
    if (!page) throw new Error(`no page ${path}`);
    return page;
  };
  const code = (): string => new URL(setup.address(8080)).searchParams.get('code')!;
  const form = ({ body }: HttpResponse): ManifestForm => formOf(body);
  const start = async (): Promise<string> => form(await get(`/setup?code=${code()}`)).state;

  it('is there only while neither an App nor a token is configured', () => {
    settings.github.app = { id: 1, private_key_file: 'key' };
    expect(open()).to.equal(undefined);
    delete settings.github.app;
    settings.github.token_file = 'token';
    expect(open()).to.equal(undefined);
    delete settings.github.token_file;
    expect(open()).not.to.equal(undefined);
  });

  it('has an address with a code of its own each time', () => {
    expect(setup.address(8080)).to.match(/^https:\/\/kfops\.example\.com\/setup\?code=[\w-]{32}$/);
    expect(open()!.address(1)).not.to.equal(setup.address(1));
    delete settings.url;
    expect(open()!.address(8080)).to.match(/^http:\/\/localhost:8080\/setup\?code=/);
  });

  it('sends GitHub the manifest of an App with just the rights and events that are needed', async () => {
    const { action, manifest, state } = form(await get(`/setup?code=${code()}`));
    expect(action.href).to.equal(`${settings.github.api_url}/settings/apps/new?state=${state}`);
    expect(state).to.match(/^[\w-]{32}$/);
    expect(manifest).to.deep.equal({
      name: 'kfops-example-com',
      url: 'https://kfops.example.com',
      hook_attributes: { url: 'https://kfops.example.com/webhook', active: true },
      redirect_url: 'https://kfops.example.com/setup/done',
      public: false,
      default_permissions: {
        contents: 'read',
        pull_requests: 'write',
        issues: 'write',
        checks: 'write',
        metadata: 'read',
      },
      default_events: ['issue_comment', 'pull_request', 'push'],
    });
  });

  it('makes it for an organization, too', async () => {
    const { action, manifest } = form(await get(`/setup?code=${code()}&organization=my-team`));
    expect(action.pathname).to.equal('/organizations/my-team/settings/apps/new');
    expect(manifest.name).to.equal('kfops-my-team');
    for (const name of ['a/b', '../x', '-x', '<b>', 'x'.repeat(40)]) {
      const page = await get(`/setup?code=${code()}&organization=${encodeURIComponent(name)}`);
      expect([name, page.status]).to.deep.equal([name, 400]);
    }
  });

  it('knows an Enterprise Server by the settings or the environment', async () => {
    delete settings.github.api_url;
    setup = open({ GITHUB_API_URL: 'https://github.example.com/api/v3' })!;
    expect(form(await get(`/setup?code=${code()}`)).action.host).to.equal('github.example.com');
    setup = open()!;
    expect(form(await get(`/setup?code=${code()}`)).action.host).to.equal('github.com');
  });

  it('says so where the settings do not name the address of the server', async () => {
    delete settings.url;
    setup = open()!;
    const page = await get(`/setup?code=${code()}`);
    expect(page.status).to.equal(409);
    expect(page.body).to.include('server.url');
  });

  it('shows the keys once, with the lines to add to the settings', async () => {
    const state = await start();
    const page = await get(`/setup/done?code=abc123&state=${state}`);
    expect(asked).to.deep.equal(['POST /app-manifests/abc123/conversions']);
    expect(page.status).to.equal(200);
    for (const text of [
      'canaryKey\n',
      'canary&#34;secret',
      'id: 4711',
      'kfops &#60;b&#62;',
      '/installations/new',
    ]) {
      expect(page.body).to.include(text);
    }
    expect(page.body, 'what nothing needs').not.to.include('canaryClient');
    for (const path of [`/setup?code=${code()}`, `/setup/done?code=abc123&state=${state}`]) {
      expect((await get(path)).status, path).to.equal(410);
    }
    expect(asked).to.have.length(1);
  });

  it('tells what GitHub refused, and lets it be begun anew', async () => {
    for (const bad of [
      (_: IncomingMessage, response: ServerResponse) => response.writeHead(404).end('{}'),
      (_: IncomingMessage, response: ServerResponse) => response.writeHead(201).end('no JSON'),
      (_: IncomingMessage, response: ServerResponse) => response.writeHead(201).end('{"id": 1}'),
      (_: IncomingMessage, response: ServerResponse) =>
        response.writeHead(302, { location: 'http://127.0.0.1:1/' }).end(),
      (request: IncomingMessage) => request.socket.destroy(),
    ]) {
      answer = bad;
      const page = await get(`/setup/done?code=abc&state=${await start()}`);
      expect(page.status).to.equal(502);
      expect(page.body).to.include('start over');
    }
    answer = (_, response) => response.writeHead(201).end(JSON.stringify(APP));
    expect((await get(`/setup/done?code=abc&state=${await start()}`)).status).to.equal(200);
  });

  it('takes a state once, and only one that it gave', async () => {
    const state = await start();
    answer = (_, response) => response.writeHead(500).end();
    expect((await get(`/setup/done?code=abc&state=${state}`)).status).to.equal(502);
    for (const path of [
      `/setup/done?code=abc&state=${state}`,
      '/setup/done?code=abc&state=',
      '/setup/done?code=abc',
      `/setup/done?code=${encodeURIComponent('../x')}&state=${await start()}`,
      `/setup/done?state=${await start()}`,
    ]) {
      expect((await get(path)).status, path).to.equal(403);
    }
    expect(asked).to.have.length(1);
  });

  it('closes after ten wrong codes, for the right one, too', async () => {
    expect((await get('/setup')).status).to.equal(403);
    for (let i = 0; i < 9; i++) expect((await get(`/setup?code=${code()}x`)).status).to.equal(403);
    expect((await get(`/setup?code=${code()}`)).status).to.equal(200);
    expect((await get('/setup/done?code=abc&state=wrong')).status).to.equal(403);
    const page = await get(`/setup?code=${code()}`);
    expect(page.status).to.equal(403);
    expect(page.body).to.include('Restart the server');
    expect(lines.join('')).to.include('too many wrong codes');
  });

  it('has pages without a script, and nothing of them leaves them', async () => {
    for (const page of [
      await get(`/setup?code=${code()}`),
      await get('/setup?code=wrong'),
      await get(`/setup/done?code=abc&state=${await start()}`),
    ]) {
      expect(page.body).not.to.match(/<script| on[a-z]+=| style="|\bsrc=/);
      const policy = page.headers?.['content-security-policy'];
      expect(policy).to.match(/^default-src 'none'; style-src 'sha256-[A-Za-z0-9+/]{43}='; form-action /);
      expect(policy).to.include("frame-ancestors 'none'");
      expect(page.headers?.['referrer-policy']).to.equal('strict-origin');
      expect(page.body).to.match(/^<!doctype html>\n<html lang="en">/);
    }
  });

  it('threat 30: neither the code nor a key gets into the log', async () => {
    answer = (_, response) => response.writeHead(404).end();
    await get(`/setup/done?code=githubCanary&state=${await start()}`);
    answer = (request) => request.socket.destroy();
    await get(`/setup/done?code=githubCanary&state=${await start()}`);
    answer = (_, response) => response.writeHead(201).end(JSON.stringify(APP));
    await get('/setup?code=wrongCanary');
    await get(`/setup/done?code=githubCanary&state=${await start()}`);
    expect(lines).to.have.length(3);
    expect(lines.join('')).not.to.match(/canary/i);
    expect(lines.join('')).not.to.include(code());
    expect(lines.join('')).to.include('4711');
  });

  it('is served alone, and says so to whoever watches the server', async () => {
    Object.assign(settings, { address: '127.0.0.1', port: 0 });
    delete settings.url;
    const log = createLog({ level: 'info', to: { write: (line: string) => lines.push(line) > 0 } });
    const ending = new AbortController();
    const { signal } = ending;
    const address = new Promise<string>((announce) => {
      void serveSetup({ settings, env: {}, log, metrics: metrics(), announce, signal });
    });
    const base = new URL(await address);
    expect((await fetch(base)).status, 'the settings name no address').to.equal(409);
    const status = async (path: string, method = 'GET'): Promise<number> =>
      (await fetch(new URL(path, base), { method })).status;
    expect([
      await status('/healthz'),
      await status('/readyz'),
      await status('/webhook', 'POST'),
    ]).to.deep.equal([200, 503, 503]);
    ending.abort();
    settings.github.token_file = 'token';
    const other = await serveSetup({
      settings,
      env: {},
      log,
      metrics: metrics(),
      announce: () => undefined,
      signal,
    });
    expect(other).to.equal(false);
    expect(lines.join('')).not.to.include(base.searchParams.get('code'));
  });
});

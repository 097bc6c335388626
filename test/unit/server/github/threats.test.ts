import { expect } from 'chai';
import { once } from 'node:events';
import { chmodSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';

import { WorkError, defaultSettings, type Settings } from '../../../../schema/index.js';
import { gitHubAddress } from '../../../../server/github/address.js';
import { githubFor, GitHubError } from '../../../../server/github/index.js';
import type { Permission } from '../../../../server/ports.js';
import { createLog } from '../../../../server/telemetry/log.js';
import type { GitHubRole } from '../../../fixtures/github/index.js';
import { failure, scene, type Scene } from './setup.js';

describe('threats: GitHub', () => {
  let here: Scene;
  beforeEach(async () => {
    here = await scene();
  });
  afterEach(() => here.end());

  describe('threat 3: no token leaves for another host', () => {
    let elsewhere: ReturnType<typeof createServer>;
    let visits: string[];
    let address: string;
    beforeEach(async () => {
      visits = [];
      elsewhere = createServer((request, response) => {
        visits.push(request.headers.authorization ?? 'nothing');
        response.writeHead(200, { 'content-type': 'application/json' }).end('[]');
      }).listen(0, '127.0.0.1');
      await once(elsewhere, 'listening');
      address = `http://127.0.0.1:${(elsewhere.address() as AddressInfo).port}`;
    });
    afterEach(() => elsewhere.close());

    for (const status of [301, 302, 307, 308]) {
      it(`${status} to another host is an error`, async () => {
        const { github, server, ref, until } = here;
        server.misbehave(
          { status, headers: { location: `${address}/repos/team/iris/pulls/1` } },
          { when: ({ path }) => path.endsWith('/pulls/1') },
        );
        const error = await failure(until(github.pullRequests.read(ref)));
        expect(error).to.be.instanceOf(GitHubError);
        expect(error.message).to.include(address);
        expect(visits).to.eql([]);
      });
    }

    it('a next page elsewhere is not gone to', async () => {
      const { github, server, ref, until } = here;
      const link = `<${address}/repos/team/iris/issues/1/comments?page=2>; rel="next"`;
      server.misbehave(
        { status: 200, headers: { link }, body: [] },
        { when: ({ path }) => path.endsWith('/comments') },
      );
      expect(await until(github.comments.list(ref, 1))).to.eql([]);
      expect(visits).to.eql([]);
      expect(server.calls.at(-1)?.query.get('page')).to.equal('2');
    });
  });

  it('a name cannot lead to another resource', async () => {
    const { github, server, repository, until } = here;
    for (const name of ['..', '.', '%2e%2e', '../other', 'a/b', 'iris?x=1', 'iris#x']) {
      const calls = server.calls.length;
      const found = await until(
        github.repository('team', name).catch((error: unknown) => {
          expect(error).to.be.instanceOf(GitHubError);
          return undefined;
        }),
      );
      expect(found, name).to.equal(undefined);
      for (const { path } of server.calls.slice(calls))
        expect(path, name).to.match(/^\/repos\/team\/[^/]+\/installation$/);
    }
    const error = await failure(until(github.people.permission(repository, '..')));
    expect(error).to.be.instanceOf(GitHubError);
    server.problems.length = 0;
  });

  describe('threat 7: permission', () => {
    const roles: readonly (readonly [GitHubRole, Permission])[] = [
      ['none', 'none'],
      ['read', 'read'],
      ['triage', 'triage'],
      ['write', 'write'],
      ['maintain', 'maintain'],
      ['admin', 'admin'],
      [{ name: 'reviewer', base: 'triage' }, 'read'],
      [{ name: 'releaser', base: 'maintain' }, 'write'],
      // What an organisation calls a role says nothing of what it may do.
      [{ name: 'admin', base: 'read' }, 'read'],
      [{ name: 'maintain', base: 'triage' }, 'read'],
      [{ name: '__proto__', base: 'read' }, 'read'],
    ];
    for (const [role, permission] of roles) {
      it(`${typeof role === 'string' ? role : `${role.name}, built on ${role.base}`} ⇒ ${permission}`, async () => {
        const { github, server, shown, repository, until } = here;
        server.world.setRole(shown, 'alice', role);
        expect(await until(github.people.permission(repository, 'alice'))).to.equal(permission);
      });
    }

    it('somebody whom GitHub does not know ⇒ none', async () => {
      const { github, repository, until } = here;
      expect(await until(github.people.permission(repository, 'nobody-at-all'))).to.equal('none');
    });

    it('an answer of another form ⇒ none', async () => {
      const { github, server, repository, until } = here;
      for (const body of [
        {},
        { permission: 'owner', role_name: 'owner' },
        { permission: true, role_name: 'admin' },
      ]) {
        server.misbehave({ status: 200, body }, { when: ({ path }) => path.endsWith('/permission') });
        expect(await until(github.people.permission(repository, 'alice'))).to.equal('none');
      }
    });

    it('500, an answer that is no JSON, no answer ⇒ an error', async () => {
      const { github, server, repository, until } = here;
      const when = ({ path }: { path: string }): boolean => path.endsWith('/permission');
      const html = { status: 200, headers: { 'content-type': 'text/html' }, body: 'Welcome' };
      for (const fault of [{ status: 500 }, html, { cut: 'before' }] as const) {
        server.misbehave(fault, { when, times: Infinity });
        expect(await failure(until(github.people.permission(repository, 'alice')))).to.be.instanceOf(
          GitHubError,
        );
        server.recover();
      }
    });

    it('is asked anew each time', async () => {
      const { github, server, shown, repository, until } = here;
      server.world.setRole(shown, 'alice', 'write');
      expect(await until(github.people.permission(repository, 'alice'))).to.equal('write');
      server.world.setRole(shown, 'alice', 'none');
      expect(await until(github.people.permission(repository, 'alice'))).to.equal('none');
    });
  });

  it('the token for git reads one repository and nothing else', async () => {
    const { github, server, shown, repository, clock, until } = here;
    const other = server.world.addRepository('team/other');
    const token = await until(github.git.token(repository));
    const given = server.world.tokens.get(token!)!;
    expect(given.permissions).to.eql({ contents: 'read' });
    expect(given.repositories).to.eql([shown.id]);
    expect(server.world.mayFetch(token!, other)).to.equal(false);
    expect(await until(github.git.token(repository))).to.equal(token);
    // Half an hour later it is still good for ten minutes, and after that there is another.
    for (const minutes of [39, 6]) {
      clock.advance(minutes * 60_000);
      const left = server.world.tokens.get((await until(github.git.token(repository)))!)!.expiresAt.getTime();
      expect(left - clock.now()).to.be.at.least(600_000);
    }
    expect(await until(github.git.token(repository))).not.to.equal(token);
  });

  describe('threat 30: no secret in logs or errors', () => {
    for (const as of ['app', 'token'] as const) {
      it(as === 'app' ? 'of an App' : 'of a token', async function () {
        this.timeout(120_000);
        const it = await scene({ as });
        try {
          const { github, server, ref, repository, until, log, folder } = it;
          const errors: unknown[] = [];
          await until(github.comments.create(ref, 'hello', 'record'));
          await until(github.git.token(repository));
          for (const fault of [
            { status: 403 },
            { status: 422 },
            { status: 500 },
            { cut: 'before' },
          ] as const) {
            server.misbehave(fault, { times: Infinity });
            errors.push(await failure(until(github.pullRequests.read(ref))));
            server.recover();
          }
          await server.down();
          errors.push(await failure(until(github.pullRequests.read(ref))));
          const error = errors[0] as Error;
          const lines: string[] = [];
          const plain = createLog({ level: 'debug', to: { write: (line: string) => lines.push(line) > 0 } });
          for (const each of errors) plain.error({ err: each }, 'failed');
          const { inspect } = await import('node:util');
          const said = [
            ...log,
            ...lines,
            ...errors.map((each) => inspect(each, { depth: 10, showHidden: true })),
          ].join('\n');
          expect(error).to.be.instanceOf(GitHubError);
          const secrets = [
            ...server.world.tokens.keys(),
            ...server.calls.map(({ authorization = '' }) => authorization.split(' ')[1] ?? ''),
          ];
          expect(secrets.length).to.be.greaterThan(2);
          for (const secret of secrets) expect(said).not.to.include(secret);
          expect(said).not.to.include(server.privateKey.split('\n')[3]);
          expect(said).not.to.match(/authorization/i);
          expect(folder).not.to.equal('');
        } finally {
          await it.end();
        }
      });
    }

    it('a file that holds something else is not quoted', async () => {
      const file = join(here.folder, 'not-a-key');
      writeFileSync(file, '-----BEGIN RSA PRIVATE KEY-----\ncanary\n-----END RSA PRIVATE KEY-----\n');
      const error = await failure(start({ app: { id: 1, private_key_file: file } }));
      expect(error).to.be.instanceOf(WorkError);
      expect(error.message).to.equal(`${file} does not hold a private key`);
      expect(JSON.stringify(error)).not.to.include('canary');
    });
  });

  describe('files and addresses', () => {
    it('an exchanged token is used from then on; one that cannot be read keeps its last value', async () => {
      const it = await scene({ as: 'token' });
      try {
        const { github, server, repository, folder, log, until } = it;
        expect((await until(github.people.me(repository))).login).to.equal('machine');
        const file = join(folder, 'secret');
        writeFileSync(file, server.world.addToken('another').token);
        expect((await until(github.people.me(repository))).login).to.equal('another');
        writeFileSync(file, '');
        expect((await until(github.people.me(repository))).login).to.equal('another');
        expect(log.join('')).to.include('keeping the previous one');
      } finally {
        await it.end();
      }
    });

    it('says what is wrong with the settings and their files', async () => {
      const missing = join(here.folder, 'missing');
      const empty = join(here.folder, 'empty');
      writeFileSync(empty, '\n');
      chmodSync(empty, 0o600);
      const messages = await Promise.all(
        [
          { token_file: missing },
          { app: { id: 1, private_key_file: missing } },
          { token_file: empty },
          {},
          { token_file: empty, app: { id: 1, private_key_file: missing } },
        ].map(async (settings) => (await failure(start(settings))).message),
      );
      expect(messages).to.eql([
        `${missing} cannot be read (ENOENT)`,
        `${missing} cannot be read (ENOENT)`,
        `${empty} is empty`,
        'no GitHub credentials are configured',
        'both a GitHub App and a token are configured',
      ]);
    });

    it('finds the address in the settings, then in the environment', () => {
      const env = { GITHUB_API_URL: 'https://ghe.example.com/api/v3/' };
      expect(gitHubAddress({}, {})).to.eql({ api: 'https://api.github.com', web: 'https://github.com' });
      expect(gitHubAddress({}, env)).to.eql({
        api: 'https://ghe.example.com/api/v3',
        web: 'https://ghe.example.com',
      });
      expect(gitHubAddress({ api_url: 'https://api.team.ghe.com' }, env)).to.eql({
        api: 'https://api.team.ghe.com',
        web: 'https://team.ghe.com',
      });
      expect(gitHubAddress({}, { ...env, GITHUB_SERVER_URL: 'http://localhost:3000/' }).web).to.equal(
        'http://localhost:3000',
      );
      for (const bad of ['ghe.example.com', 'ftp://x', 'https://user@x', 'https://x?y', 'https://x#y'])
        expect(() => gitHubAddress({}, { GITHUB_API_URL: bad }), bad).to.throw(WorkError, 'GITHUB_API_URL');
    });
  });
});

async function start(settings: Partial<Settings['server']['github']>): Promise<unknown> {
  const log = createLog({ level: 'error', to: process.stderr });
  return await githubFor({ ...defaultSettings().server.github, ...settings }, { log, env: {} });
}

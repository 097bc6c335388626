import { expect } from 'chai';

import type { GitHubFault, SeenCall } from '../../../fixtures/github/server.js';
import { DoctorScene } from './scene.js';

const PAGE = 'https://github.example.com/organizations/example-org/settings/apps/kfops-test';
const ALL = 'contents: read, pull_requests: write, issues: write, checks: write, metadata: read';

describe('what GitHub gives the server', () => {
  let scene: DoctorScene;

  beforeEach(async () => {
    scene = await DoctorScene.start();
  });
  afterEach(async () => {
    await scene.stop();
    expect(scene.github.problems, 'what GitHub’s description does not allow').to.deep.equal([]);
    expect(scene.github.done('write'), 'nothing is changed').to.deep.equal([]);
    expect(scene.github.done('token'), 'no token is made').to.deep.equal([]);
  });

  /** The lines about one thing. */
  async function about(name: string): Promise<string[]> {
    return (await scene.lines()).filter((line) => line.slice(2).startsWith(name));
  }

  describe('as an App', () => {
    it('is all there', async () => {
      scene.github.world.setup.deliveries.push({
        at: new Date('2026-01-05T09:00:00Z'),
        event: 'issue_comment',
        code: 202,
        status: 'OK',
      });
      expect(await scene.lines()).to.deep.equal([
        '✓ GitHub: API answers; the App is kfops test (https://github.com/apps/kfops-test)',
        `✓ GitHub App: asks for ${ALL}; events issue_comment, pull_request`,
        '✓ Installation in acme: has accepted what the App asks for; acme/churn and acme/vision',
        '✓ Installation in research: has accepted what the App asks for; research/genome',
        '✓ Webhook: https://kfops.example.com/webhook, with a secret',
        '✓ Deliveries: the latest (issue_comment, 2026-01-05T09:00:00Z) was accepted',
      ]);
    });

    it('lacks what its owner has to add, with the page for it', async () => {
      const { asks } = scene.github.world.setup;
      asks.permissions.checks = 'read';
      delete asks.permissions.contents;
      asks.events = ['issue_comment'];
      expect(await scene.lines()).to.include(
        "✗ GitHub App: lacks the permission Contents: read-only (the files of a commit), the permission Checks: read and write (a build's state on its commit; it has read) and the event Pull request (a pull request has new commits, or was closed)" +
          ` → set this at ${PAGE}/permissions (Permissions & events), and save; then the owner of each installation has to accept it`,
      );
      // What the App lacks, nobody can accept.
      expect(await about('Installation in acme')).to.have.length(1);
      expect((await about('Installation in acme'))[0]).to.match(/^✓/);
    });

    it('of a person has another page', async () => {
      const { setup } = scene.github.world;
      setup.owner = { login: 'ada', type: 'User' };
      delete setup.asks.permissions.checks;
      expect((await about('GitHub App'))[0]).to.include(
        '→ set this at https://github.example.com/settings/apps/kfops-test/permissions ',
      );
    });

    it('can do without events for triggers that the settings do not allow', async () => {
      scene.github.world.setup.asks.events = ['issue_comment', 'pull_request'];
      expect(await scene.lines()).to.include(
        `✓ GitHub App: asks for ${ALL}; events issue_comment, pull_request; not push, which only triggers need that these settings don’t allow`,
      );
      scene.server.triggers = { tag: ['build'] };
      expect((await about('GitHub App'))[0]).to.include(
        '✗ GitHub App: lacks the event Push (a branch or tag has',
      );
      scene.github.world.setup.asks.events.push('push');
      expect((await about('GitHub App'))[0]).to.match(/^✓ .*; events issue_comment, pull_request, push$/);
    });

    it('has more than it needs', async () => {
      const { asks } = scene.github.world.setup;
      Object.assign(asks.permissions, { contents: 'write', actions: 'read' });
      asks.events.push('release');
      expect((await scene.lines()).filter((line) => line.startsWith('✗'))).to.deep.equal([]);
    });

    it('is asked for what an installation has not accepted yet', async () => {
      const { setup } = scene.github.world;
      setup.accepted.set('acme', {
        permissions: { ...setup.asks.permissions, checks: 'read' },
        events: ['issue_comment'],
      });
      const [found, ...more] = await about('Installation in acme');
      expect(more).to.deep.equal([]);
      expect(found)
        .to.include('✗ Installation in acme: hasn’t accepted the permission Checks: read and write')
        .and.to.include('; it has read) and the event Pull request (')
        .and.to.match(
          / → an owner of acme has to accept .* at https:\/\/github\.com\/organizations\/acme\/settings\/installations\/\d+ /,
        );
      expect((await about('GitHub App'))[0]).to.match(/^✓/);
      expect((await about('Installation in research'))[0]).to.match(/^✓/);
    });

    it('is suspended', async () => {
      const { suspended } = scene.github.world.setup;
      suspended.set('research', new Date('2026-01-05T09:00:00Z'));
      const found = await about('Installation in research');
      expect(found).to.have.length(1);
      expect(found[0])
        .to.include('✗ Installation in research: is suspended since 2026-01-05T09:00:00Z by research')
        .and.to.match(
          / → click “Unsuspend” at https:\/\/github\.com\/organizations\/research\/settings\/installations\/\d+$/,
        );
    });

    it('is not installed in a repository of the settings, or there is none such', async () => {
      scene.server.repositories = ['acme/churn', 'acme/vision', 'acme/none'];
      scene.github.world.repository('acme/vision')!.installed = false;
      expect(await about('GitHub App: isn’t')).to.deep.equal([
        '✗ GitHub App: isn’t installed in acme/vision and acme/none, or there is no such repository' +
          ' → install it at https://github.com/apps/kfops-test/installations/new, or correct server.repositories in the settings',
      ]);
      expect((await about('Installation in acme'))[0]).to.match(/; acme\/churn$/);
    });
  });

  describe('as its webhook', () => {
    it('is missing', async () => {
      scene.github.world.setup.hook = undefined;
      expect(await about('Webhook')).to.deep.equal([
        '✗ Webhook: the App has none, or it isn’t active: GitHub tells the server nothing' +
          ` → set it to https://kfops.example.com/webhook at ${PAGE} (General → Webhook), and tick “Active”`,
      ]);
      expect(await about('Deliveries')).to.deep.equal([]);
    });

    it('is one that the server refuses, or anybody could read', async () => {
      scene.github.world.setup.hook = {
        url: 'https://kfops.example.com/webhook',
        content_type: 'form',
        insecure_ssl: '1',
      };
      expect((await about('Webhook'))[0])
        .to.match(/^✗/)
        .and.to.include('the content type is form, not application/json, it has no secret, so')
        .and.to.include('and GitHub doesn’t check the server’s certificate');
    });

    it('is at another address than the settings say', async () => {
      scene.server.url = 'https://kfops.acme.com/';
      expect((await about('Webhook'))[0])
        .to.match(/^\? Webhook: is https:\/\/kfops\.example\.com\/webhook/)
        .and.to.include('makes it https://kfops.acme.com/webhook → ');
      delete scene.server.url;
      expect((await about('Webhook'))[0]).to.match(/^✓/);
    });
  });

  for (const [what, fault, expected] of [
    [
      'hangs',
      { stall: true },
      /^✗ GitHub: GitHub at API: GET \/app failed: no answer in time → check that the server can reach GitHub/,
    ],
    [
      'cuts the connection',
      { cut: 'before' },
      /^✗ GitHub: GitHub at API: GET \/app failed: the connection was closed → /,
    ],
    ['fails', { status: 502 }, /^✗ GitHub: .*\(502: Server Error\) → check https:\/\/www\.githubstatus\.com/],
    [
      'refuses the key',
      { status: 401, body: { message: 'A JSON web token could not be decoded' } },
      /^✗ GitHub: .*\(401: A JSON web token could not be decoded\) → check the App’s id and private key/,
    ],
    [
      'has no such App',
      { status: 404 },
      /^✗ GitHub: .*\(404: Not Found\) → check server\.github\.app\.id in the settings/,
    ],
    [
      'limits the rate',
      { status: 403, headers: { 'retry-after': '60' } },
      /^✗ GitHub: .*put off.* → wait until the rate limit resets/,
    ],
  ] satisfies [string, GitHubFault, RegExp][]) {
    it(`is not known if GitHub ${what}`, async () => {
      scene.github.misbehave(fault, { times: Infinity });
      const lines = await scene.lines({ timeoutMs: 'stall' in fault ? 50 : 60_000 });
      expect(lines).to.have.length(1);
      expect(lines[0]).to.match(expected);
    });
  }

  it('is known after one more attempt', async () => {
    scene.github.misbehave({ cut: 'before' });
    expect((await scene.lines()).filter((line) => line.startsWith('✗'))).to.deep.equal([]);
  });

  const ofInstallations = ({ route }: SeenCall): boolean => route.endsWith('/installation');

  it('is known in part, where GitHub refuses to say more', async () => {
    scene.github.misbehave({ status: 403 }, { when: ({ path }) => path.includes('/vision/') });
    scene.github.misbehave(
      { status: 500 },
      { when: ({ route }) => route.includes('/hook/config'), times: 2 },
    );
    const lines = await scene.lines();
    expect(lines.filter((line) => line.startsWith('✗')).map((line) => line.split(' → ')[0])).to.deep.equal([
      '✗ Installations: GitHub at API: GET /repos/acme/vision/installation was refused (403: Refused); 1 repository not checked',
      '✗ Webhook: GitHub at API: GET /app/hook/config was refused (500: Server Error)',
    ]);
    expect(lines).to.include('✓ Installation in acme: has accepted what the App asks for; acme/churn');
  });

  it('is not asked for every repository once GitHub stopped answering', async () => {
    scene.server.repositories = Array.from({ length: 200 }, (_, i) => `acme/r${i}`);
    scene.github.misbehave({ cut: 'before' }, { times: Infinity, when: ofInstallations });
    expect((await about('Installations'))[0]).to.include('; 200 repositories not checked');
    expect(scene.github.calls.filter(ofInstallations).length).to.be.below(20);
  });

  it('takes one pair of credentials, which can be read', async () => {
    const { app } = scene.credentials;
    scene.credentials = { app, token_file: '/nowhere' };
    expect(await scene.lines()).to.deep.equal([
      '✗ GitHub: the settings have both a GitHub App and a token → remove server.github.app or server.github.token_file',
    ]);
    scene.credentials = {};
    expect((await scene.lines())[0]).to.match(
      /^✗ GitHub: the settings have no credentials for GitHub → name the settings/,
    );
    scene.credentials = { app: { id: 1, private_key_file: '/nowhere/key.pem' } };
    expect((await scene.lines())[0]).to.match(
      /^✗ GitHub: \/nowhere\/key\.pem cannot be read \(ENOENT\) → Make the file/,
    );
    expect(scene.github.calls).to.deep.equal([]);
  });
});

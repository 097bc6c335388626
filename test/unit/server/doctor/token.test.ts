import { expect } from 'chai';

import { DoctorScene } from './scene.js';

describe('what GitHub gives the server with a token', () => {
  let scene: DoctorScene;

  beforeEach(async () => {
    scene = await DoctorScene.start();
    for (const repository of scene.github.world.repositories)
      scene.github.world.setRole(repository, 'machine', 'write');
  });
  afterEach(async () => {
    await scene.stop();
    expect(scene.github.problems, 'what GitHub’s description does not allow').to.deep.equal([]);
    expect(scene.github.done('write'), 'nothing is changed').to.deep.equal([]);
  });

  it('is all there with the scope repo, besides the webhooks', async () => {
    scene.useToken('machine', ['repo', 'gist']);
    expect(await scene.lines()).to.deep.equal([
      '✓ GitHub: API answers; the token is of the account machine',
      '✓ Token: has the scopes repo, gist',
      '✓ Repositories: machine can write in acme/churn, acme/vision and research/genome',
      '? Webhook: not checked: with a token, each repository has a webhook of its own' +
        ' → check Settings → Webhooks of each repository: the events “Issue comment” and “Pull request”, application/json, and the secret of server.github.webhook_secret_files',
    ]);
  });

  it('lacks a scope; public repositories need less', async () => {
    scene.useToken('machine', ['public_repo']);
    expect((await scene.lines())[1]).to.match(
      /^✗ Token: has the scopes public_repo, and lacks repo: .* → give the token/,
    );
    scene.server.repositories = ['acme/churn'];
    expect((await scene.lines())[1]).to.equal('✓ Token: has the scopes public_repo');
    scene.useToken('machine', []);
    expect((await scene.lines())[1]).to.include('✗ Token: has the scopes (none), and lacks public_repo: ');
  });

  it('is not known of a fine-grained token', async () => {
    scene.useToken('machine');
    expect((await scene.lines())[1])
      .to.match(/^\? Token: is fine-grained/)
      .and.to.include('Contents: read-only, Pull requests: read and write')
      .and.to.include('Commit statuses: read and write')
      .and.not.to.include('Checks');
  });

  it('needs a role that can write, in repositories that the account sees', async () => {
    const { world } = scene.github;
    world.setRole(world.repository('acme/churn')!, 'machine', 'triage');
    world.setRole(world.repository('acme/vision')!, 'machine', 'none');
    scene.useToken('machine', ['repo']);
    const lines = (await scene.lines()).filter((line) => line.includes('Repositories'));
    expect(lines.map((line) => line.split(' → ')[0])).to.deep.equal([
      '✗ Repositories: the token can’t see acme/vision, or there is no such repository',
      '✗ Repositories: machine has no write permission in acme/churn, which statuses and the permissions of others need',
      '✓ Repositories: machine can write in research/genome',
    ]);
  });

  it('is refused', async () => {
    scene.useToken('machine', ['repo']);
    for (const token of scene.github.world.tokens.values()) token.revoked = true;
    expect(await scene.lines()).to.deep.equal([
      '✗ GitHub: GitHub at API: GET /user was refused (401: Bad credentials) → check the App’s id and private key, or the token, in settings.server.github',
    ]);
  });
});

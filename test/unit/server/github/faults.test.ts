import { expect } from 'chai';

import { GitHubError } from '../../../../server/github/index.js';
import type { SeenCall } from '../../../fixtures/github/index.js';
import { eventually, failure, scene, type Scene } from './setup.js';

/** The call that a fault is meant for: not the ones that find the installation and its token. */
function to(method: string, part: string): (call: SeenCall) => boolean {
  return (call) => call.method === method && call.path.includes(part);
}

async function refusal(promise: Promise<unknown>): Promise<GitHubError> {
  const error = await failure(promise);
  if (error instanceof GitHubError) return error;
  throw error;
}

describe('faults of GitHub', () => {
  let here: Scene;
  beforeEach(async () => {
    here = await scene();
    await here.until(here.github.pullRequests.read(here.ref));
    here.server.calls.length = 0;
  });
  afterEach(() => here.end());

  it('a comment in a locked conversation is refused as such, and not tried again', async () => {
    const { github, server, pull, ref, until } = here;
    pull.locked = true;
    const error = await refusal(until(github.comments.create(ref, 'hello', 'reply')));
    expect(error).to.include({ status: 403, trouble: 'refused', locked: true });
    expect(error.nextStep).to.include('unlock the conversation');
    expect(server.calls.filter(({ method }) => method === 'POST')).to.have.length(1);
    expect((await until(github.pullRequests.read(ref)))?.locked).to.equal(true);
  });

  for (const status of [403, 429]) {
    it(`fault 9: ${status} with Retry-After: 3`, async () => {
      const { github, server, ref, until } = here;
      const headers = { 'retry-after': '3' };
      server.misbehave({ status, headers }, { when: to('GET', '/pulls/') });
      expect((await until(github.pullRequests.read(ref)))?.open).to.equal(true);
      server.misbehave({ status, headers }, { when: to('POST', '/comments') });
      await until(github.comments.create(ref, 'hello', 'reply'));
      const [first, second, third, fourth] = server.calls;
      expect(server.calls.map((call) => call.status)).to.eql([status, 200, status, 201]);
      expect(second!.at - first!.at).to.be.at.least(3000);
      expect(fourth!.at - third!.at).to.be.at.least(3000);
    });
  }

  it('fault 9: while one call is put off, the others wait, too', async () => {
    const { github, server, ref, repository, until, clock } = here;
    server.limitRate(3, { when: to('GET', '/pulls/') });
    const limited = github.pullRequests.read(ref);
    await eventually(() => clock.waiting > 0);
    await until(Promise.all([limited, github.people.permission(repository, 'alice')]));
    const [first, ...rest] = server.calls;
    expect(rest.length).to.be.at.least(2);
    for (const call of rest) expect(call.at - first!.at).to.be.at.least(3000);
  });

  it('fault 9: a secondary limit that says nothing more is left alone for a minute', async () => {
    const { github, server, ref, until } = here;
    server.limitRate(undefined, { when: to('POST', '/comments') });
    await until(github.comments.create(ref, 'hello', 'record'));
    expect(server.calls[1]!.at - server.calls[0]!.at).to.be.at.least(60_000);
  });

  for (const [name, fault] of [
    ['500', { status: 500 }],
    ['a lost answer', { cut: 'after' }],
    ['a timeout', { delay: 3000 }],
  ] as const) {
    it(`fault 10: ${name} after a comment was made, and there is one`, async () => {
      const { server, ref, pull, until } = here;
      const github = await here.another({ timeoutMs: 1500 });
      if ('status' in fault) {
        // Made, and then answered with 500.
        server.world.addComment(here.shown, 1, 'kfops-test[bot]', 'hello');
      }
      server.misbehave(fault, { when: to('POST', '/comments') });
      const made = await until(github.comments.create(ref, 'hello', 'record'));
      expect(pull.comments.map(({ id, body }) => ({ id, body }))).to.eql([{ id: made.id, body: 'hello' }]);
      expect(server.seen('POST', '/repos/{owner}/{repo}/issues/{issue_number}/comments')).to.have.length(1);
    });
  }

  it('fault 10: where it was not made, it is made; a comment of somebody else does not count', async () => {
    const { github, server, ref, pull, until } = here;
    server.world.addComment(here.shown, 1, 'mallory', 'hello');
    server.misbehave({ cut: 'before' }, { times: 2, when: to('POST', '/comments') });
    await until(github.comments.create(ref, 'hello', 'record'));
    expect(pull.comments.map(({ author }) => author.login)).to.eql(['mallory', 'kfops-test[bot]']);
  });

  for (const status of [403, 422, 410]) {
    it(`fault 11: ${status} is not tried again, and tells GitHub’s reason`, async () => {
      const { github, server, ref, clock, until } = here;
      const started = clock.now();
      const body = {
        message: 'Resource not accessible by integration',
        documentation_url: 'https://docs.github.com/x',
      };
      server.misbehave({ status, body }, { times: 9, when: to('POST', '/comments') });
      const error = await refusal(until(github.comments.create(ref, 'hello', 'record')));
      expect(error.status).to.equal(status);
      expect(error.message).to.match(/GitHub at http:.*Resource not accessible by integration/);
      expect(error.nextStep).not.to.equal('');
      expect(server.seen('POST')).to.have.length(1);
      expect(clock.now()).to.equal(started);
    });
  }

  it('fault 11: 401 is not tried again', async () => {
    const withToken = await scene({ as: 'token' });
    try {
      for (const token of withToken.server.world.tokens.values()) token.revoked = true;
      const error = await refusal(withToken.until(withToken.github.pullRequests.read(withToken.ref)));
      expect(error.status).to.equal(401);
      expect(error.nextStep).to.include('settings.server.github');
      expect(withToken.server.calls).to.have.length(1);
    } finally {
      await withToken.end();
    }
  });

  it('fault 11: what GitHub finds wrong with a request is told', async () => {
    const { github, ref, until } = here;
    const error = await refusal(until(github.comments.create(ref, 'x'.repeat(70_000), 'record')));
    expect(error.message).to.include('body is too long (maximum is 65536 characters)');
  });

  it('fault 15: 5xx is tried again with longer pauses, and given up for a read', async () => {
    const { github, server, ref, until } = here;
    server.misbehave({ status: 503 }, { times: 3, when: to('GET', '/pulls/') });
    expect((await until(github.pullRequests.read(ref)))?.open).to.equal(true);
    const pauses = server.calls.slice(1).map((call, index) => call.at - server.calls[index]!.at);
    expect(pauses).to.eql([750, 1500, 3000]);
    server.misbehave({ status: 502 }, { times: Infinity, when: to('GET', '/pulls/') });
    const error = await refusal(until(github.pullRequests.read(ref)));
    expect(error.status).to.equal(502);
    expect(error.nextStep).to.include('githubstatus');
  });

  it('fault 15: the last state of a comment is posted after an hour without quota', async () => {
    const { github, server, ref, pull, until } = here;
    const { id } = await until(github.comments.create(ref, 'queued', 'record'));
    server.quota = { ...server.quota, remaining: 0 };
    // Octokit tells the age of a token by this machine's clock.
    for (const token of server.world.tokens.values()) token.expiresAt = new Date(8.64e15);
    const edits = [
      github.comments.edit(ref, id, 'running', 'progress'),
      github.comments.edit(ref, id, 'succeeded', 'final'),
    ];
    await until(Promise.all(edits));
    expect(pull.comments[0]?.body).to.equal('succeeded');
    const patches = server.seen('PATCH');
    expect(patches.map(({ status }) => status)).to.eql([403, 200]);
    expect(patches[1]!.at - patches[0]!.at).to.be.within(3_500_000, 3_700_000);
  });

  it('fault 15: a read does not wait for an hour, and says how long it would be', async () => {
    const { github, server, ref, until } = here;
    server.quota = { ...server.quota, remaining: 0 };
    const error = await refusal(until(github.pullRequests.read(ref)));
    expect(error.trouble).to.equal('limited');
    expect(error.waitMs).to.be.greaterThan(3_000_000);
  });

  it('fault 15: refused connections are named, and writes go out when GitHub is there again', async () => {
    const { github, server, ref, pull, until, clock } = here;
    await server.down();
    const error = await refusal(until(github.pullRequests.read(ref)));
    expect(error.message).to.match(/GitHub at http:\/\/127.*the connection was refused/);
    const write = github.comments.create(ref, 'hello', 'record');
    for (let attempt = 0; attempt < 3; attempt++) {
      await eventually(() => clock.waiting > 0);
      clock.next();
    }
    await server.up();
    await until(write);
    expect(pull.comments).to.have.length(1);
  });

  it('a call without an answer ends', async () => {
    const { server, ref, until } = here;
    const github = await here.another({ timeoutMs: 300 });
    server.misbehave({ stall: true }, { times: 4, when: to('GET', '/pulls/') });
    const error = await refusal(until(github.pullRequests.read(ref)));
    expect(error.message).to.include('no answer in time');
  });

  it('fault 16: 404 just after the event', async () => {
    const { github, server, ref, repository, shown, until } = here;
    const comment = server.world.addComment(shown, 1, 'alice', '/build');
    const asked = async (ask: () => Promise<unknown>): Promise<number> => {
      server.calls.length = 0;
      await until(ask());
      return server.calls.length;
    };
    server.misbehave({ status: 404 }, { times: 2, when: to('GET', '/pulls/') });
    expect(await asked(() => github.pullRequests.read(ref))).to.equal(3);
    server.misbehave({ status: 404 }, { times: 2, when: to('POST', '/reactions') });
    expect(await asked(() => github.reactions.add(repository, comment.id, 'eyes'))).to.equal(3);
    expect(comment.reactions).to.have.length(1);
    server.misbehave({ status: 404 }, { times: 5, when: to('GET', '/comments/') });
    expect(await asked(() => github.pullRequests.comment(repository, comment.id))).to.equal(3);
  });

  it('an App that was installed anew is found again, and revoked tokens are replaced', async function () {
    // Octokit itself gives a token that is a few seconds old another chance.
    this.timeout(120_000);
    const { github, server, ref, until } = here;
    for (const token of server.world.tokens.values()) token.revoked = true;
    expect((await refusal(until(github.pullRequests.read(ref)))).status).to.equal(401);
    expect((await until(github.pullRequests.read(ref)))?.open).to.equal(true);
  });
});

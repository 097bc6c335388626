import { expect } from 'chai';

import type { PlacedComment } from '../../../../server/ports.js';
import { scene, type Scene } from './setup.js';

for (const as of ['app', 'token'] as const) {
  describe(`GitHub, as ${as === 'app' ? 'an App' : 'a machine account with a token'}`, () => {
    let here: Scene;
    beforeEach(async () => {
      here = await scene({ as });
    });
    afterEach(() => here.end());

    it('knows a repository, and that another is none of its', async () => {
      const { github, server, repository } = here;
      server.world.addRepository('team/hidden', { isPrivate: true, installed: false });
      expect(await github.repository('team', 'iris')).to.eql(repository);
      expect(await github.repository('team', 'hidden')).to.equal(undefined);
      expect(await github.repository('team', 'nothing')).to.equal(undefined);
    });

    it('follows a repository to its new name', async () => {
      const { github, server, shown, repository, ref, until } = here;
      await github.repository('team', 'iris');
      server.world.rename(shown, 'flower');
      if (as === 'token') {
        expect(await github.repository('team', 'iris')).to.eql({ ...repository, name: 'flower' });
      }
      const comment = await until(github.comments.create(ref, 'hello', 'reply'));
      expect(shown.comments.get(comment.id)?.body).to.equal('hello');
    });

    it('knows whom it writes as', async () => {
      const { github, repository, server, ref, until } = here;
      const me = await github.people.me(repository);
      const login = as === 'app' ? 'kfops-test[bot]' : 'machine';
      expect(me).to.eql({ login, id: server.world.account(login).id, bot: as === 'app' });
      expect((await until(github.comments.create(ref, 'hello', 'reply'))).author).to.eql(me);
      const asked = server.calls.length;
      await github.people.me(repository);
      expect(server.calls.length).to.equal(asked);
    });

    it('reads a pull request: its head, a fork’s, and one whose fork was deleted', async () => {
      const { github, server, shown, repository, ref, until } = here;
      expect(await github.pullRequests.read(ref)).to.eql({
        ...ref,
        open: true,
        draft: false,
        locked: false,
        author: { login: 'alice', id: server.world.account('alice').id, bot: false },
        labels: [],
        head: { commit: 'a'.repeat(40), branch: 'change-1', repository },
        base: { commit: 'b'.repeat(40), branch: 'main' },
        defaultBranch: 'main',
      });
      const fork = server.world.addRepository('stranger/iris', { installed: false });
      server.world.openPull(shown, { commit: 'c'.repeat(40), from: fork, draft: true });
      server.world.openPull(shown, { commit: 'd'.repeat(40), from: null }).state = 'closed';
      const [second, third] = [2, 3].map((number) => github.pullRequests.read({ repository, number }));
      expect((await second)?.head.repository).to.eql({ id: fork.id, owner: 'stranger', name: 'iris' });
      expect((await second)?.draft).to.equal(true);
      expect((await third)?.head.repository).to.equal(undefined);
      expect((await third)?.open).to.equal(false);
      expect(await until(github.pullRequests.read({ repository, number: 9 }))).to.equal(undefined);
    });

    it('lists open pull requests that changed lately, the latest first, on all pages', async () => {
      const { github, server, shown, repository } = here;
      const since = new Date(server.world.now() - 600_000);
      const listed = async (): Promise<number[]> => {
        const numbers: number[] = [];
        for await (const { number } of github.pullRequests.recentlyChanged(repository, since))
          numbers.push(number);
        return numbers;
      };
      expect(await listed()).to.eql([]);
      const pulls = Array.from({ length: 120 }, (_, i) =>
        server.world.openPull(shown, {
          commit: 'e'.repeat(40),
          branchedAt: new Date(server.world.now() - 300_000 + 1_000 * i),
        }),
      );
      const [first] = pulls;
      first!.state = 'closed';
      expect(await listed()).to.eql(
        pulls
          .slice(1)
          .map(({ number }) => number)
          .reverse(),
      );
    });

    it('reads what was written about a commit', async () => {
      const { github, shown, repository } = here;
      shown.messages.set('f'.repeat(40), 'Fix it\n\n[skip kfops]');
      expect(await github.commitMessage(repository, 'f'.repeat(40))).to.equal('Fix it\n\n[skip kfops]');
    });

    it('knows the tip of a branch, whatever is in its name', async () => {
      const { github, shown, repository } = here;
      shown.branches.set('release/1.0', 'c'.repeat(40)).set('a b%2F..', 'd'.repeat(40));
      expect(await github.branchTip(repository, 'release/1.0')).to.equal('c'.repeat(40));
      expect(await github.branchTip(repository, 'a b%2F..')).to.equal('d'.repeat(40));
      expect(await github.branchTip(repository, 'release')).to.equal(undefined);
    });

    it('threat 50: knows since when the head is the head, by GitHub’s record of its branch', async () => {
      const { github, server, shown, ref, clock, until } = here;
      const since = async () => {
        const pull = await github.pullRequests.read(ref);
        return pull && (await until(github.pullRequests.headSince(pull)));
      };
      expect(await since()).to.be.an.instanceOf(Date);
      clock.advance(60_000);
      const pull = shown.pulls.get(ref.number)!;
      // Another branch is none of its business.
      server.world.push(server.world.openPull(shown, { commit: 'c'.repeat(40) }), 'd'.repeat(40));
      server.world.push(pull, 'e'.repeat(40), 'force_push');
      expect((await since())?.getTime()).to.equal(Math.floor(clock.now() / 1000) * 1000);
      // Recorded with another commit, not recorded, and not to be read: not known.
      pull.head.commit = 'f'.repeat(40);
      expect(await since()).to.equal(undefined);
      shown.activities.length = 0;
      expect(await since()).to.equal(undefined);
      for (const status of [403, 404, 422]) {
        server.misbehave({ status }, { when: ({ path }) => path.endsWith('/activity') });
        expect(await since(), String(status)).to.equal(undefined);
      }
      const fork = server.world.addRepository('stranger/iris', { installed: false, isPrivate: true });
      pull.head.repository = fork;
      server.world.push(pull, '1'.repeat(40));
      expect(await since()).to.equal(undefined);
      pull.head.repository = null;
      expect(await since()).to.equal(undefined);
    });

    it('fault 22: knows the time by GitHub’s clock, whatever this machine’s says', async () => {
      const { github, clock } = here;
      await github.repository('team', 'iris');
      expect(github.now()).to.eql(new Date(clock.now()));
      clock.advance(90_000);
      expect(github.now()).to.eql(new Date(clock.now()));
    });

    it('lists the comments of pull requests that were made after a time, on all pages', async () => {
      const { github, server, shown, repository, clock } = here;
      const old = server.world.addComment(shown, 1, 'alice', 'old');
      clock.advance(60_000);
      const since = new Date(clock.now());
      old.body = 'old and edited';
      old.updatedAt = since;
      server.world.addComment(shown, 77, 'alice', 'on an issue');
      for (let index = 0; index < 130; index++) server.world.addComment(shown, 1, 'alice', `/build ${index}`);
      const found: PlacedComment[] = [];
      for await (const each of github.pullRequests.recentComments(repository, since)) found.push(each);
      expect(found.map(({ comment }) => comment.body)).to.eql(
        Array.from({ length: 130 }, (_, index) => `/build ${index}`),
      );
      expect(found[0]?.pullRequest).to.eql({ repository, number: 1 });
      expect(found[0]?.comment.edited).to.equal(false);
      const alice = found[0]!.comment.author.id;
      expect(await github.comments.list({ repository, number: 1 }, alice)).to.have.length(131);
      expect(await github.comments.list({ repository, number: 1 }, alice + 1000)).to.deep.equal([]);
      expect((await github.pullRequests.comment(repository, old.id))?.edited).to.equal(true);
    });

    it('edits and removes comments; one that is gone is no error', async () => {
      const { github, shown, ref, server, until } = here;
      const { id } = await until(github.comments.create(ref, 'one', 'record'));
      expect((await until(github.comments.edit(ref, id, 'two', 'final')))?.body).to.equal('two');
      await until(github.comments.remove(ref, id));
      expect([...shown.comments]).to.eql([]);
      await until(github.comments.remove(ref, id));
      expect(await until(github.comments.edit(ref, id, 'three', 'final'))).to.equal(undefined);
      expect(await until(github.pullRequests.comment(ref.repository, id))).to.equal(undefined);
      expect(server.seen('DELETE')).to.have.length(2);
    });

    it('knows its own reactions from those of others', async () => {
      const { github, server, shown, repository, until } = here;
      const comment = server.world.addComment(shown, 1, 'alice', '/build');
      for (let index = 0; index < 120; index++) {
        const account = server.world.account(`user-${index}`);
        comment.reactions.push({ id: index, account, content: 'rocket', createdAt: new Date() });
      }
      await until(github.reactions.add(repository, comment.id, 'eyes'));
      await until(github.reactions.add(repository, comment.id, 'eyes'));
      await until(github.reactions.add(repository, comment.id, '-1'));
      expect([...(await github.reactions.mine(repository, comment.id))]).to.have.members(['eyes', '-1']);
      expect(comment.reactions).to.have.length(122);
      server.world.removeComment(comment);
      await until(github.reactions.add(repository, comment.id, 'rocket'));
      expect([...(await until(github.reactions.mine(repository, comment.id)))]).to.eql([]);
    });

    it('leaves out a reaction that still waits when the next comes', async () => {
      const slow = await scene({ as, perMinute: 2 });
      const { github, server, shown, repository, ref, until } = slow;
      const comment = server.world.addComment(shown, 1, 'alice', '/build');
      await until(github.comments.create(ref, 'hello', 'reply'));
      const both = (['eyes', 'rocket'] as const).map((each) =>
        github.reactions.add(repository, comment.id, each),
      );
      await until(Promise.all(both));
      expect(comment.reactions.map(({ content }) => content)).to.eql(['rocket']);
      await slow.end();
    });

    it('tells of each request by its route, and what is left of the quota', async () => {
      const { github, ref, calls, until } = here;
      await github.pullRequests.read(ref);
      expect(calls.at(-1)).to.include({
        route: 'GET /repos/{owner}/{repo}/pulls/{pull_number}',
        status: 200,
        resource: 'core',
      });
      expect(calls.at(-1)?.remaining).to.be.within(4900, 4999);
      await until(github.pullRequests.read({ ...ref, number: 9 }));
      expect(calls.at(-1)?.status).to.equal(404);
    });

    it('gives git an address and a token', async () => {
      const { github, repository, server, shown } = here;
      expect(github.git.url(repository)).to.equal(`${server.apiUrl}/team/iris.git`);
      const token = await github.git.token(repository);
      expect(server.world.mayFetch(token!, shown)).to.equal(true);
    });
  });
}

import { expect } from 'chai';

import { conversations, type Conversations } from '../../../../server/comment/conversations.js';
import { readMarker, writeMarker } from '../../../../server/comment/marker.js';
import { NOTHING_YET, type ConversationState } from '../../../../server/comment/state.js';
import { accepted, approved, headMoved, replied, submitted } from '../../../../server/comment/transitions.js';
import type { Repository } from '../../../../server/ports.js';
import { BOT, FakeComments, type Call } from '../../../support/comments.js';
import { COMMIT, REF, REPOSITORY, request } from '../../../support/conversation.js';

const ELSEWHERE = { ...REF, number: 18 };

function server(github: FakeComments, warnings: string[] = []): Conversations {
  const log = { warn: (facts: unknown, text?: string) => warnings.push(`${text} ${JSON.stringify(facts)}`) };
  return conversations({ github: github.github, render: { web: 'https://github.com' }, log: log as never });
}

function stateIn(github: FakeComments): ConversationState {
  const read = readMarker(github.mine[0]!.body);
  if (read.kind !== 'state') throw new Error(read.kind);
  return read.state;
}

function ids(state: ConversationState): number[] {
  return state.builds.map(({ request: { commentIds } }) => commentIds[0]!);
}

/** A gate that holds calls of a kind until it is opened. */
function gate(github: FakeComments, ...kinds: Call['kind'][]): { reached: Promise<void>; open: () => void } {
  let open = (): void => undefined;
  let reach = (): void => undefined;
  const opened = new Promise<void>((resolve) => (open = resolve));
  const reached = new Promise<void>((resolve) => (reach = resolve));
  let held = false;
  github.before = async ({ kind }) => {
    if (held || !kinds.includes(kind)) return;
    held = true;
    reach();
    await opened;
  };
  return { reached, open };
}

describe('server/conversations', () => {
  it('makes one comment, then edits it', async () => {
    const github = new FakeComments();
    const { change, read } = bound(server(github));
    await change((state) => accepted(state, request(1)), 'record');
    await change((state) => submitted(state, request(1), { name: 'kfops-pr-17-abc' }), 'progress');
    expect(github.count('create')).to.equal(1);
    expect(github.mine).to.have.length(1);
    expect((await read()).state).to.deep.equal(stateIn(github));
    expect(github.mine[0]!.body).to.include('kfops-pr-17-abc');
  });

  it('threat 44: a change with the id of one repository and the name of another stays in the one of its name', async () => {
    const [github, other] = [new FakeComments(), new FakeComments()];
    const forged = { ...REF, repository: { ...REPOSITORY, owner: 'forger' } };
    const of = ({ owner }: Repository) => (owner === 'forger' ? other : github).github;
    const { comments, pullRequests } = github.github;
    const both: typeof github.github = {
      ...github.github,
      pullRequests: { ...pullRequests, comment: (there, id) => of(there).pullRequests.comment(there, id) },
      comments: {
        ...comments,
        list: (ref, ...rest) => of(ref.repository).comments.list(ref, ...rest),
        create: (ref, ...rest) => of(ref.repository).comments.create(ref, ...rest),
      },
    };
    const one = conversations({ github: both, render: { web: 'https://github.com' }, log: {} as never });
    const { reached, open } = gate(github, 'list');
    const first = one.change(REF, (state) => approved(state, COMMIT), 'record');
    await reached;
    const second = one.change(forged, (state) => accepted(state, request(1)), 'record');
    open();
    await Promise.all([first, second]);
    expect(ids(stateIn(github))).to.deep.equal([]);
    expect(ids(stateIn(other))).to.deep.equal([1]);
  });

  it('does not send unchanged text, and makes no comment for a change of nothing', async () => {
    const github = new FakeComments();
    const { change } = bound(server(github));
    const none = await change((state) => headMoved(state, COMMIT), 'progress');
    expect(none).to.deep.equal({ comment: undefined, state: NOTHING_YET });
    await change((state) => approved(state, COMMIT), 'record');
    await change((state) => approved({ ...state }, COMMIT), 'record');
    await change((state) => ({ ...state }), 'progress');
    expect(github.count('create')).to.equal(1);
    expect(github.count('edit')).to.equal(0);
  });

  it('remembers where its comment is, and lists again when that is gone', async () => {
    const github = new FakeComments();
    const { change } = bound(server(github));
    await change((state) => accepted(state, request(1)), 'progress');
    const lists = github.count('list');
    await change((state) => accepted(state, request(2)), 'progress');
    expect(github.count('list')).to.equal(lists);
    github.comments = [];
    await change((state) => submitted(state, request(2), { name: 'wf' }), 'progress');
    expect(github.mine).to.have.length(1);
    expect(ids(stateIn(github))).to.deep.equal([2]);
  });

  it('keeps what it knows when its comment is deleted while it writes', async () => {
    const github = new FakeComments();
    const { change } = bound(server(github));
    await change((state) => accepted(state, request(1)), 'progress');
    let done = false;
    github.before = ({ kind }) => {
      if (kind !== 'edit' || done) return;
      done = true;
      github.comments = [];
    };
    await change((state) => accepted(state, request(2)), 'record');
    expect(ids(stateIn(github))).to.deep.equal([2, 1]);
    expect(github.mine).to.have.length(1);
  });

  it('says what to look for where its comment is deleted each time', async () => {
    const github = new FakeComments();
    const { change } = bound(server(github));
    await change((state) => accepted(state, request(1)), 'progress');
    let at = 2;
    github.before = ({ kind }) => {
      if (kind === 'edit') github.comments = [];
      if (kind === 'list' && github.mine.length === 0)
        github.add(BOT, writeMarker({ ...NOTHING_YET, approved: [] }));
      at += 1;
    };
    const error = await change((state) => accepted(state, request(at)), 'record').catch(
      (caught: unknown) => caught,
    );
    expect(error).to.be.an('error').with.property('nextStep').that.includes('deletes comments');
  });

  it('makes the changes of a pull request one after the other, those that wait in one go', async () => {
    const github = new FakeComments();
    const { change } = bound(server(github));
    const { reached, open } = gate(github, 'create');
    const first = change((state) => accepted(state, request(1)), 'progress');
    await reached;
    const others = [2, 3, 4, 5].map((id) => change((state) => accepted(state, request(id)), 'progress'));
    open();
    await Promise.all([first, ...others]);
    expect(ids(stateIn(github))).to.deep.equal([5, 4, 3, 2, 1]);
    expect(github.count('edit')).to.equal(1);
  });

  it('the most urgent of the changes that wait decides', async () => {
    const github = new FakeComments();
    const { change } = bound(server(github));
    const { reached, open } = gate(github, 'create');
    const first = change((state) => accepted(state, request(1)), 'progress');
    await reached;
    const others = [
      change((state) => accepted(state, request(2)), 'progress'),
      change((state) => accepted(state, request(3)), 'final'),
    ];
    open();
    await Promise.all([first, ...others]);
    expect(github.calls.find(({ kind }) => kind === 'edit')?.urgency).to.equal('final');
  });

  it('a change that throws takes none with it', async () => {
    const github = new FakeComments();
    const { change } = bound(server(github));
    const { reached, open } = gate(github, 'create');
    const first = change((state) => accepted(state, request(1)), 'progress');
    await reached;
    const wrong = change(() => {
      throw new Error('wrong');
    }, 'progress').catch((error: unknown) => error);
    const right = change((state) => accepted(state, request(2)), 'progress');
    open();
    await first;
    expect(await wrong)
      .to.be.an('error')
      .with.property('message', 'wrong');
    expect(ids((await right).state)).to.deep.equal([2, 1]);
  });

  it('an error of GitHub is told to all who wait, and the next change works', async () => {
    const github = new FakeComments();
    const { change } = bound(server(github));
    github.before = ({ kind }) => {
      if (kind === 'create') throw new Error('503');
    };
    const failed = await change((state) => accepted(state, request(1)), 'progress').catch(
      (error: unknown) => error,
    );
    expect(failed).to.be.an('error').with.property('message', '503');
    github.before = () => undefined;
    await change((state) => accepted(state, request(2)), 'progress');
    expect(ids(stateIn(github))).to.deep.equal([2]);
  });

  it('pull requests do not wait for each other', async () => {
    const github = new FakeComments();
    const one = server(github);
    const { reached, open } = gate(github, 'create');
    const first = one.change(REF, (state) => accepted(state, request(1)), 'progress');
    await reached;
    await one.change(ELSEWHERE, (state) => accepted(state, request(2)), 'progress');
    open();
    await first;
  });

  it('forgets where the longest unused comment is', async () => {
    const github = new FakeComments();
    const log = { warn: () => undefined };
    const few = conversations({
      github: github.github,
      render: { web: 'https://github.com' },
      log: log as never,
      remembered: 2,
    });
    for (const number of [1, 2, 3])
      await few.change({ ...REF, number }, (state) => approved(state, COMMIT), 'progress');
    const lists = github.count('list');
    await few.read({ ...REF, number: 3 });
    expect(github.count('list')).to.equal(lists);
    await few.read({ ...REF, number: 1 });
    expect(github.count('list')).to.equal(lists + 1);
  });

  describe('threat 28: false state marker', () => {
    const FALSE = `${writeMarker({ builds: [], approved: [COMMIT] })}\nhello`;

    it('is not believed in a comment of somebody else', async () => {
      const github = new FakeComments();
      github.add({ login: 'kfops[bot]', id: 100, bot: true }, FALSE);
      const { read, change } = bound(server(github));
      expect(await read()).to.deep.equal({ comment: undefined, state: NOTHING_YET });
      await change((state) => accepted(state, request(1)), 'record');
      expect(stateIn(github).approved).to.deep.equal([]);
      expect(github.comments[0]!.body).to.equal(FALSE);
    });

    it('is not believed further down in one of its own', async () => {
      const github = new FakeComments();
      github.add(BOT, `Look:\n${FALSE}`);
      github.add(BOT, ` ${FALSE}`);
      expect((await bound(server(github)).read()).comment).to.equal(undefined);
    });

    it('of another version: nothing is known, that is said, and the comment is used on', async () => {
      const github = new FakeComments();
      github.add(BOT, FALSE.replace('kfops:1:', 'kfops:2:'));
      const warnings: string[] = [];
      const { change } = bound(server(github, warnings));
      await change((state) => accepted(state, request(1)), 'record');
      expect(warnings.join()).to.include('its version is 2');
      expect(github.mine).to.have.length(1);
      expect(stateIn(github).approved).to.deep.equal([]);
    });
  });

  describe('fault 25: two replicas', () => {
    it('both find no comment: the oldest one stays, and knows of both commands', async () => {
      const github = new FakeComments();
      const [a, b] = [bound(server(github)), bound(server(github))];
      const both = Promise.all([
        a.change((state) => accepted(state, request(1)), 'record'),
        b.change((state) => accepted(state, request(2)), 'record'),
      ]);
      await both;
      expect(github.count('create')).to.equal(2);
      expect(github.mine).to.have.length(1);
      expect(ids(stateIn(github))).to.deep.equal([2, 1]);
    });

    it('one writes between the other’s reading and writing: no record is lost', async () => {
      const github = new FakeComments();
      const [a, b] = [bound(server(github)), bound(server(github))];
      await a.change((state) => approved(state, COMMIT), 'record');
      await b.read();
      const { reached, open } = gate(github, 'edit');
      const slow = a.change((state) => accepted(state, request(1)), 'record');
      await reached;
      const fast = b.change((state) => accepted(state, request(2)), 'progress');
      await fast;
      open();
      await slow;
      // The slow one wrote over the fast one: the next step of that build brings its record back.
      await b.change((state) => submitted(state, request(2), { name: 'wf-2' }), 'progress');
      expect(ids(stateIn(github))).to.deep.equal([2, 1]);
    });

    it('a record that another replica wrote over is written again', async () => {
      const github = new FakeComments();
      const [a, b] = [bound(server(github)), bound(server(github))];
      await a.change((state) => approved(state, COMMIT), 'record');
      const before = github.mine[0]!.body;
      await b.read();
      let stale = true;
      github.before = ({ kind }) => {
        // What the other one had read before is written right after the record.
        if (kind !== 'comment' || !stale || github.mine[0]!.body === before) return;
        stale = false;
        github.comments = github.comments.map((each) => ({ ...each, body: before }));
      };
      await a.change((state) => accepted(state, request(1)), 'record');
      expect(stale).to.equal(false);
      expect(ids(stateIn(github))).to.deep.equal([1]);
    });

    it('one that died after making a second comment: what both know becomes one', async () => {
      const github = new FakeComments();
      const [a, b] = [bound(server(github)), bound(server(github))];
      await a.change((state) => accepted(state, request(1)), 'record');
      const [first] = github.comments;
      github.comments = [];
      await b.change((state) => replied(accepted(state, request(2)), REPLY), 'record');
      github.comments.unshift(first!);
      const { state } = await bound(server(github)).read();
      expect(ids(state)).to.deep.equal([2, 1]);
      expect(state.reply).to.deep.equal(REPLY);
      expect(github.mine.map(({ id }) => id)).to.deep.equal([first!.id]);
    });
  });
});

const REPLY = { commentId: 5, by: 'hubot', kind: 'answer', command: '/help', markdown: 'x' } as const;

function bound(one: Conversations) {
  return {
    read: () => one.read(REF),
    change: (
      change: (state: ConversationState) => ConversationState,
      urgency: Parameters<Conversations['change']>[2],
    ) => one.change(REF, change, urgency),
  };
}

import { expect } from 'chai';

import {
  conversations,
  type Conversations,
  type StateChange,
} from '../../../../server/comment/conversations.js';
import { readMarker } from '../../../../server/comment/marker.js';
import { accepted, approved, buildOf, replied, submitted } from '../../../../server/comment/transitions.js';
import { GitHubError } from '../../../../server/github/errors.js';
import type { Urgency } from '../../../../server/ports.js';
import { FakeComments } from '../../../support/comments.js';
import { COMMIT, REF, request } from '../../../support/conversation.js';

const REPLY = { commentId: 5, by: 'hubot', kind: 'answer', command: '/help', markdown: 'x' } as const;
const LOCKED = new GitHubError('https://api.github.com', 'refused', 'unlock', {
  status: 403,
  trouble: 'refused',
  locked: true,
});

describe('server/conversations: a locked conversation', () => {
  let github: FakeComments;
  let warnings: string[];
  let server: Conversations;
  const change = (made: StateChange, urgency: Urgency) => server.change(REF, made, urgency);
  const writes = (): number => github.count('create') + github.count('edit');

  beforeEach(() => {
    github = new FakeComments();
    warnings = [];
    const warn = (facts: { err?: unknown }, text: string): void => {
      warnings.push(`${text} ${JSON.stringify({ ...facts, err: undefined })}`);
    };
    server = conversations({
      github: github.github,
      render: { web: 'https://github.com' },
      log: { warn } as never,
    });
  });

  function lock(): void {
    github.before = ({ kind }) => {
      if (kind === 'create' || kind === 'edit') throw LOCKED;
    };
  }

  function unlock(): void {
    github.before = () => undefined;
  }

  it('threat 44: keeps what is refused for the repository of its name, whatever its id', async () => {
    lock();
    await change((state) => accepted(state, request(1)), 'record');
    const forged = { ...REF, repository: { ...REF.repository, owner: 'forger' } };
    expect((await server.read(forged)).state.builds).to.deep.equal([]);
    const renamed = { ...REF, repository: { ...REF.repository, owner: REF.repository.owner.toUpperCase() } };
    expect((await server.read(renamed)).state.builds).to.have.length(1);
  });

  it('keeps what is refused, says what the comment would, and logs it once', async () => {
    lock();
    const first = await change((state) => accepted(state, request(1)), 'record');
    expect(first.unwritten).to.include('/build').and.not.include('<!--');
    const second = await change((state) => replied(state, REPLY), 'reply');
    expect(second.unwritten).to.include('/help');
    const { state, comment } = await server.read(REF);
    expect(comment).to.equal(undefined);
    expect(buildOf(state, 1)).not.to.equal(undefined);
    expect(state.reply).to.deep.equal(REPLY);
    expect(warnings).to.have.length(1);
    expect(warnings[0]).to.include('conversation is locked').and.include('"pullRequest":17');
  });

  it('tries each change once, and progress not at all', async () => {
    lock();
    await change((state) => accepted(state, request(1)), 'record');
    await change((state) => submitted(state, request(1), { name: 'wf' }), 'progress');
    expect(writes()).to.equal(1);
    await change((state) => replied(state, REPLY), 'reply');
    expect(writes()).to.equal(2);
  });

  it('writes all of it once the conversation is unlocked', async () => {
    lock();
    await change((state) => accepted(state, request(1)), 'record');
    unlock();
    const { unwritten } = await change((state) => replied(state, REPLY), 'reply');
    expect(unwritten).to.equal(undefined);
    const read = readMarker(github.mine[0]?.body ?? '');
    if (read.kind !== 'state') throw new Error(read.kind);
    expect(buildOf(read.state, 1)).not.to.equal(undefined);
    expect(read.state.reply).to.deep.equal(REPLY);
    await change((state) => submitted(state, request(1), { name: 'wf' }), 'progress');
    expect(github.mine[0]?.body).to.include('wf');
  });

  it('a comment that is there stays; what another replica writes meanwhile counts, too', async () => {
    await change((state) => accepted(state, request(1)), 'record');
    lock();
    await change((state) => replied(state, REPLY), 'reply');
    expect((await server.read(REF)).state.reply).to.deep.equal(REPLY);
    expect(github.mine[0]?.body).not.to.include('hubot');
    unlock();
    const other = conversations({
      github: github.github,
      render: { web: 'https://github.com' },
      log: { warn: () => undefined } as never,
    });
    await other.change(REF, (state) => accepted(state, request(2)), 'record');
    const { state } = await server.read(REF);
    expect([buildOf(state, 1), buildOf(state, 2)]).not.to.include(undefined);
    expect(state.reply).to.deep.equal(REPLY);
  });

  it('an approval that cannot be written does not count', async () => {
    await change((state) => approved(state, 'a'.repeat(40)), 'record');
    lock();
    const { state } = await change((before) => approved(before, COMMIT), 'record');
    expect(state.approved).to.deep.equal(['a'.repeat(40)]);
    expect((await server.read(REF)).state.approved).to.deep.equal(['a'.repeat(40)]);
  });

  it('another refusal is thrown as before', async () => {
    const other = new GitHubError('https://api.github.com', 'refused', 'give rights', {
      status: 403,
      trouble: 'refused',
    });
    github.before = ({ kind }) => {
      if (kind === 'create') throw other;
    };
    const error = await change((state) => accepted(state, request(1)), 'record').catch(
      (caught: unknown) => caught,
    );
    expect(error).to.equal(other);
  });
});

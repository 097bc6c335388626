import { expect } from 'chai';

import { conversations, type Conversations } from '../../../../server/comment/conversations.js';
import { accepted, buildOf, changeBuild } from '../../../../server/comment/transitions.js';
import type { Build, BuildRequest, ConversationState } from '../../../../server/comment/state.js';
import { GitHubError } from '../../../../server/github/errors.js';
import type { PushedCommit } from '../../../../server/ports.js';
import { FakeComments } from '../../../support/comments.js';
import { visibleText } from '../../../support/visible-text.js';

const ORIGIN: PushedCommit = {
  repository: { id: 7, owner: 'my-team', name: 'iris' },
  commit: 'a'.repeat(40),
  ref: { kind: 'branch', name: 'release/1_0' },
};
const REQUEST: BuildRequest = {
  commentIds: [-5],
  by: ['ann'],
  at: '2026-01-02T03:04:05Z',
  verb: 'build',
  flags: [],
  commit: ORIGIN.commit,
  trigger: 'push',
  ref: 'refs/heads/release/1_0',
};

describe('server/comment/commit-conversations', () => {
  let github: FakeComments;
  let one: Conversations;
  beforeEach(() => {
    github = new FakeComments();
    one = open();
  });

  /** The conversations of one more server. */
  function open(): Conversations {
    const log = { warn: () => undefined, error: () => undefined } as never;
    return conversations({ github: github.github, render: { web: 'https://github.com' }, log });
  }

  function end(server: Conversations, state: Build['state'], request = REQUEST) {
    return server.change(
      ORIGIN,
      (before) => changeBuild(before, request, (build) => ({ ...build, state, text: 'no space left' })),
      'final',
    );
  }

  it('writes nothing before the end, and knows what was recorded', async () => {
    await one.change(ORIGIN, (state) => accepted(state, REQUEST), 'record');
    await one.change(ORIGIN, (state) => accepted(state, REQUEST), 'progress');
    expect(github.onCommits).to.deep.equal([]);
    expect(buildOf((await one.read(ORIGIN)).state, -5)?.state).to.equal('accepted');
    expect(github.calls.filter(({ kind }) => kind === 'create')).to.deep.equal([]);
  });

  it('writes one comment at the end, with the branch and what to do', async () => {
    await end(one, 'failed');
    const [comment, ...others] = github.onCommits;
    expect(others).to.deep.equal([]);
    const text = visibleText(comment!.body);
    expect(text).to.include('to the branch `release/1_0`');
    expect(text).to.include('no space left');
    expect(text).to.include('push a fix to build again');
    expect(text).not.to.include('/help');
  });

  it('threat 86: writes it once, whoever tells of it again', async () => {
    await end(one, 'failed');
    await end(one, 'failed');
    const other = open();
    await end(other, 'failed');
    expect(github.onCommits).to.have.length(1);
    expect(buildOf((await open().read(ORIGIN)).state, -5)?.state).to.equal('failed');
  });

  it('writes one for a branch and one for a tag of the same commit, each with all that it has to say', async () => {
    const tag: PushedCommit = { ...ORIGIN, ref: { kind: 'tag', name: 'v1' } };
    const ofTag: BuildRequest = { ...REQUEST, commentIds: [-6], trigger: 'tag', ref: 'refs/tags/v1' };
    await one.change(ORIGIN, (state) => accepted(state, REQUEST), 'record');
    await one.change(tag, (state) => accepted(state, ofTag), 'record');
    await end(one, 'failed');
    await one.change(
      tag,
      (before) => changeBuild(before, ofTag, (build) => ({ ...build, state: 'refused', text: 'no tag' })),
      'final',
    );
    const [branch = '', other = ''] = github.onCommits.map(({ body }) => visibleText(body));
    expect(branch).to.include('to the branch `release/1_0`').and.to.include('no space left');
    expect(other).to.include('to the tag `v1`').and.to.include('no tag');
    const { state } = await open().read(tag);
    expect(state.builds.map(({ request }) => request.commentIds)).to.deep.equal([[-6]]);
  });

  it('writes the end that was recorded as progress', async () => {
    const ended = (state: ConversationState): ConversationState =>
      changeBuild(state, REQUEST, (build) =>
        build.state === 'failed' ? build : { ...build, state: 'failed' },
      );
    await one.change(ORIGIN, ended, 'progress');
    expect(github.onCommits).to.deep.equal([]);
    await one.change(ORIGIN, ended, 'final');
    expect(github.onCommits).to.have.length(1);
  });

  it('writes another one for a build that was retried and ends otherwise', async () => {
    await end(one, 'failed');
    await one.change(
      ORIGIN,
      (before) => changeBuild(before, REQUEST, (build) => ({ ...build, state: 'running' })),
      'progress',
    );
    await end(one, 'succeeded');
    await end(open(), 'succeeded');
    expect(github.onCommits).to.have.length(2);
    expect(buildOf((await open().read(ORIGIN)).state, -5)?.state).to.equal('succeeded');
  });

  it('writes none for a build that was stopped', async () => {
    await end(one, 'stopped');
    expect(github.onCommits).to.deep.equal([]);
  });

  it('tries again what GitHub did not take', async () => {
    github.before = ({ kind }) => {
      if (kind === 'create') throw new Error('GitHub is down');
    };
    let thrown: unknown;
    await end(one, 'failed').catch((error: unknown) => (thrown = error));
    expect(String(thrown)).to.include('GitHub is down');
    github.before = () => undefined;
    await end(one, 'failed');
    expect(github.onCommits).to.have.length(1);
  });

  it('leaves the details out where GitHub rejects them', async () => {
    let times = 0;
    github.before = ({ kind }, body) => {
      if (kind !== 'create') return;
      times += 1;
      if (body?.includes('no space left'))
        throw new GitHubError('https://api.github.com', 'it rejects the body', 'none', {
          status: 422,
          trouble: 'refused',
        });
    };
    await end(one, 'failed');
    expect(times).to.equal(2);
    expect(github.onCommits).to.have.length(1);
  });

  it('applies changes of one commit one after the other', async () => {
    const ids = [-1, -2, -3, -4];
    await Promise.all(
      ids.map((id) =>
        one.change(ORIGIN, (state) => accepted(state, { ...REQUEST, commentIds: [id] }), 'record'),
      ),
    );
    const { state } = await one.read(ORIGIN);
    expect(ids.every((id) => buildOf(state, id) !== undefined)).to.equal(true);
  });
});

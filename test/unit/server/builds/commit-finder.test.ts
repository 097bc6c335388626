import { expect } from 'chai';

import { commitFinder } from '../../../../server/builds/commit-finder.js';
import type { Comment, PullRequest } from '../../../../server/ports.js';
import { build, COMMIT, request, stateOf } from '../../../support/conversation.js';
import { ANN, HEAD, pullRequest } from '../facts.js';

const WRITTEN = new Date('2026-01-02T03:04:05Z');
const before = (milliseconds: number): Date => new Date(WRITTEN.getTime() - milliseconds);

function comment(id = 1): Comment {
  return { id, body: '/build', author: ANN, createdAt: WRITTEN, edited: false, url: '' };
}

/** A finder, and how often GitHub was asked when the branch moved. */
function finder(since: Date | undefined, { there = pullRequest(), state = stateOf() } = {}) {
  const asked: PullRequest[] = [];
  const headSince = (ref: PullRequest): Promise<Date | undefined> => {
    asked.push(ref);
    return Promise.resolve(since);
  };
  const github = { pullRequests: { headSince } } as unknown as Parameters<typeof commitFinder>[0];
  return { asked, find: commitFinder(github, there, state) };
}

describe('the commit that a comment means', () => {
  it('is the one that was recorded before a restart, of its build or its start', async () => {
    const built = finder(undefined, { state: stateOf(build('accepted', [], { request: request(1) })) });
    expect(await built.find.fixed(comment(), Promise.resolve(HEAD))).to.equal(COMMIT);
    const started = { ...stateOf(), pickUps: [{ commentId: 1, commit: 'd'.repeat(40), times: 1 }] };
    expect(await finder(undefined, { state: started }).find.fixed(comment())).to.equal('d'.repeat(40));
    expect(
      await finder(undefined, { state: started }).find.fixed(comment(2), Promise.resolve(HEAD)),
    ).to.equal(HEAD);
  });

  it('is the head when it arrived, where that is known', async () => {
    const { find } = finder(undefined);
    expect(await find.fixed(comment(), Promise.resolve(HEAD))).to.equal(HEAD);
    expect(await find.fixed(comment(), Promise.resolve(undefined))).to.equal(undefined);
    expect(await find.fixed(comment())).to.equal(undefined);
  });

  it('is the head now, if the branch moved before it was written', async () => {
    expect(await finder(before(1)).find.unmoved(comment(), true)).to.equal(HEAD);
    for (const since of [before(0), before(-1), undefined])
      expect(await finder(since).find.unmoved(comment(), true)).to.equal(undefined);
  });

  it('does not matter to commands that read no files', async () => {
    const { asked, find } = finder(undefined);
    expect(await find.unmoved(comment(), false)).to.equal(HEAD);
    expect(asked).to.deep.equal([]);
  });

  it('is unknown without a pull request', async () => {
    const github = { pullRequests: {} } as Parameters<typeof commitFinder>[0];
    const find = commitFinder(github, undefined, stateOf());
    expect(await find.unmoved(comment(), true)).to.equal(undefined);
    expect(await find.unmoved(comment(), false)).to.equal(undefined);
  });

  it('asks GitHub once for all comments', async () => {
    const { asked, find } = finder(before(1));
    await Promise.all([find.unmoved(comment(1), true), find.unmoved(comment(2), true)]);
    expect(asked).to.have.length(1);
  });
});

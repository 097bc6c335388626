import { mock } from 'node:test';

import { expect } from 'chai';

import { Heads } from '../../../../server/inbox/heads.js';
import type { PlacedComment, PullRequest, PullRequestRef } from '../../../../server/ports.js';
import { ANN, HEAD, pullRequest, REPOSITORY } from '../facts.js';

const NOW = new Date('2026-01-02T03:04:05Z');

/** Heads with a GitHub that answers when it is told to. */
function setUp() {
  const warnings: unknown[] = [];
  const asked: {
    readonly ref: PullRequestRef;
    readonly answer: (head?: string) => void;
    fail: () => void;
  }[] = [];
  const heads = new Heads({
    github: {
      now: () => NOW,
      pullRequests: {
        read: (ref) =>
          new Promise<PullRequest | undefined>((resolve, reject) => {
            asked.push({
              ref,
              answer: (commit) => {
                const head = commit && { commit, branch: 'change', repository: REPOSITORY };
                resolve(head ? pullRequest({ head }) : undefined);
              },
              fail: () => {
                reject(new Error('500'));
              },
            });
          }),
      },
    },
    log: { warn: (...line: unknown[]) => warnings.push(line) },
  });
  return { asked, heads, warnings };
}

function comment(number: number, secondsAgo = 1): PlacedComment {
  return {
    pullRequest: { repository: REPOSITORY, number },
    comment: {
      id: number,
      body: '/build',
      author: ANN,
      createdAt: new Date(NOW.getTime() - secondsAgo * 1000),
      edited: false,
      url: '',
    },
  };
}

async function turn(): Promise<void> {
  await new Promise((resolve) => setImmediate(resolve));
}

/** The heads that are known by now, or 'waiting': so a head that never comes fails a test at once. */
async function byNow(heads: readonly Promise<string | undefined>[]): Promise<unknown[]> {
  const waiting = turn().then(() => 'waiting');
  return await Promise.all(heads.map((head) => Promise.race([head, waiting])));
}

describe('threat 50: the head when a comment arrives', () => {
  beforeEach(() => {
    mock.timers.enable({ apis: ['setTimeout'] });
  });

  afterEach(() => {
    mock.timers.reset();
  });

  it('is read at once', async () => {
    const { asked, heads } = setUp();
    const head = heads.at(comment(1));
    expect(asked).to.have.length(1);
    asked[0]!.answer(HEAD);
    expect(await head).to.equal(HEAD);
  });

  it('is not known of a comment that was written long before', async () => {
    const { asked, heads } = setUp();
    const [old, young] = [heads.at(comment(1, 15.001)), heads.at(comment(2, 15))];
    for (const { answer } of asked) answer(HEAD);
    expect(await Promise.all([old, young])).to.deep.equal([undefined, HEAD]);
  });

  it('is none where the pull request is not there, which is no fault', async () => {
    const { asked, heads, warnings } = setUp();
    const head = heads.at(comment(1));
    asked[0]!.answer();
    expect(await head).to.equal(undefined);
    expect(warnings).to.deep.equal([]);
  });

  it('is not read any more once nobody waits for it', async () => {
    const { asked, heads } = setUp();
    const all = [1, 2, 3, 4, 5, 6].map((number) => heads.at(comment(number)));
    mock.timers.tick(10_000);
    expect(await byNow(all)).to.deep.equal(Array(6).fill(undefined));
    for (const { answer } of asked) answer(HEAD);
    await turn();
    expect(asked).to.have.length(5);
  });

  it('is not known where GitHub fails', async () => {
    const { asked, heads, warnings } = setUp();
    const failed = heads.at(comment(1));
    asked[0]!.fail();
    expect(await failed).to.equal(undefined);
    expect(warnings).to.have.length(1);
  });

  it('is waited for ten seconds, and no longer', async () => {
    const { asked, heads } = setUp();
    const [late, never] = [heads.at(comment(1)), heads.at(comment(2))];
    mock.timers.tick(9_999);
    expect(await byNow([late, never])).to.deep.equal(['waiting', 'waiting']);
    asked[0]!.answer(HEAD);
    expect(await byNow([late])).to.deep.equal([HEAD]);
    mock.timers.tick(1);
    expect(await byNow([never])).to.deep.equal([undefined]);
  });

  it('is never taken from an answer that was asked for before the comment', async () => {
    const { asked, heads } = setUp();
    const first = heads.at(comment(1));
    for (let i = 2; i <= 5; i++) void heads.at(comment(i));
    const later = [heads.at(comment(1)), heads.at(comment(1))];
    expect(asked).to.have.length(5);
    asked[0]!.answer(HEAD);
    expect(await first).to.equal(HEAD);
    await turn();
    // Both share what began after they came.
    expect(asked).to.have.length(6);
    asked[5]!.answer('c'.repeat(40));
    expect(await byNow(later)).to.deep.equal(['c'.repeat(40), 'c'.repeat(40)]);
  });

  it('is read of few pull requests at once, and of no more than may wait', async () => {
    const { asked, heads } = setUp();
    const all = Array.from({ length: 1_000 }, (_, i) => heads.at(comment(i + 1)));
    expect(asked).to.have.length(5);
    // It grows meanwhile.
    for (const { answer } of asked) {
      answer(HEAD);
      await turn();
    }
    expect(asked).to.have.length(505);
    expect((await byNow(all)).filter((head) => head === HEAD)).to.have.length(505);
  });
});

import { expect } from 'chai';

import { readState } from '../../../../server/comment/shape.js';
import { build, COMMIT, request, row, stateOf } from '../../../support/conversation.js';

/** A state with this commit, time and kind of failure. */
function stateWith({ commit = COMMIT, at = '2026-11-22T12:00:00.000Z', kind = 'dockerfile_step' }): unknown {
  const failure = { kind, reason: 'reason', nextStep: 'next' };
  return {
    ...stateOf(
      build('failed', [row('trainer', 'failed', { failure: failure as never })], {
        request: request(1, { commit, at }),
      }),
    ),
    reply: { commentId: 3, by: 'ada', kind: 'refusal', markdown: 'no', stranger: true },
  };
}

describe('threat 28: a state that is read back from a comment', () => {
  it('is read as it was written', () => {
    expect(readState(stateWith({}))).to.deep.equal(stateWith({}));
  });

  it('has full ids of commits', () => {
    for (const commit of [
      COMMIT.slice(1),
      `${COMMIT}0`,
      COMMIT.toUpperCase(),
      `${COMMIT}\n`,
      `x${COMMIT.slice(1)}`,
      'HEAD',
    ])
      expect(() => readState(stateWith({ commit })), commit).to.throw(TypeError);
  });

  it('has commits of SHA-1 and of SHA-256', () => {
    const sha256 = 'a1'.repeat(32);
    expect(readState(stateWith({ commit: sha256 }))).to.deep.equal(stateWith({ commit: sha256 }));
    for (const commit of [`${COMMIT}${'g'.repeat(24)}`, `${sha256}0`])
      expect(() => readState(stateWith({ commit })), commit).to.throw(TypeError);
  });

  it('has times of UTC', () => {
    const at = '2026-11-22T12:00:00Z';
    expect(readState(stateWith({ at }))).to.deep.equal(stateWith({ at }));
    for (const wrong of [
      `x${at}`,
      `${at}x`,
      'now',
      at.replace('Z', '+01:00'),
      at.slice(2),
      at.replace('T', ' '),
    ])
      expect(() => readState(stateWith({ at: wrong })), wrong).to.throw(TypeError);
  });

  it('has kinds of failures in small letters', () => {
    for (const kind of ['', 'a b', 'A', 'a1', '-a', 'a\n'])
      expect(() => readState(stateWith({ kind })), kind).to.throw(TypeError);
  });

  it('rejects a reply that says it is not for a stranger', () => {
    const state = stateWith({}) as { reply: object };
    expect(() => readState({ ...state, reply: { ...state.reply, stranger: false } })).to.throw(TypeError);
  });
});

import { expect } from 'chai';
import fc from 'fast-check';

import { readMarker, writeMarker } from '../../../../server/comment/marker.js';
import { mergeStates } from '../../../../server/comment/merge.js';
import { givenBack, pickedUp, pickUpOf, putDown } from '../../../../server/comment/pick-ups.js';
import { renderComment } from '../../../../server/comment/render.js';
import { NOTHING_YET } from '../../../../server/comment/state.js';
import { REPOSITORY } from '../facts.js';

const COMMIT = 'a'.repeat(40);

describe('threat 51: pick-ups', () => {
  it('are counted, and the same start counts once', () => {
    const once = pickedUp(NOTHING_YET, [1, 2], COMMIT, 1);
    expect(once.pickUps).to.deep.equal([
      { commentId: 1, commit: COMMIT, times: 1 },
      { commentId: 2, commit: COMMIT, times: 1 },
    ]);
    expect(pickedUp(once, [1, 2], COMMIT, 1)).to.equal(once);
    expect(pickUpOf(pickedUp(once, [1], COMMIT, 2), 1)?.times).to.equal(2);
    // Another replica that knew less takes nothing back.
    expect(pickUpOf(pickedUp(pickedUp(once, [1], COMMIT, 2), [1], COMMIT, 1), 1)?.times).to.equal(2);
  });

  it('are given back once, with their commit kept', () => {
    const twice = pickedUp(NOTHING_YET, [1], COMMIT, 2);
    const back = givenBack(twice, [1], 2);
    expect(back.pickUps).to.deep.equal([{ commentId: 1, commit: COMMIT, times: 1 }]);
    expect(givenBack(back, [1], 2)).to.equal(back);
    expect(givenBack(NOTHING_YET, [1], 1)).to.equal(NOTHING_YET);
  });

  it('are given back by their comment and their count, and no other', () => {
    const others = pickedUp(pickedUp(NOTHING_YET, [2], COMMIT, 1), [3], COMMIT, 2);
    const back = givenBack(pickedUp(others, [1], COMMIT, 2), [1, 2], 2);
    expect(back.pickUps?.map(({ times }) => times)).to.deep.equal([1, 1, 2]);
  });

  it('keep the commit of the first start', () => {
    const twice = pickedUp(pickedUp(NOTHING_YET, [1], COMMIT, 1), [1, 2], 'b'.repeat(40), 2);
    expect(twice.pickUps?.map(({ commit }) => commit)).to.deep.equal([COMMIT, 'b'.repeat(40)]);
  });

  it('are forgotten at the end', () => {
    const state = pickedUp(NOTHING_YET, [1], COMMIT, 1);
    expect(putDown(state, [2])).to.equal(state);
    expect(putDown(state, [1])).to.deep.equal(NOTHING_YET);
  });

  it('are in the comment, hidden', () => {
    const state = pickedUp(NOTHING_YET, [1], COMMIT, 1);
    const { body } = renderComment(state, { web: 'https://github.com', repository: REPOSITORY, number: 17 });
    expect(readMarker(body)).to.deep.equal({ kind: 'state', state });
    expect(body.split('\n').slice(1).join('\n')).to.include('Working on a command').and.not.include(COMMIT);
  });

  it('stay bounded, the latest of them', () => {
    const ids = Array.from({ length: 1_000 }, (_, i) => 3_000_000_000 + i);
    const state = pickedUp(NOTHING_YET, ids, COMMIT, 3);
    expect(state.pickUps).to.have.length(200);
    expect(state.pickUps?.at(-1)?.commentId).to.equal(ids.at(-1));
    expect(writeMarker(state).length).to.be.lessThan(4_000);
  });

  it('of two replicas become one: the larger count of each', () => {
    const times = fc.dictionary(fc.integer({ min: 1, max: 9 }).map(String), fc.integer({ min: 0, max: 3 }));
    const stateOf = (all: Record<string, number>) =>
      Object.entries(all).reduce((so, [id, n]) => pickedUp(so, [Number(id)], COMMIT, n), NOTHING_YET);
    fc.assert(
      fc.property(times, times, (a, b) => {
        const merged = mergeStates(stateOf(a), stateOf(b));
        for (const id of new Set([...Object.keys(a), ...Object.keys(b)])) {
          const larger = Math.max(a[id] ?? -1, b[id] ?? -1);
          expect(pickUpOf(merged, Number(id))?.times).to.equal(larger);
        }
        expect(merged.pickUps ?? []).to.have.length(new Set([...Object.keys(a), ...Object.keys(b)]).size);
      }),
    );
  });
});

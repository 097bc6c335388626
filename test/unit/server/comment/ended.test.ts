import { expect } from 'chai';
import fc from 'fast-check';

import { ended, endOf } from '../../../../server/comment/ended.js';
import { readMarker, writeMarker } from '../../../../server/comment/marker.js';
import { mergeStates } from '../../../../server/comment/merge.js';
import { pickedUp } from '../../../../server/comment/pick-ups.js';
import { NOTHING_YET } from '../../../../server/comment/state.js';
import { triggerId } from '../../../../server/comment/trigger-id.js';

const COMMIT = 'a'.repeat(40);

describe('threat 50: commands that a reply ended', () => {
  it('are no longer worked on, and are in the comment', () => {
    const state = ended(pickedUp(NOTHING_YET, [1, 2], COMMIT, 2), [1], 'refusal');
    expect(state.pickUps?.map(({ commentId }) => commentId)).to.deep.equal([2]);
    expect(endOf(state, 1)).to.equal('refusal');
    expect(endOf(state, 2)).to.equal(undefined);
    expect(readMarker(writeMarker(state))).to.deep.equal({ kind: 'state', state });
  });

  it('keep their first end', () => {
    const state = ended(NOTHING_YET, [1], 'refusal');
    expect(ended(state, [1], 'answer')).to.equal(state);
    expect(endOf(ended(state, [1, 2], 'answer'), 1)).to.equal('refusal');
    expect(endOf(mergeStates(state, ended(NOTHING_YET, [1, 2], 'answer')), 1)).to.equal('refusal');
  });

  it('are the latest 100, of one state and of two', () => {
    fc.assert(
      fc.property(
        fc.uniqueArray(fc.integer({ min: 1 }), { maxLength: 300, size: 'max' }),
        fc.nat(300),
        (ids, middle) => {
          const latest = ids.toSorted((a, b) => a - b).slice(-100);
          const one = ended(NOTHING_YET, ids, 'answer');
          const two = mergeStates(
            ended(NOTHING_YET, ids.slice(0, middle), 'answer'),
            ended(NOTHING_YET, ids.slice(middle), 'answer'),
          );
          for (const state of [one, two])
            expect((state.ended ?? []).map(({ commentId }) => commentId)).to.deep.equal(latest);
        },
      ),
    );
  });

  it('are not triggers: the same commit can be looked at again', () => {
    const id = triggerId('plan', COMMIT, 0);
    expect(ended(NOTHING_YET, [id], 'answer')).to.equal(NOTHING_YET);
  });
});

import { expect } from 'chai';

import { putDown, pickedUp } from '../../../server/comment/pick-ups.js';
import { NOTHING_YET } from '../../../server/comment/state.js';
import { replied } from '../../../server/comment/transitions.js';
import { countingStart, isTurnedDown, refusing, TakenElsewhere } from '../../../server/pick-ups.js';
import type { Taken } from '../../../server/taken.js';

const COMMIT = 'a'.repeat(40);
const say = refusing([1], NOTHING_YET, (state) =>
  replied(state, { commentId: 1, by: 'ada', kind: 'refusal', markdown: 'moved' }),
);
const start = countingStart({
  comments: [{ id: 1 }] as unknown as Taken['comments'],
  pullRequest: {} as Taken['pullRequest'],
  commit: COMMIT,
  starts: 0,
});

describe('threat 50: two replicas that see a different head', () => {
  it('a refusal lets go what another replica has started or answered meanwhile', () => {
    const started = pickedUp(NOTHING_YET, [1], COMMIT, 1);
    expect(() => say(started)).to.throw(TakenElsewhere);
    const answered = replied(NOTHING_YET, { commentId: 1, by: 'ada', kind: 'answer', markdown: 'plan' });
    expect(() => say(answered)).to.throw(TakenElsewhere);
  });

  it('a start lets go what another replica has refused, also after its end', () => {
    const refused = putDown(say(NOTHING_YET), [1]);
    expect(isTurnedDown(refused, 1)).to.equal(true);
    expect(refused.reply?.markdown).to.equal('moved');
    expect(() => start(refused)).to.throw(TakenElsewhere);
    expect(say(refused)).to.equal(refused);
  });

  it('what was recorded before it was decided is refused nevertheless', () => {
    const started = pickedUp(NOTHING_YET, [1], COMMIT, 1);
    expect(isTurnedDown(refusing([1], started, (state) => state)(started), 1)).to.equal(true);
  });
});

import { expect } from 'chai';

import type { AuthorisedCommand } from '../../../../server/builds/authorised-command.js';
import {
  checkSameCommit,
  startChange,
  endChange,
  reactionOf,
  refusalChange,
  replyChange,
  startsOf,
  HandledElsewhere,
} from '../../../../server/builds/pick-ups.js';
import type { StateChange } from '../../../../server/comment/conversations.js';
import { endOf } from '../../../../server/comment/ended.js';
import { pickedUp, pickUpOf, putDown } from '../../../../server/comment/pick-ups.js';
import { NOTHING_YET, type ConversationState } from '../../../../server/comment/state.js';
import { accepted, changeBuild, replied, submitted } from '../../../../server/comment/transitions.js';
import { request } from '../../../support/conversation.js';

const COMMIT = 'a'.repeat(40);
const OTHER = 'b'.repeat(40);

const commentsOf = (...ids: number[]): AuthorisedCommand['comments'] =>
  ids.map((id) => ({ id })) as unknown as AuthorisedCommand['comments'];
const starting = (ids: readonly number[], starts = 0): StateChange =>
  startChange({
    comments: commentsOf(...ids),
    commit: COMMIT,
    starts,
  });
const told =
  (id: number, markdown = 'moved'): StateChange =>
  (state) =>
    replied(state, { commentId: id, by: 'ada', kind: 'refusal', markdown });
const refuse = (ids: readonly number[], seen: ConversationState = NOTHING_YET): StateChange =>
  refusalChange(ids, seen, told(ids[0] ?? 0));

describe('threat 50: two replicas that see a different head', () => {
  it('a refusal lets go what another replica has started, built or answered meanwhile', () => {
    for (const meanwhile of [
      pickedUp(NOTHING_YET, [1], COMMIT, 1),
      accepted(NOTHING_YET, request(1)),
      told(1, 'plan')(NOTHING_YET),
    ]) {
      expect(() => refuse([1])(meanwhile)).to.throw(HandledElsewhere);
      expect(() => refuse([1, 2])(meanwhile), 'one of two').to.throw(HandledElsewhere);
    }
  });

  it('a refusal is not stopped by what happened to another comment', () => {
    for (const meanwhile of [
      pickedUp(NOTHING_YET, [2], COMMIT, 1),
      accepted(NOTHING_YET, request(2)),
      told(2)(NOTHING_YET),
    ])
      expect(endOf(refuse([1])(meanwhile), 1)).to.equal('refusal');
  });

  it('a start lets go what another replica has refused, also after its end', () => {
    const refused = putDown(refuse([1])(NOTHING_YET), [1]);
    expect(endOf(refused, 1)).to.equal('refusal');
    expect(refused.reply?.markdown).to.equal('moved');
    expect(() => starting([1])(refused)).to.throw(HandledElsewhere);
    expect(() => starting([2, 1])(refused), 'one of two').to.throw(HandledElsewhere);
    expect(endOf(starting([2])(refused), 2)).to.equal(undefined);
  });

  it('a reply takes the command out of the record, and is remembered beyond later ones', () => {
    const answered = replyChange([1], 'answer', told(1, 'plan'))(pickedUp(NOTHING_YET, [1], COMMIT, 1));
    expect(pickUpOf(answered, 1)).to.equal(undefined);
    expect(answered.reply?.markdown).to.equal('plan');
    const later = replyChange([2], 'answer', told(2, 'help'))(answered);
    expect(reactionOf(later, 1)).to.equal('rocket');
    expect(() => starting([1])(later)).to.throw(HandledElsewhere);
    expect(() => {
      checkSameCommit(later, commentsOf(1), COMMIT);
    }).to.throw(HandledElsewhere);
  });

  it('of two replies to a command the first stays, whatever came between', () => {
    for (const [first, second, reaction] of [
      ['refusal', 'answer', '-1'],
      ['answer', 'refusal', 'rocket'],
    ] as const) {
      const before = replyChange(
        [2],
        'answer',
        told(2, 'later'),
      )(replyChange([1], first, told(1, 'first'))(NOTHING_YET));
      const after = replyChange([1], second, told(1, 'second'))(before);
      expect(after).to.equal(before);
      expect(reactionOf(after, 1)).to.equal(reaction);
    }
  });

  it('a reply to two commands is written where another replica has ended one of them', () => {
    const refused = refuse([1])(NOTHING_YET);
    const answered = replyChange([1, 2], 'answer', told(2, 'plan'))(refused);
    expect(answered.reply?.markdown).to.equal('plan');
    expect([reactionOf(answered, 1), reactionOf(answered, 2)]).to.deep.equal(['-1', 'rocket']);
  });

  it('a reply is also the end of a build that is recorded for its commands, unless it has a workflow or others asked for it', () => {
    const recorded = accepted(NOTHING_YET, request(1));
    const reply = replyChange([1], 'refusal', told(1));
    for (const change of [reply, refuse([1], recorded)]) expect(change(recorded).builds).to.deep.equal([]);
    const made = submitted(recorded, request(1), { name: 'kfops-1' });
    expect(reply(made).builds).to.equal(made.builds);
    const shared = accepted(NOTHING_YET, request(1, { commentIds: [1, 2] }));
    expect(reply(shared).builds).to.equal(shared.builds);
    const failed = replyChange(
      [2],
      'answer',
      told(2),
    )(changeBuild(recorded, request(1), (each) => ({ ...each, state: 'failed' })));
    expect(failed.builds).to.have.length(1);
  });

  it('a refusal of somebody without permission is no end', () => {
    const stranger = { commentId: 1, by: 'eve', kind: 'refusal', markdown: '', stranger: true } as const;
    expect(reactionOf({ ...NOTHING_YET, reply: stranger }, 1)).to.equal(undefined);
  });

  it('a refusal that was written already changes nothing', () => {
    const refused = refuse([1, 2])(NOTHING_YET);
    expect(refuse([1, 2])(refused)).to.equal(refused);
  });

  it('a refusal of two comments is written where another replica has refused one of them', () => {
    const refused = refuse([1, 2])(refuse([1])(NOTHING_YET));
    expect([endOf(refused, 1), endOf(refused, 2)]).to.deep.equal(['refusal', 'refusal']);
    expect(refused.reply?.markdown).to.equal('moved');
  });

  it('what was recorded or answered before it was decided is refused nevertheless', () => {
    for (const seen of [
      pickedUp(NOTHING_YET, [1], COMMIT, 1),
      accepted(NOTHING_YET, request(1)),
      told(1, 'plan')(NOTHING_YET),
    ])
      expect(endOf(refuse([1], seen)(seen), 1)).to.equal('refusal');
  });

  it('an end takes the commands out of the record', () => {
    const ended = endChange([1], told(1))(pickedUp(NOTHING_YET, [1, 2], COMMIT, 1));
    expect(ended.pickUps?.map(({ commentId }) => commentId)).to.deep.equal([2]);
    expect(ended.reply?.markdown).to.equal('moved');
  });
});

describe('threat 51: a command whose starts end the server', () => {
  it('is started three times, and refused then', () => {
    for (const starts of [0, 1, 2])
      expect(startsOf(starting([1], starts)(NOTHING_YET), 1)).to.equal(starts + 1);
    for (const starts of [3, 4])
      expect(() => starting([1], starts))
        .to.throw(/stopped three times/)
        .with.property('name', 'WorkError');
  });

  it('has no start while nothing is recorded of it', () => {
    expect(startsOf(NOTHING_YET, 1)).to.equal(0);
    expect(startsOf(pickedUp(NOTHING_YET, [2], COMMIT, 1), 1)).to.equal(0);
  });
});

describe('threat 11: the commit of a command is fixed by its first record', () => {
  const check = (state: ConversationState, ...ids: number[]): void => {
    checkSameCommit(state, commentsOf(...ids), COMMIT);
  };

  it('accepts what is recorded with this commit, or not at all', () => {
    check(NOTHING_YET, 1);
    check(pickedUp(NOTHING_YET, [1], COMMIT, 1), 1, 2);
    check(accepted(NOTHING_YET, request(1, { commit: COMMIT })), 1);
  });

  it('lets go what is started or built with another commit', () => {
    const started = pickedUp(NOTHING_YET, [1], OTHER, 1);
    expect(pickUpOf(started, 1)?.commit).to.equal(OTHER);
    for (const state of [started, accepted(NOTHING_YET, request(1, { commit: OTHER }))]) {
      expect(() => {
        check(state, 1);
      }).to.throw(HandledElsewhere);
      expect(() => {
        check(state, 2, 1);
      }, 'one of two').to.throw(HandledElsewhere);
    }
  });

  it('goes by the build where there is one', () => {
    const built = accepted(pickedUp(NOTHING_YET, [1], OTHER, 1), request(1, { commit: COMMIT }));
    check(built, 1);
  });
});

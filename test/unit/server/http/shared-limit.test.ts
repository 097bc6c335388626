import { expect } from 'chai';
import fc from 'fast-check';

import { senderOf, SharedLimit } from '../../../../server/http/shared-limit.js';

describe('SharedLimit', () => {
  const create = (limit: number): { shared: SharedLimit<string>; dropped: string[] } => {
    const dropped: string[] = [];
    return { shared: new SharedLimit<string>(limit, (thing) => dropped.push(thing)), dropped };
  };

  it('drops the oldest thing of the sender that holds most, until the rest fits', () => {
    const { shared, dropped } = create(10);
    shared.hold('small', 'a', 4);
    shared.hold('old', 'b', 3);
    shared.hold('new', 'b', 3);
    expect(dropped, 'exactly full').to.deep.equal([]);
    shared.hold('next', 'c', 2);
    expect([dropped, shared.total]).to.deep.equal([['old'], 9]);
    expect(shared.grow('next', 7)).to.equal(false);
    expect([dropped, shared.total]).to.deep.equal([['old', 'next'], 7]);
  });

  it('lets a thing grow, and renews one with its weight', () => {
    const { shared, dropped } = create(10);
    shared.hold('one', 'a', 1);
    shared.hold('two', 'a', 1);
    expect(shared.grow('one', 7)).to.equal(true);
    expect(shared.total).to.equal(9);
    shared.renew('one');
    expect(shared.total).to.equal(9);
    shared.hold('three', 'a', 2);
    expect([dropped, shared.total]).to.deep.equal([['two'], 10]);
  });

  it('drops of several that hold the same, what was there first', () => {
    const { shared, dropped } = create(2);
    for (const thing of ['a', 'b', 'c']) shared.hold(thing, `sender of ${thing}`, 1);
    expect(dropped).to.deep.equal(['a']);
  });

  it('forgets a sender that holds nothing', () => {
    const { shared } = create(2);
    for (let i = 0; i < 10; i++) shared.hold(`thing ${i}`, `sender ${i}`, 1);
    expect(shared.senders).to.equal(2);
    shared.release('thing 9');
    expect(shared.senders).to.equal(1);
  });

  it('does nothing with what it does not hold', () => {
    const { shared, dropped } = create(1);
    shared.release('x');
    shared.renew('x');
    expect(shared.grow('x', 5)).to.equal(false);
    expect([shared.total, dropped]).to.deep.equal([0, []]);
  });

  it('never holds more than its limit, and drops each thing once', () => {
    const step = fc.record({
      what: fc.constantFrom('hold', 'grow', 'renew', 'release'),
      thing: fc.nat(20),
      sender: fc.nat(3),
      weight: fc.nat(12),
    });
    fc.assert(
      fc.property(fc.array(step), (steps) => {
        const held = new Map<number, number>();
        const shared = new SharedLimit<number>(10, (thing) => {
          expect(held.delete(thing)).to.equal(true);
        });
        for (const { what, thing, sender, weight } of steps) {
          if (what === 'hold') {
            held.set(thing, weight);
            shared.hold(thing, `s${sender}`, weight);
          } else if (what === 'grow') {
            const before = held.get(thing);
            if (before !== undefined) held.set(thing, before + weight);
            expect(shared.grow(thing, weight)).to.equal(held.has(thing));
          } else if (what === 'renew') {
            shared.renew(thing);
          } else {
            held.delete(thing);
            shared.release(thing);
          }
          const total = [...held.values()].reduce((sum, each) => sum + each, 0);
          expect(shared.total).to.equal(total).and.to.be.at.most(10);
        }
      }),
    );
  });
});

describe('senderOf', () => {
  it('is the address, or the network of one of IPv6', () => {
    for (const [address, sender] of [
      ['10.1.2.3', '10.1.2.3'],
      ['::ffff:10.1.2.3', '::ffff:10.1.2.3'],
      ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2'],
      ['2001:db8::1', '2001:db8:0:0'],
      ['2001:db8:1:2::', '2001:db8:1:2'],
      ['fe80::1:2:3:4%eth0', 'fe80:0:0:0'],
      ['::1', '0:0:0:0'],
      [undefined, ''],
    ] as const) {
      expect(senderOf(address)).to.equal(sender);
    }
  });
});

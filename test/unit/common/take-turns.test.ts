import { expect } from 'chai';

import { takeTurns } from '../../../common/take-turns.js';

const first = (item: string): string => item.charAt(0);
const second = (item: string): string => item.charAt(1);

describe('common/take-turns', () => {
  it('lets groups take turns, each in its own order', () => {
    expect(takeTurns(['a1', 'a2', 'a3', 'b1', 'c1', 'b2'], first)).to.deep.equal([
      'a1',
      'b1',
      'c1',
      'a2',
      'b2',
      'a3',
    ]);
  });

  it('lets the groups of a group take turns', () => {
    const items = ['ax1', 'ax2', 'ax3', 'ay1', 'bx1'];
    expect(takeTurns(items, first, second)).to.deep.equal(['ax1', 'bx1', 'ay1', 'ax2', 'ax3']);
  });

  it('keeps the order where there is no key, and where there is one group', () => {
    expect(takeTurns(['b', 'a'])).to.deep.equal(['b', 'a']);
    expect(takeTurns(['b', 'a'], () => '')).to.deep.equal(['b', 'a']);
    expect(takeTurns([], first)).to.deep.equal([]);
  });
});

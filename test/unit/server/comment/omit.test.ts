import { expect } from 'chai';

import { omit } from '../../../../server/comment/omit.js';

describe('omit', () => {
  it('leaves out the field, and no other', () => {
    const from = { a: 1, b: undefined, c: 'c' };
    expect(omit(from, 'a')).to.deep.equal({ b: undefined, c: 'c' });
    expect(omit(from, 'a', 'c')).to.deep.equal({ b: undefined });
    expect(from).to.have.property('a');
  });
});

import { expect } from 'chai';

import { asRecord, isRecord, parseRecord, recordOf } from '../../../common/json.js';

describe('a record of JSON', () => {
  it('is an object', () => {
    const value = { a: 1 };
    expect(isRecord(value)).to.equal(true);
    expect(asRecord(value)).to.equal(value);
    expect(recordOf(value)).to.equal(value);
  });

  for (const value of [null, undefined, 'text', 1, true, [], [{ a: 1 }]]) {
    it(`is not ${JSON.stringify(value)}`, () => {
      expect(isRecord(value)).to.equal(false);
      expect(asRecord(value)).to.equal(undefined);
      expect(recordOf(value)).to.deep.equal({});
    });
  }

  it('is read from a text', () => {
    expect(parseRecord('{"a": [1]}')).to.deep.equal({ a: [1] });
    for (const text of ['', '{', '[1]', 'null', '"a"']) expect(parseRecord(text), text).to.equal(undefined);
  });
});

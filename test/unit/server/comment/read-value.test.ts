import { expect } from 'chai';

import {
  count,
  list,
  oneOf,
  optional,
  record,
  text,
  boolean,
  type Read,
} from '../../../../server/comment/read-value.js';

const refused = (read: Read<unknown>, value: unknown): void => {
  expect(() => read(value, 'here'), JSON.stringify(value)).to.throw(TypeError, /^here is not /);
};

describe('threat 28: a value of unknown shape', () => {
  it('is text of at most a length, made valid', () => {
    expect(text(3)('abc', 'here')).to.equal('abc');
    expect(text(3)('', 'here')).to.equal('');
    expect(text(3)('a\ud83d', 'here')).to.equal('a\ufffd');
    for (const value of ['abcd', 1, null, undefined, ['a'], { length: 1 }]) refused(text(3), value);
  });

  it('is text of a pattern where there is one', () => {
    expect(text(3, /^[a-z]+$/)('abc', 'here')).to.equal('abc');
    refused(text(3, /^[a-z]+$/), 'ab1');
  });

  it('is a whole number from 0 on', () => {
    for (const value of [0, 7, Number.MAX_SAFE_INTEGER]) expect(count(value, 'here')).to.equal(value);
    for (const value of [-1, 0.5, 2 ** 53, NaN, Infinity, '1', null, undefined, [1], 1n])
      expect(() => count(value, 'here')).to.throw(TypeError, 'here is not a number');
  });

  it('is true or false', () => {
    expect([boolean(true, 'here'), boolean(false, 'here')]).to.deep.equal([true, false]);
    for (const value of ['true', 0, 1, null, undefined]) refused(boolean, value);
  });

  it('is one of some values', () => {
    const read = oneOf('a', 'b');
    expect([read('a', 'here'), read('b', 'here')]).to.deep.equal(['a', 'b']);
    for (const value of ['c', '', 'A', ['a'], null, undefined]) refused(read, value);
  });

  it('is a list of at most a length, of which each item is read', () => {
    const read = list(count, 2);
    for (const value of [[], [1], [1, 2]]) expect(read(value, 'here')).to.deep.equal(value);
    for (const value of [[1, 2, 3], 'ab', { length: 0 }, null, undefined]) refused(read, value);
    expect(() => read([1, 'x'], 'here')).to.throw(TypeError, 'here[1] is not a number');
  });

  it('is an object of known fields; others are dropped', () => {
    const read = record<{ a: number; b?: string }>({ a: count, b: optional(text(3)) });
    expect(read({ a: 1, b: 'b', c: 1 }, 'here')).to.deep.equal({ a: 1, b: 'b' });
    expect(read({ a: 1 }, 'here')).to.deep.equal({ a: 1 });
    expect(read({ a: 1, b: undefined }, 'here')).to.deep.equal({ a: 1 });
    for (const value of ['a', 1, null, undefined]) refused(read, value);
    for (const value of [{}, { b: 'b' }, [], { a: null }])
      expect(() => read(value, 'here')).to.throw(TypeError, 'here.a is not a number');
    for (const value of [
      { a: 1, b: null },
      { a: 1, b: 'long' },
    ])
      expect(() => read(value, 'here')).to.throw(TypeError, 'here.b is not text');
  });

  it('has no field of its prototype', () => {
    const read = record<{ a: number }>({ a: count });
    expect(() => read(Object.create({ a: 1 }), 'here')).to.throw(TypeError, 'here.a is not a number');
  });
});

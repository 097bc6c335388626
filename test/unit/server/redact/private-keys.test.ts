import { expect } from 'chai';

import { maskPrivateKeys } from '../../../../server/redact/private-keys.js';

const begin = (kind = ''): string => `-----BEGIN ${kind}PRIVATE KEY-----`;
const end = (kind = ''): string => `-----END ${kind}PRIVATE KEY-----`;

describe('threat 29: a private key in a log', () => {
  for (const kind of ['', 'RSA ', 'EC ', 'OPENSSH ', 'ENCRYPTED ', 'X25519 '])
    it(`is masked from its first line to its last: ${kind}PRIVATE KEY`, () => {
      expect(maskPrivateKeys(`a ${begin(kind)}\nkey\n${end(kind)} b`)).to.equal('a *** b');
    });

  it('is masked in the form of PGP', () => {
    const [first, last] = ['BEGIN', 'END'].map((edge) => `-----${edge} PGP PRIVATE KEY BLOCK-----`);
    expect(maskPrivateKeys(`a ${first}\nkey\n${last} b`)).to.equal('a *** b');
  });

  it('is masked as each of several', () => {
    const key = `${begin()}\nkey\n${end()}`;
    expect(maskPrivateKeys(`a ${key} b ${key} c`)).to.equal('a *** b *** c');
  });

  it('is masked to the end of the text where its last line is not there', () => {
    expect(maskPrivateKeys(`a ${begin()}\nkey`)).to.equal('a ***');
    expect(maskPrivateKeys(`a ${begin()}\nkey\n${end()} b ${begin()}\nkey`)).to.equal('a *** b ***');
  });

  it('is masked from the beginning of the text where its first line is not there', () => {
    expect(maskPrivateKeys(`key\n${end()} b`)).to.equal('*** b');
    expect(maskPrivateKeys(`${end()} b`)).to.equal('*** b');
  });

  it('takes with it no text between it and a last line alone', () => {
    expect(maskPrivateKeys(`key\n${end()} b ${end()} c`)).to.equal('*** b *** c');
  });

  it('is masked from the first of two first lines on', () => {
    expect(maskPrivateKeys(`a ${begin()}\nkey ${begin()}\nkey\n${end()} b`)).to.equal('a *** b');
  });

  it('is masked by a line of it, in base64 of 60 to 76 characters', () => {
    const line = (length: number): string => 'Ab1/+'.repeat(20).slice(0, length);
    for (const length of [60, 64, 76])
      expect(maskPrivateKeys(`a\n${line(length)}\nb\n${line(length)}==\n${line(length)}=`)).to.equal(
        'a\n***\nb\n***\n***',
      );
    for (const text of [line(59), line(77), `${line(64)}===`, `key ${line(64)}`, `${line(64)} key`])
      expect(maskPrivateKeys(text)).to.equal(text);
  });

  it('is a line with one small or one capital letter among 60, too', () => {
    for (const text of [
      `${'a'.repeat(63)}Z`,
      `Z${'0'.repeat(62)}a`,
      `${'Z'.repeat(63)}a`,
      `a${'Z'.repeat(63)}`,
    ])
      expect(maskPrivateKeys(text)).to.equal('***');
  });

  it('is no digest in hex, no certificate and no public key', () => {
    for (const text of [
      '0a1b'.repeat(16),
      '0A1B'.repeat(16),
      '-----BEGIN CERTIFICATE-----\nMIIE\n-----END CERTIFICATE-----',
      '-----BEGIN PUBLIC KEY-----\nMIIE\n-----END PUBLIC KEY-----',
      '-----BEGIN rsa PRIVATE KEY-----',
    ])
      expect(maskPrivateKeys(text)).to.equal(text);
  });
});

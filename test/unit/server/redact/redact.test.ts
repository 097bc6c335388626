import { expect } from 'chai';
import fc from 'fast-check';

import { redact } from '../../../../server/redact/redact.js';

const SECRET = 'hunter2-Correct/horse+battery';

/** As base64 writes it when these characters stand before it. */
function encoded(before: string, secret = SECRET): string {
  return Buffer.from(`${before}${secret}and more`).toString('base64');
}

describe('server/comment/redact', () => {
  describe('threat 29: a build prints a secret', () => {
    const known: readonly (readonly [what: string, text: string, masked: string])[] = [
      ['plain', `a ${SECRET} b`, 'a *** b'],
      ['twice', `${SECRET}${SECRET}`, '***'],
      ['split over lines', `a ${SECRET.slice(0, 9)}\n${SECRET.slice(9)} b`, 'a *** b'],
      ['split by colours', `a ${SECRET.slice(0, 9)}\u001b[31m${SECRET.slice(9)}\u001b[0m b`, 'a *** b'],
      ['split by zero-width characters', `a ${SECRET.slice(0, 9)}\u200b${SECRET.slice(9)} b`, 'a *** b'],
      ['each character on a line', `a ${Array.from(SECRET).join('\n')} b`, 'a *** b'],
      ['percent-encoded', `a ${encodeURIComponent(SECRET)} b`, 'a *** b'],
    ];
    for (const [what, text, masked] of known) {
      it(`known: ${what}`, () => {
        expect(redact(text, [SECRET])).to.equal(masked);
      });
    }

    for (const before of ['', 'x', 'xy']) {
      for (const [kind, form] of [
        ['base64', (text: string) => text],
        ['base64url', (text: string) => text.replace(/\+/g, '-').replace(/\//g, '_')],
        ['base64 over lines', (text: string) => text.replace(/.{10}/g, '$&\n')],
      ] as const) {
        it(`known: ${kind}, ${before.length} bytes before it`, () => {
          const masked = redact(`a ${form(encoded(before))} b`, [SECRET]);
          expect(masked).to.include('***');
          const left = Buffer.from(
            masked.replace(/^a | b$/g, '').replace(/\*\*\*[\s\S]*/, ''),
            'base64',
          ).toString('latin1');
          expect(left.length).to.be.at.most(before.length + 1);
        });
      }
    }

    it('known: any secret is gone, wherever it stands', () => {
      const secret = fc.string({
        minLength: 8,
        maxLength: 200,
        unit: fc.constantFrom(...Array.from('abAB01+/=-_.')),
      });
      fc.assert(
        fc.property(fc.string(), secret, fc.string(), (before, hidden, after) => {
          expect(redact(`${before} ${hidden} ${after}`, [hidden])).not.to.include(hidden);
        }),
      );
    });

    it('a part of a long secret is a secret, too', () => {
      const long = Array.from({ length: 40 }, (_, at) => `line${at}ofthekey`).join('');
      expect(redact(`x ${long.slice(0, 300)} y`, [long])).to.match(/^x \*\*\*.{0,64} y$/);
    });

    it('half of a secret of 128 characters is a secret, too', () => {
      const long = Array.from({ length: 16 }, (_, at) => `part-${at}`.padEnd(8, '_')).join('');
      for (const half of [long.slice(0, 64), long.slice(64)])
        expect(redact(`x ${half} y`, [long])).to.equal('x *** y');
    });

    it('a long secret is masked to its end', () => {
      fc.assert(
        fc.property(fc.integer({ min: 64, max: 400 }), (length) => {
          const long = Array.from({ length: 60 }, (_, at) => `at-${at}_`)
            .join('')
            .slice(0, length);
          expect(redact(`x ${long} y`, [long])).to.equal('x *** y');
        }),
      );
    });

    it('white space around a secret is no part of it', () => {
      expect(redact(`a ${SECRET} b`, [`\t${SECRET} \n`])).to.equal('a *** b');
      expect(redact('a four b', [' four\n'])).to.equal('a *** b');
    });

    it('words of one to three letters are no secrets', () => {
      expect(redact('the cat', ['the'])).to.equal('the cat');
      expect(redact('the cat', [''])).to.equal('the cat');
      expect(redact('a cat', ['a  \n'])).to.equal('a cat');
    });

    it('a secret of four to seven characters is masked as a word only', () => {
      expect(redact('minio miniordered adminio a-minio.b', ['minio'])).to.equal(
        '*** miniordered adminio a-***.b',
      );
      expect(redact('four afour fourth', ['four'])).to.equal('*** afour fourth');
      expect(redact('a1234567b 1234567', ['1234567'])).to.equal('a1234567b ***');
    });

    it('a secret of eight characters is masked wherever it is', () => {
      expect(redact('a12345678b', ['12345678'])).to.equal('a***b');
    });

    it('a secret inside a string of JSON is masked', () => {
      expect(redact(JSON.stringify({ message: 'a quote"and\\slash b' }), ['quote"and\\slash'])).to.equal(
        '{"message":"a *** b"}',
      );
    });

    describe('a secret of several lines', () => {
      const FIRST = '-----BEGIN CERTIFICATE-----';
      const LINE = 'sixteen-letters_';
      const NEXT = 'the-key-goes-on-----';
      const secret = [FIRST, `  ${LINE}`, NEXT, 'fifteen-letters', '-----END CERTIFICATE-----'].join('\r\n');

      it('each line of 16 characters is a secret', () => {
        for (const line of [LINE, NEXT]) {
          expect(redact(`a ${line} b`, [secret])).to.equal('a *** b');
          expect(redact(`a ${encoded('xyz', line)} b`, [secret])).to.match(/^a \S{4}\*\*\*\S+ b$/);
        }
      });

      it('shorter lines, and the first and last line of a key, are not', () => {
        const shown = `a ${FIRST} fifteen-letters -----END CERTIFICATE----- b`;
        expect(redact(shown, [secret])).to.equal(shown);
      });
    });

    const looks: readonly (readonly [text: string, masked: string])[] = [
      [`token ghp_${'a1B2'.repeat(9)} x`, 'token *** x'],
      [`github_pat_${'a1B2_'.repeat(9)}`, '***'],
      ['AKIAIOSFODNN7EXAMPLE', '***'],
      ['Authorization: Bearer abc.def-123456', 'Authorization: Bearer ***'],
      ['https://user:pa55word@host/x', 'https://user:***@host/x'],
      ['git+https://t0ken@host/x', 'git+https://***@host/x'],
      [`ghs_${'a1B2.'.repeat(9)}`, '***'],
      ['DB_PASSWORD=*secret*', 'DB_PASSWORD=***'],
      ['password: "with spaces in it"', 'password: ***'],
      ["api_key='x y'", 'api_key=***'],
      ['--token s3cr3t --other x', '--token *** --other x'],
      ['{"auth": "dXNlcjpwYXNz"}', '{"auth": "***"}'],
      [`eyJ${'a'.repeat(20)}.${'b'.repeat(20)}.${'c'.repeat(20)}`, '***'],
      ['a\n-----BEGIN RSA PRIVATE KEY-----\nMIIE\nabcd\n-----END RSA PRIVATE KEY-----\nb', 'a\n***\nb'],
      ['a\n-----BEGIN PRIVATE KEY-----\nMIIE\nabcd', 'a\n***'],
      ['MIIE\nabcd\n-----END PRIVATE KEY-----\nb', '***\nb'],
      [`a\n${'Ab1/'.repeat(16)}\nb`, 'a\n***\nb'],
    ];
    for (const [text, masked] of looks) {
      it(`by its look: ${JSON.stringify(text.slice(0, 40))}`, () => {
        expect(redact(text, [])).to.equal(masked);
      });
    }

    it('what is no secret stays', () => {
      const log = `INFO[0012] RUN pip install -r requirements.txt\nsha256:${'0a'.repeat(32)}\n${'0a'.repeat(32)}\nStep 3/7`;
      expect(redact(log, [SECRET])).to.equal(log);
    });

    // Quadratic, each of these takes minutes.
    const hostile = [
      'eyJ-',
      '-----END PRIVATE KEY-----',
      '-----BEGIN PRIVATE KEY-----',
      '\r',
      '\u001b[0',
      'password',
      '`',
      'a',
      '://a:',
      '\n\n',
      'token="',
      'hunter2-',
    ];
    for (const piece of hostile) {
      it(`a megabyte of ${JSON.stringify(piece)} is no trouble`, () => {
        redact(piece.repeat(1_000_000 / piece.length), [SECRET]);
      }).timeout(15_000);
    }
  });
});

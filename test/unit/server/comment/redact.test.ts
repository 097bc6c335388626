import { expect } from 'chai';
import fc from 'fast-check';

import { redact } from '../../../../server/comment/redact.js';

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

    it('words of one to three letters are no secrets', () => {
      expect(redact('the cat', ['the', ''])).to.equal('the cat');
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

import { deflateRawSync } from 'node:zlib';

import { expect } from 'chai';
import fc from 'fast-check';

import { hasMarker, readMarker, writeMarker } from '../../../../server/comment/marker.js';
import { NOTHING_YET } from '../../../../server/comment/state.js';
import { build, COMMIT, row, stateOf } from '../../../support/conversation.js';

const STATE = stateOf(build('failed', [row('trainer', 'failed', { tail: '-->\n<!-- x' })]));

function markerOf(json: string): string {
  return `<!-- kfops:1:${deflateRawSync(json).toString('base64url')} -->`;
}

describe('server/comment/marker', () => {
  it('what was written is read back, and the same state is the same text', () => {
    expect(readMarker(`${writeMarker(STATE)}\n### Hello`)).to.deep.equal({ kind: 'state', state: STATE });
    expect(writeMarker(STATE)).to.equal(writeMarker(structuredClone(STATE)));
  });

  it('is one line of an HTML comment, whatever it holds', () => {
    expect(writeMarker(STATE)).to.match(/^<!-- kfops:1:[A-Za-z0-9_-]+ -->$/);
  });

  describe('threat 28: false state marker', () => {
    it('only the very start counts', () => {
      const marker = writeMarker(STATE);
      for (const body of [
        '',
        'hello',
        ` ${marker}`,
        `\n${marker}`,
        `> ${marker}`,
        `x${marker}`,
        `\ufeff${marker}`,
      ])
        expect(readMarker(body).kind, JSON.stringify(body.slice(0, 20))).to.equal('none');
    });

    it('a bomb is refused before it is inflated', () => {
      const bomb = markerOf(' '.repeat(30 * 1024 * 1024));
      expect(bomb.length).to.be.below(65_536);
      const before = process.memoryUsage().arrayBuffers;
      expect(readMarker(bomb)).to.have.property('kind', 'unreadable');
      expect(process.memoryUsage().arrayBuffers - before).to.be.below(4 * 1024 * 1024);
      expect(readMarker(`${markerOf('{}')}${' '.repeat(70_000)}`).kind).to.equal('none');
    });

    it('a comment is read up to the length that GitHub takes', () => {
      const marker = writeMarker(STATE);
      expect(readMarker(marker.padEnd(65_536)).kind).to.equal('state');
      expect(readMarker(marker.padEnd(65_537)).kind).to.equal('none');
    });

    it('a marker of any version is one', () => {
      for (const version of ['1', '2', '123456789'])
        expect(hasMarker(`<!-- kfops:${version}: -->`), version).to.equal(true);
      for (const version of ['', 'x', '-1', '1234567890'])
        expect(hasMarker(`<!-- kfops:${version}: -->`), version).to.equal(false);
    });

    it('another version is not read', () => {
      expect(readMarker(writeMarker(STATE).replace(':1:', ':2:'))).to.deep.equal({
        kind: 'unreadable',
        why: 'its version is 2, not 1',
      });
    });

    it('what has no state’s shape is not read', () => {
      const wrong = [
        'null',
        '[]',
        '{"builds":[]',
        '{"builds":{},"approved":[]}',
        '{"builds":[{}],"approved":[]}',
        JSON.stringify({ builds: [], approved: ['--upload-pack=x'] }),
        JSON.stringify({ builds: [{ ...STATE.builds[0], state: 'won' }], approved: [] }),
        JSON.stringify({
          builds: [],
          approved: [],
          reply: { commentId: 0.5, by: 'x', kind: 'answer', markdown: '' },
        }),
      ];
      for (const json of wrong) expect(readMarker(markerOf(json)).kind, json).to.equal('unreadable');
      expect(readMarker('<!-- kfops:1:AAAA -->').kind).to.equal('unreadable');
      expect(readMarker('<!-- kfops:1: -->').kind).to.equal('unreadable');
    });

    it('fields that are none of a state are dropped, and prototypes stay as they are', () => {
      const json = `{"builds":[],"approved":["${COMMIT}"],"__proto__":{"polluted":1},"constructor":{"prototype":{"polluted":1}}}`;
      const read = readMarker(markerOf(json));
      expect(read).to.deep.equal({ kind: 'state', state: { ...NOTHING_YET, approved: [COMMIT] } });
      expect(({} as Record<string, unknown>).polluted).to.equal(undefined);
    });

    it('no text makes it throw', () => {
      fc.assert(
        fc.property(fc.string({ unit: 'binary' }), fc.json(), (text, json) => {
          expect(readMarker(text).kind).to.equal('none');
          expect(['state', 'unreadable']).to.include(readMarker(markerOf(json)).kind);
          expect(['none', 'unreadable']).to.include(readMarker(`<!-- kfops:1:${text} -->`).kind);
        }),
      );
    });
  });
});

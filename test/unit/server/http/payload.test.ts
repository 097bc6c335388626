import { expect } from 'chai';
import fc from 'fast-check';

import { logText } from '../../../../cli/output/received-text.js';
import { ConfigError } from '../../../../schema/index.js';
import { meaningOf, readDelivery } from '../../../../server/http/payload.js';
import { styleOf } from '../../../../templates/style.js';

describe('server/payload', () => {
  const eventOf = (payload: unknown): string => readDelivery(JSON.stringify(payload), 'p.json').event;

  it('tells the event by the shape where only one event has it', () => {
    expect(eventOf({ issue: {}, comment: {} })).to.equal('issue_comment');
    expect(eventOf({ number: 1, pull_request: {} })).to.equal('pull_request');
    for (const payload of [
      {},
      { number: 1, pull_request: {}, review: {} },
      { pull_request: {}, comment: {} },
    ])
      expect(() => eventOf(payload)).to.throw(ConfigError);
  });

  it('--event goes before what a delivery of GitHub’s API says, and that before the shape', () => {
    const delivery = { event: 'push', request: { payload: { issue: {}, comment: {} } } };
    expect(eventOf(delivery)).to.equal('push');
    expect(readDelivery(JSON.stringify(delivery), 'p.json', 'ping').event).to.equal('ping');
  });

  it('whatever it is given, it says what it means, why it means nothing, or what is wrong', () => {
    fc.assert(
      fc.property(
        fc.json(),
        fc.constantFrom(undefined, 'issue_comment', 'pull_request', 'push'),
        (text, event) => {
          try {
            const meaning = meaningOf(readDelivery(text, 'p.json', event), 'p.json');
            expect(meaning).to.have.any.keys('event', 'ignored');
          } catch (error) {
            expect(error).to.be.instanceOf(ConfigError);
          }
        },
      ),
    );
  });
});

describe('a line of the log, for people', () => {
  it('has its level, its message, its error and its fields, and moves no cursor', () => {
    const entry = { level: 'warn', time: 't', msg: 'no', err: { message: 'why' }, by: 'a\u001b[2J', n: 1 };
    expect(logText(JSON.stringify(entry), styleOf(false))).to.equal('warn  no (why) by=a\\x1b[2J n=1');
  });
});

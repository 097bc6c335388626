import { expect } from 'chai';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import type { Channel } from '../../../../server/notify/channels.js';
import { deliveryId } from '../../../../server/notify/message.js';
import type { Post } from '../../../../server/notify/post.js';
import { send } from '../../../../server/notify/send.js';
import { message } from './messages.js';

const SETTINGS = {
  name: 'ml-team',
  repositories: ['acme/*'],
  always: false,
  on: ['failed', 'recovered'],
  allow_private: false,
} satisfies Partial<Channel>;
const NEVER = new AbortController().signal;

describe('server/notify/send', () => {
  const folder = mkdtempSync(join(tmpdir(), 'kfops-send-'));
  after(() => {
    rmSync(folder, { recursive: true });
  });
  const file = (name: string, text: string): string => {
    writeFileSync(join(folder, name), text);
    return join(folder, name);
  };
  const slack: Channel = {
    ...SETTINGS,
    kind: 'slack',
    url_file: file('slack', 'https://hooks.slack.com/services/T000/B000/canary\n'),
  };

  async function sent(channel: Channel, given = message()): Promise<Post> {
    const posts: Post[] = [];
    const outcome = await send(channel, given, NEVER, (post) => {
      posts.push(post);
      return Promise.resolve({ kind: 'sent' });
    });
    expect(outcome.kind).to.equal('sent');
    return posts[0]!;
  }

  it('reads the files each time, so that they can be exchanged', async () => {
    expect((await sent(slack)).url.pathname).to.equal('/services/T000/B000/canary');
    file('slack', 'https://hooks.slack.com/services/new');
    expect((await sent(slack)).url.pathname).to.equal('/services/new');
  });

  it('signs the body and its time for a webhook', async () => {
    const webhook: Channel = {
      ...SETTINGS,
      kind: 'webhook',
      url: 'https://a.example.com/x',
      secret_file: file('secret', 's3cret\n'),
    };
    const { headers, body } = await sent(webhook);
    expect(headers['x-kfops-event']).to.equal('failed');
    expect(headers['x-kfops-delivery']).to.equal((JSON.parse(body) as { id: string }).id);
    expect(headers['x-kfops-signature-256']).to.match(/^sha256=[0-9a-f]{64}$/);
    expect(Math.abs(Number(headers['x-kfops-timestamp']) - Date.now() / 1000)).to.be.below(60);
  });

  it('has one id for all attempts, and another one for each channel and end', () => {
    const id = deliveryId(message(), 'a');
    expect(id).to.match(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/);
    expect(deliveryId(message({ summary: 'other' }), 'a')).to.equal(id);
    const others = [
      deliveryId(message(), 'b'),
      deliveryId(message({ time: '2026-01-02T04:00:00Z' }), 'a'),
      deliveryId(message({ event: 'recovered' }), 'a'),
    ];
    expect(new Set([id, ...others])).to.have.length(4);
  });

  it('threat 77: says which file is unusable, and nothing of its content', async () => {
    const contents = { 'no-url': 'canary-secret', http: 'http://canary.example.com/x', empty: ' \n' };
    const files = [...Object.entries(contents).map(([name, text]) => file(name, text)), join(folder, 'none')];
    for (const url_file of files) {
      const outcome = await send({ ...slack, url_file }, message(), NEVER, () => expect.fail('sent'));
      expect(outcome, url_file).to.have.property('kind', 'retry');
      expect(outcome)
        .to.have.property('problem')
        .that.matches(/^its url_file /)
        .and.not.includes('canary');
    }
  });
});

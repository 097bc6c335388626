import { expect } from 'chai';

import { slackBody } from '../../../../server/notify/slack.js';
import { message, PUSHED } from './messages.js';

interface Sent {
  readonly text: string;
  readonly blocks: readonly {
    readonly type: string;
    readonly text: Record<string, unknown> & { text: string };
  }[];
}

function body(...args: Parameters<typeof message>): Sent {
  return JSON.parse(slackBody(message(...args))) as Sent;
}

describe('server/notify/slack', () => {
  it('says what failed and why, with links', () => {
    const { text, blocks } = body();
    expect(text).to.equal(':x: Failed: acme/iris#17');
    expect(blocks).to.have.length(1);
    expect(blocks[0]!.text).to.deep.equal({
      type: 'mrkdwn',
      verbatim: true,
      text: [
        '*:x: Failed: acme/iris#17*',
        'trainer failed',
        '• trainer: `RUN pip install failed`',
        `<https://github.com/acme/iris/pull/17|pull request> · <https://github.com/acme/iris/commit/${'c0ffee'.padEnd(40, '0')}|commit c0ffee0> · <https://argo.example.com/workflows/kfops/kfops-pr-17-abc|workflow>`,
      ].join('\n'),
    });
  });

  it('says which branch was pushed', () => {
    const { text, blocks } = body({}, PUSHED);
    expect(text).to.equal(':x: Failed: acme/iris release/1');
    expect(blocks[0]!.text.text).not.to.include('pull request');
    expect(blocks[0]!.text.text).to.include('|commit c0ffee0>');
  });

  it('says that a build succeeds again', () => {
    const { text } = body({ event: 'recovered', summary: 'Built trainer', failures: [] });
    expect(text).to.equal(':white_check_mark: Succeeded again: acme/iris#17');
  });

  it('threat 76: text of a build is no mention, link or markup', () => {
    const evil = 'a <!channel> <@U1> <https://evil.example|ok> & @channel @here `x` *b*\n<!here>';
    const sent = body({
      summary: evil,
      problem: evil,
      failures: [{ name: evil, kind: 'image', reason: evil }],
    });
    const own = sent.blocks[0]!.text.text.split('\n');
    expect(
      own.filter((line) => line !== ''),
      'no line of its own',
    ).to.have.length(5);
    for (const line of own.slice(1, -1)) {
      expect(line).not.to.match(/[<>]|&(?!amp;|lt;|gt;)|@(?!\u200b)/);
    }
    expect(own[2], 'code that nothing ends').to.match(/^`[^`]*`$/);
    expect(own[3]).to.match(/^• [^\n]*: `[^`]*`$/);
  });

  it('is short, whatever failed', () => {
    const failures = Array.from({ length: 10 }, (_, i) => ({
      name: `image-${i}`,
      kind: 'image' as const,
      reason: '<'.repeat(300),
    }));
    const { blocks } = body({ failures, more: 490, summary: '<'.repeat(300) });
    const { text } = blocks[0]!.text;
    expect(text.length, "Slack's limit").to.be.below(3_000);
    const listed = [...text.matchAll(/• image-/g)].length;
    expect(listed).to.be.within(1, 5);
    expect(text).to.include(`• ${500 - listed} more`);
  });
});

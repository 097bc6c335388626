import { expect } from 'chai';
import { pino } from 'pino';

import { defaultSettings } from '../../../../schema/index.js';
import type { Build } from '../../../../server/comment/state.js';
import { NOTHING_YET } from '../../../../server/comment/state.js';
import type { Channel } from '../../../../server/notify/channels.js';
import { dueNotice } from '../../../../server/notify/due.js';
import { readNotice } from '../../../../server/notify/notice.js';

const REF = { repository: { id: 1, owner: 'acme', name: 'iris' }, number: 17 };

const CHANNEL: Channel = {
  name: 'audit',
  kind: 'webhook',
  repositories: ['acme/*', '!acme/secret'],
  always: false,
  on: ['failed', 'recovered'],
  allow_private: false,
};

function build(rows: Build['rows'], more: Partial<Build> = {}): Build {
  const request = {
    commentIds: [1],
    by: ['ada'],
    at: '2026-01-02T03:00:00Z',
    flags: [],
    commit: 'a'.repeat(40),
  };
  return {
    request: { ...request, verb: 'build' },
    state: 'failed',
    rows,
    finishedAt: '2026-01-02T03:06:07Z',
    ...more,
  };
}

function due(given: Build, channel: Partial<Channel> = {}, ref = REF) {
  const settings = { ...defaultSettings(), notify: [{ ...CHANNEL, ...channel }] };
  const notice = dueNotice(settings, pino({ level: 'silent' }));
  return notice({ ...NOTHING_YET, builds: [given] }, given, ref);
}

describe('server/notify/due', () => {
  it('keeps what failed and why, on one line each, within limits', () => {
    const rows = Array.from({ length: 12 }, (_, i) => ({
      name: `image-${i}`,
      kind: 'image' as const,
      state: 'failed' as const,
      failure: { kind: 'unknown' as const, reason: `it\n\u202efailed ${'x'.repeat(1000)}`, nextStep: '' },
      logUrl: 'https://argo.example.com/x',
    }));
    const notice = readNotice(due(build(rows))?.text);
    expect(notice).to.deep.include({ event: 'failed', time: '2026-01-02T03:06:07Z', more: 2 });
    expect(notice?.summary).to.equal('12 of 12 images failed');
    expect(notice?.failures).to.have.length(10);
    const [first] = notice!.failures;
    expect(first).to.deep.include({ name: 'image-0', kind: 'image', url: 'https://argo.example.com/x' });
    expect(first?.reason)
      .to.match(/^it failed x+…$/)
      .and.to.have.length(300);
  });

  it('is none where no channel of the repository wants it', () => {
    expect(due(build([]))?.event).to.equal('failed');
    expect(due(build([]), { on: ['recovered'] })).to.equal(undefined);
    expect(due(build([]), { repositories: ['other/*'] })).to.equal(undefined);
    const secret = { ...REF, repository: { ...REF.repository, name: 'Secret' } };
    expect(due(build([]), {}, secret), 'excluded, in any case').to.equal(undefined);
    expect(due(build([], { state: 'succeeded' }))).to.equal(undefined);
  });

  it('is due once when a pull request is green again', () => {
    const notice = dueNotice({ ...defaultSettings(), notify: [CHANNEL] }, pino({ level: 'silent' }));
    const [failed, green, still] = (['failed', 'succeeded', 'succeeded'] as const).map((state, i) => {
      const { request } = build([]);
      return build([], { state, request: { ...request, commentIds: [i + 1] } });
    }) as [Build, Build, Build];
    const ended = (...builds: [Build, ...Build[]]) => notice({ ...NOTHING_YET, builds }, builds[0], REF);
    expect(ended(green, failed)?.event).to.equal('recovered');
    expect(ended(still, green, failed)).to.equal(undefined);
  });

  it('reads nothing that it did not write', () => {
    for (const text of [
      undefined,
      '',
      '[]',
      '{}',
      '{"event":"x","time":"","summary":"","more":0,"failures":[]}',
    ])
      expect(readNotice(text)).to.equal(undefined);
  });
});

import { expect } from 'chai';

import {
  cannotShow,
  plainReport,
  renderOrPlainer,
  renderPlainest,
  withoutDetails,
} from '../../../../server/comment/plain.js';
import type { Build, ConversationState } from '../../../../server/comment/state.js';
import { build, COMMIT, CONTEXT, request, row, stateOf } from '../../../support/conversation.js';

/** A build that renderComment throws at: its times are no times. */
function broken(name: string): Build {
  return build('failed', [row(name, 'failed')], { startedAt: 'never' });
}

describe('server/comment/plain', () => {
  it('threat 45: shows the state of a build that cannot be rendered, and tells the error once', () => {
    const errors: unknown[] = [];
    const state = stateOf(broken('trainer'), broken('older'));
    const { body, state: kept } = renderOrPlainer(state, CONTEXT, (error) => errors.push(error));
    expect(errors).to.have.length(1);
    expect(kept.builds.map((each) => each.state)).to.deep.equal(['failed', 'failed']);
    expect(body).to.include('its details can’t be shown').and.include('TypeError');
    expect(renderOrPlainer(kept, CONTEXT, (error) => errors.push(error)).body).to.equal(body);
    expect(errors).to.have.length(1);
  });

  it('keeps what can be rendered', () => {
    const state = stateOf(broken('trainer'), build('succeeded', [], { summary: 'Built all of it' }));
    expect(renderOrPlainer(state, CONTEXT, () => undefined).body).to.include('Built all of it');
  });
  it('keeps the details of older builds where the latest cannot be shown, and the other way round', () => {
    const shown = build('succeeded', [], { summary: 'Built all of it', request: request(2) });
    const rendered = (...builds: Build[]): readonly (string | undefined)[] =>
      renderOrPlainer(stateOf(...builds), CONTEXT, () => undefined).state.builds.map(
        ({ summary, text }) => summary ?? text,
      );
    expect(rendered(broken('trainer'), shown, shown)).to.deep.equal([
      'its details can’t be shown because of a server error (TypeError)',
      'Built all of it',
      'Built all of it',
    ]);
  });

  it('drops the last answer only where it is what cannot be shown', () => {
    const reply = { commentId: 3, by: 'ada', kind: 'answer', markdown: 'the answer' } as const;
    const kept = (state: ConversationState): unknown =>
      renderOrPlainer(state, CONTEXT, () => undefined).state.reply?.markdown;
    expect(kept({ ...stateOf(broken('trainer'), broken('older')), reply })).to.equal('the answer');
    const noText = { ...reply, markdown: undefined as unknown as string };
    expect(kept({ ...stateOf(build('running', [])), reply: noText })).to.equal(undefined);
  });

  it('throws where nothing can be shown', () => {
    const nobody = request(1, { commentIds: undefined as never });
    expect(() =>
      renderOrPlainer(stateOf(build('failed', [], { request: nobody })), CONTEXT, () => undefined),
    ).to.throw(TypeError);
  });

  it('the plainest comment has what the server knows by itself, and no other text', () => {
    const foreign = build('failed', [row('foreign', 'failed', { tail: 'foreign' })], {
      workflow: { name: 'kfops-1', url: 'https://foreign.example' },
      summary: 'foreign',
      text: 'foreign',
      nextStep: 'foreign',
      published: { version: 'foreign', pinned: [], notPinned: [], warnings: [] },
    });
    const pickUps = [{ commentId: 9, commit: COMMIT, times: 1 }];
    const reply = { commentId: 3, by: 'foreign', kind: 'answer', markdown: 'foreign' } as const;
    const ended = [{ commentId: 8, kind: 'answer' as const }];
    const state = { ...stateOf(foreign), reply, approved: [COMMIT], pickUps, ended };
    const { body, state: kept } = renderPlainest(state, CONTEXT, new Error('foreign'));
    expect(body).not.to.include('foreign');
    expect(kept).to.deep.include({ approved: [COMMIT], pickUps, ended });
    expect(kept.builds[0]).to.deep.include({ state: 'failed', workflow: { name: 'kfops-1' } });
    expect(renderPlainest(stateOf(foreign), CONTEXT, new Error('foreign')).state).not.to.have.any.keys(
      'ended',
      'pickUps',
    );
    expect(withoutDetails(build('failed', []), new Error('foreign'))).not.to.have.property('workflow');
  });

  it('a check that cannot be shown has its state, and the comment that it belongs to', () => {
    const report = plainReport(build('failed', []), 'failure', new RangeError('foreign'));
    expect(report).to.deep.include({ commit: COMMIT, externalId: '1', state: 'failure', annotations: [] });
    expect(report.summary).to.include('RangeError').and.not.include('foreign');
    const unknown = { request: request(1, { commentIds: [] }) };
    expect(plainReport(unknown, 'failure', undefined).externalId).to.equal('');
  });

  it('of an error only the kind is shown, in letters', () => {
    expect(cannotShow(new SyntaxError('foreign'))).to.match(/ because of a server error \(SyntaxError\)$/);
    const foreign = Object.assign(new Error('foreign'), {
      name: `<b>[x](http://evil.test)${'y'.repeat(99)}`,
    });
    expect(cannotShow(foreign)).to.match(/ because of a server error \(bxhttpeviltesty{26}\)$/);
    for (const error of [
      'foreign',
      undefined,
      { name: 'foreign' },
      Object.assign(new Error(), { name: '1' }),
    ])
      expect(cannotShow(error)).to.match(/because of a server error$/);
  });
});

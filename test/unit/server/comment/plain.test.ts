import { expect } from 'chai';

import { renderOrPlainer } from '../../../../server/comment/plain.js';
import type { Build } from '../../../../server/comment/state.js';
import { build, CONTEXT, row, stateOf } from '../../../support/conversation.js';

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
});

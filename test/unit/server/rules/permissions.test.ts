import { expect } from 'chai';

import { isBot } from '../../../../server/rules/permissions.js';
import { ANN, ME } from '../facts.js';

describe('server/rules/permissions', () => {
  it('knows programs by their kind or their name', () => {
    expect([ANN, ME, { ...ANN, login: 'renovate[bot]' }].map(isBot)).to.deep.equal([false, true, true]);
  });
});

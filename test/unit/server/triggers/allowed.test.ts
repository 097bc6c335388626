import { expect } from 'chai';

import { parseSettings, type Settings } from '../../../../index.js';
import { allowedTriggers } from '../../../../server/triggers/allowed.js';

const CHURN = { owner: 'acme', name: 'churn' };
const SECRET = { owner: 'acme', name: 'secret' };

function settings(server: string): Settings {
  return parseSettings(`server: ${server}`, { file: 'settings.yaml' }).value;
}

describe('server/triggers/allowed', () => {
  it('nothing, unless the settings say so', () => {
    for (const server of [
      '{}',
      '{triggers: {}}',
      '{triggers: {pull_request: [], bots: ["x[bot]"]}}',
      '{triggers: null}',
    ])
      expect(allowedTriggers(settings(server), CHURN), server).to.equal(undefined);
  });

  it('what the settings say, 50 builds a day unless they say otherwise', () => {
    const none = { pull_request: [], push: [], tag: [], bots: [], daily_limit: 50 };
    for (const [given, expected] of [
      ['pull_request: [plan]', { pull_request: ['plan'] }],
      ['pull_request: [build], daily_limit: 3', { pull_request: ['build'], daily_limit: 3 }],
      ['push: [build, build_run]', { push: ['build', 'build_run'] }],
      ['tag: [build], bots: ["a[bot]"]', { tag: ['build'], bots: ['a[bot]'] }],
    ] as const)
      expect(allowedTriggers(settings(`{triggers: {${given}}}`), CHURN), given).to.deep.equal({
        ...none,
        ...expected,
      });
  });

  it('with rules, what the repository’s rule says: the general section counts for none', () => {
    const common = 'registries: [r.example.com/a], namespaces: [a], pipelines: [a]';
    const ruled = settings(`
  triggers: {pull_request: [plan, build]}
  rules:
    - {repositories: [acme/churn], ${common}, triggers: {pull_request: [build]}}
    - {repositories: [acme/secret], ${common}}`);
    expect(allowedTriggers(ruled, CHURN)).to.deep.include({ pull_request: ['build'], daily_limit: 50 });
    expect(allowedTriggers(ruled, SECRET)).to.equal(undefined);
    expect(allowedTriggers(ruled, { owner: 'other', name: 'x' })).to.equal(undefined);
  });
});

import { expect } from 'chai';

import { parseSettings, type Settings } from '../../../../schema/index.js';
import { isNothing, lacking, needsOf } from '../../../../server/doctor/needs.js';
import { EVENTS, RIGHTS, type AppEvent } from '../../../../server/setup/manifest.js';

function settings(server: object): Settings {
  return parseSettings(JSON.stringify({ server }), { file: 'settings.yaml' }).value;
}
const OPTIONAL: AppEvent = {
  event: 'pull_request_review',
  what: 'Pull request review',
  why: 'a test',
  usedBy: 'a test',
  triggers: ['pull_request'],
};

describe('what a server needs of GitHub', () => {
  const needed = (server: object): string[] =>
    needsOf(settings(server), [...EVENTS, OPTIONAL]).events.map(({ event }) => event);

  it('is an event for triggers only if the settings or a rule allow such a trigger', () => {
    const rule = { repositories: ['a/b'], registries: ['r.example'], namespaces: ['n'], pipelines: ['p'] };
    expect(needed({})).not.to.include(OPTIONAL.event);
    expect(needed({ triggers: { pull_request: [], daily_limit: 3 } })).not.to.include(OPTIONAL.event);
    expect(needed({ rules: [rule] })).not.to.include(OPTIONAL.event);
    expect(needed({ triggers: { pull_request: ['plan'] } })).to.include(OPTIONAL.event);
    expect(needed({ rules: [rule, { ...rule, triggers: { pull_request: ['build'] } }] })).to.include(
      OPTIONAL.event,
    );
  });

  it('is lacking below the level that is needed', () => {
    const needs = { rights: RIGHTS, events: EVENTS };
    const events = EVENTS.map(({ event }) => event);
    const permissions = Object.fromEntries(RIGHTS.map(({ scope, access }) => [scope, access]));
    expect(isNothing(lacking(needs, { permissions, events }))).to.equal(true);
    const less = { ...permissions, issues: 'read', contents: 'none' };
    expect(lacking(needs, { permissions: less, events: events.slice(1) })).to.deep.equal({
      rights: RIGHTS.filter(({ scope }) => scope === 'issues' || scope === 'contents'),
      events: EVENTS.slice(0, 1),
    });
    expect(isNothing(lacking(needs, { permissions: { ...permissions, issues: 'admin' }, events }))).to.equal(
      true,
    );
  });
});

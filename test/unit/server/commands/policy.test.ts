import { expect } from 'chai';

import { decide, screen, type Facts } from '../../../../server/commands/policy.js';
import { VERBS } from '../../../../server/commands/verb-table.js';
import { isFork } from '../../../../server/rules/permissions.js';
import { ANN, FORK, HEAD, ME, REPOSITORY, facts, pullRequest } from '../facts.js';

const kind = (changes: Partial<Facts>): string => decide(facts(changes)).kind;
const fromFork = pullRequest({ head: { commit: HEAD, branch: 'change', repository: FORK } });
const deletedFork = pullRequest({ head: { commit: HEAD, branch: 'change', repository: undefined } });
/** Those that the policy must know to read files. */
const READ_FILES = ['build', 'build_run', 'run', 'plan', 'retry'];
const OTHER = 'c'.repeat(40);

/** What a refusal tells. */
function refusal(changes: Partial<Facts>): string {
  const decision = decide(facts(changes));
  if (decision.kind !== 'refuse') throw new Error(`not refused: ${decision.kind}`);
  expect(decision.reason).to.match(/\.$/);
  expect(decision.nextStep).to.match(/\.$/);
  return `${decision.reason} ${decision.nextStep}`;
}

describe('the policy', () => {
  it('allows every command of somebody who may write, on drafts too', () => {
    for (const { name: verb } of VERBS) {
      if (verb === 'ok-to-test') continue;
      expect(kind({ command: { verb } }), verb).to.equal('allow');
      expect(kind({ command: { verb }, pullRequest: pullRequest({ draft: true }) }), verb).to.equal('allow');
    }
  });

  it('refuses on a closed pull request', () => {
    expect(refusal({ pullRequest: pullRequest({ open: false }) })).to.include('closed');
  });

  it('does not explain a command to strangers', () => {
    expect(decide({ ...facts({ permission: 'read' }), command: undefined as never }).kind).to.equal('refuse');
  });

  it('explains a command that cannot be read to people who may write', () => {
    expect(decide({ ...facts(), command: undefined as never }).kind).to.equal('allow');
  });

  it('says when GitHub did not tell the permission, and marks who may not write', () => {
    expect(refusal({ permission: 'unknown' })).to.include('GitHub did not say');
    expect(refusal({ permission: 'read' })).to.include('need write permission');
    for (const permission of ['unknown', 'read'] as const)
      expect(decide(facts({ permission }))).to.have.property('stranger', true);
    expect(decide(facts({ pullRequest: pullRequest({ open: false }) }))).not.to.have.property('stranger');
  });

  it('ignores a pull request that is not there', () => {
    expect(kind({ pullRequest: undefined })).to.equal('ignore');
  });
});

describe('threat 6: other repository', () => {
  for (const [owner, name] of [
    ['my-team', 'iris.evil'],
    ['my-team', 'iri'],
    ['my-team.evil', 'iris'],
    ['evil', 'iris'],
    ['my-team', ''],
    ['', 'my-team/iris'],
  ] as const) {
    it(`${owner}/${name} is ignored`, () => {
      expect(screen(facts({ repository: { owner, name } })).kind).to.equal('ignore');
      expect(kind({ repository: { owner, name } })).to.equal('ignore');
    });
  }

  it('is one of several that are served', () => {
    const repositories = ['my-team/other', 'my-team/iris', 'x/y'];
    expect(kind({ repositories })).to.equal('allow');
    expect(kind({ repositories: ['my-team/other'] })).to.equal('ignore');
  });

  it('takes upper and lower case for the same, as GitHub does', () => {
    expect(kind({ repository: { owner: 'My-Team', name: 'IRIS' } })).to.equal('allow');
  });
});

describe('threat 7: /build without permission', () => {
  for (const permission of ['none', 'read', 'triage', 'unknown'] as const) {
    it(`${permission}: every command is refused`, () => {
      for (const { name: verb } of VERBS)
        expect(kind({ permission, command: { verb } }), verb).to.equal('refuse');
    });
  }
  for (const permission of ['write', 'maintain', 'admin'] as const) {
    it(`${permission}: it is allowed`, () => {
      expect(kind({ permission })).to.equal('allow');
    });
  }
  it('a word that GitHub does not know yet is refused', () => {
    expect(kind({ permission: 'owner' as never })).to.equal('refuse');
  });
});

describe('threat 8: edited comment', () => {
  it('is ignored', () => {
    expect(kind({ edited: true })).to.equal('ignore');
  });
});

describe('threat 10: loop', () => {
  it('ignores its own comments and those of bots, whatever they may', () => {
    expect(kind({ author: { ...ANN, id: ME.id }, permission: 'admin' })).to.equal('ignore');
    expect(kind({ author: { ...ANN, bot: true }, permission: 'admin' })).to.equal('ignore');
    expect(kind({ author: { ...ANN, login: 'other[bot]' }, permission: 'admin' })).to.equal('ignore');
  });
});

describe('threat 11: approval of a fork', () => {
  const ok = (argument: string | undefined, changes: Partial<Facts> = {}): Partial<Facts> => ({
    command: { verb: 'ok-to-test', ...(argument !== undefined && { argument }) },
    pullRequest: fromFork,
    forks: true,
    ...changes,
  });
  it('takes the present head', () => {
    expect(kind(ok(HEAD))).to.equal('allow');
  });
  it('refuses another commit, and names the head', () => {
    expect(refusal(ok(OTHER))).to.include(HEAD);
  });
  it('refuses less than 40 digits', () => {
    for (const argument of [undefined, '', HEAD.slice(0, 7), HEAD.slice(1), `${HEAD}a`, 'HEAD'])
      expect(refusal(ok(argument))).to.include('40 digits');
  });
  it('refuses people without write permission, and of their own commit, too', () => {
    expect(kind(ok(HEAD, { permission: 'read', pullRequest: { ...fromFork, author: ANN } }))).to.equal(
      'refuse',
    );
  });
  it('refuses it where it means nothing', () => {
    expect(refusal(ok(HEAD, { pullRequest: pullRequest() }))).to.include('not from a fork');
    expect(refusal(ok(HEAD, { forks: false }))).to.include('builds none');
  });
  it('holds for that commit alone', () => {
    const approved = { forks: true, pullRequest: fromFork, approved: [OTHER] };
    expect(refusal(approved)).to.include(HEAD);
    expect(kind({ ...approved, approved: [OTHER, HEAD] })).to.equal('allow');
  });
  it('holds for the commit that was recorded, when the head went on', () => {
    const moved = { forks: true, pullRequest: fromFork, approved: [OTHER] };
    expect(kind({ ...moved, commit: OTHER })).to.equal('allow');
    expect(kind({ ...moved, approved: [HEAD], commit: OTHER })).to.equal('refuse');
  });
});

describe('threat 13: fork', () => {
  it('is one where the branch is elsewhere, or its repository is gone', () => {
    expect(isFork(fromFork)).to.equal(true);
    expect(isFork(deletedFork)).to.equal(true);
    expect(isFork(pullRequest())).to.equal(false);
    const renamed = { ...REPOSITORY, name: 'other' };
    expect(isFork(pullRequest({ head: { commit: HEAD, branch: 'change', repository: renamed } }))).to.equal(
      false,
    );
    const sameName = { ...REPOSITORY, id: 1000 };
    expect(isFork(pullRequest({ head: { commit: HEAD, branch: 'change', repository: sameName } }))).to.equal(
      true,
    );
  });

  for (const [name, request] of [
    ['elsewhere', fromFork],
    ['deleted', deletedFork],
  ] as const) {
    it(`${name}: nothing of it is read where the settings have no forks, approved or not`, () => {
      for (const verb of READ_FILES)
        expect(refusal({ pullRequest: request, command: { verb }, approved: [HEAD] })).to.include('fork');
    });
    it(`${name}: nothing of it is read before somebody let it be built`, () => {
      for (const verb of READ_FILES) {
        const about = { pullRequest: request, command: { verb }, forks: true };
        expect(refusal(about)).to.include(`ok-to-test ${HEAD}`);
        expect(kind({ ...about, approved: [HEAD] })).to.equal('allow');
      }
    });
    it(`${name}: names the approval as it is written with the prefix of the settings`, () => {
      const about = { pullRequest: request, command: { verb: 'build' }, forks: true };
      expect(refusal(about)).to.include(`\`/ok-to-test ${HEAD}\``);
      expect(refusal({ ...about, prefix: 'kfops' })).to.include(`\`/kfops ok-to-test ${HEAD}\``);
    });
    it(`${name}: what reads no files is answered`, () => {
      for (const verb of ['help', 'status', 'cancel'] as const)
        expect(kind({ pullRequest: request, command: { verb } })).to.equal('allow');
    });
  }
});

import { expect } from 'chai';
import fc from 'fast-check';

import type { StoppableWorkflow } from '../../../../argo/workflows/stopping.js';
import { LABELS } from '../../../../generator/workflow/names.js';
import { requestHash, workflowIdentity, type Identity } from '../../../../server/builds/identity.js';
import { decidePlacement } from '../../../../server/builds/placement.js';
import { HEAD, REPOSITORY } from '../facts.js';

const BUILD: Identity = {
  pullRequest: { repository: REPOSITORY, number: 17 },
  commit: HEAD,
  verb: 'build',
  flags: [],
};

/** Each differs from all others in one thing. */
const OTHERS: readonly (readonly [string, Identity])[] = [
  ['another repository', { ...BUILD, pullRequest: { repository: { ...REPOSITORY, id: 71 }, number: 17 } }],
  ['another pull request', { ...BUILD, pullRequest: { repository: REPOSITORY, number: 18 } }],
  ['another commit', { ...BUILD, commit: 'b'.repeat(40) }],
  ['another verb', { ...BUILD, verb: 'build_run' }],
  ['a flag', { ...BUILD, flags: ['--no-cache'] }],
  ['another flag', { ...BUILD, flags: ['--force'] }],
  ['two flags', { ...BUILD, flags: ['--force', '--no-cache'] }],
  ['a flag that reads like two', { ...BUILD, flags: ['--force,--no-cache'] }],
  ['a flag with a value', { ...BUILD, verb: 'run', flags: ['--version-id=a'] }],
  ['a flag with another value', { ...BUILD, verb: 'run', flags: ['--version-id=b'] }],
];

function workflow(identity: Identity): StoppableWorkflow {
  return {
    name: 'w',
    phase: 'running',
    finished: false,
    stopping: false,
    created: new Date(0),
    request: requestHash(identity),
    attempt: 1,
    commit: identity.commit,
    verb: identity.verb,
    by: 'ann',
    comments: [1],
  };
}

describe('threat 57: the identity of a request', () => {
  const identities = fc.record<Identity>({
    pullRequest: fc.record({
      repository: fc.record({
        id: fc.integer({ min: 1, max: 30 }),
        owner: fc.constantFrom('a', 'b'),
        name: fc.constantFrom('a', 'b'),
      }),
      number: fc.integer({ min: 1, max: 30 }),
    }),
    commit: fc.constantFrom(HEAD, 'b'.repeat(40), '', '1'),
    verb: fc.constantFrom('build', 'build_run', 'run', 'retry'),
    // Texts that a joint without quotes would mix up.
    flags: fc.array(fc.constantFrom('--a', '--b', '--a --b', '--a,--b', '--a","--b', '', ' ', '\n'), {
      maxLength: 3,
    }),
  });

  it('is the same for the same request, whatever the repository is called by now', () => {
    const renamed = { ...REPOSITORY, owner: 'other', name: 'other' };
    const again = { ...BUILD, pullRequest: { repository: renamed, number: 17 }, flags: [] };
    expect(requestHash(again)).to.equal(requestHash(BUILD));
  });

  it('differs with each of its parts', () => {
    const hashes = [BUILD, ...OTHERS.map(([, identity]) => identity)].map(requestHash);
    expect(new Set(hashes).size).to.equal(hashes.length);
    for (const hash of hashes) expect(hash).to.match(/^[0-9a-f]{20}$/);
  });

  it('is the same for no two requests that differ in anything', () => {
    const partsOf = ({ pullRequest, commit, verb, flags }: Identity): unknown => [
      pullRequest.repository.id,
      pullRequest.number,
      commit,
      verb,
      flags,
    ];
    fc.assert(
      fc.property(identities, identities, (a, b) => {
        const isSame = JSON.stringify(partsOf(a)) === JSON.stringify(partsOf(b));
        expect(requestHash(a) === requestHash(b)).to.equal(isSame);
      }),
      { numRuns: 2_000 },
    );
  });

  it('decides the name, with the attempt', () => {
    const name = (identity: Identity, attempt: number): string =>
      workflowIdentity(identity, attempt, [1], 'ann', 'rules').name;
    const names = [BUILD, ...OTHERS.map(([, identity]) => identity)].flatMap((identity) =>
      [1, 2, 11].map((attempt) => name(identity, attempt)),
    );
    expect(new Set(names).size).to.equal(names.length);
    // Names of pods are longer by 40 characters; a version stands in a label of Kubernetes, with 63.
    const marks = workflowIdentity(BUILD, 1, [1], 'ann', 'rules');
    expect(marks.name).to.match(/^kfops-pr-17-[0-9a-f]{12}$/);
    expect(marks.version).to.match(/^pr-17-a{12}-[0-9a-f]{6}$/);
    expect(name(BUILD, 1)).to.equal(workflowIdentity(BUILD, 1, [2, 3], 'bob', 'other').name);
    const { labels } = workflowIdentity(BUILD, 1, [1], 'ann', 'rules');
    expect(labels).to.deep.equal({ [LABELS.request]: requestHash(BUILD) });
  });

  const asked = (identity: Identity) =>
    ({ request: requestHash(identity), commentIds: [9], force: false, supersede: 'stop' }) as const;

  it('the same request joins what runs', () => {
    const there = workflow(BUILD);
    expect(decidePlacement([there], asked(BUILD))).to.deep.equal({ kind: 'join', workflow: there });
  });

  for (const [what, identity] of OTHERS) {
    it(`${what} joins nothing`, () => {
      const there = workflow(BUILD);
      const place = decidePlacement([there], asked(identity));
      expect(place).to.deep.equal({ kind: 'submit', attempt: 1, stop: [there] });
    });
  }
});

import { expect } from 'chai';
import fc from 'fast-check';

import type { StoppableWorkflow } from '../../../../argo/workflows/stopping.js';
import { LABELS } from '../../../../generator/workflow/names.js';
import { requestHash, workflowIdentity, type Identity } from '../../../../server/builds/identity.js';
import { decidePlacement } from '../../../../server/builds/placement.js';
import type { GitRef } from '../../../../server/ports.js';
import { HEAD, REPOSITORY } from '../facts.js';

const BUILD: Identity = {
  origin: { repository: REPOSITORY, number: 17 },
  commit: HEAD,
  verb: 'build',
  flags: [],
};

function pushed(ref: GitRef): Identity['origin'] {
  return { repository: REPOSITORY, commit: HEAD, ref };
}

/** Each differs from all others in one thing. */
const OTHERS: readonly (readonly [string, Identity])[] = [
  ['another repository', { ...BUILD, origin: { repository: { ...REPOSITORY, id: 71 }, number: 17 } }],
  ['another pull request', { ...BUILD, origin: { repository: REPOSITORY, number: 18 } }],
  ['a branch', { ...BUILD, origin: pushed({ kind: 'branch', name: 'main' }) }],
  ['another branch', { ...BUILD, origin: pushed({ kind: 'branch', name: '17' }) }],
  ['a tag', { ...BUILD, origin: pushed({ kind: 'tag', name: 'main' }) }],
  ['another commit', { ...BUILD, commit: 'b'.repeat(40) }],
  ['another verb', { ...BUILD, verb: 'build_run' }],
  ['a flag', { ...BUILD, flags: ['--no-cache'] }],
  ['another flag', { ...BUILD, flags: ['--force'] }],
  ['two flags', { ...BUILD, flags: ['--force', '--no-cache'] }],
  ['a flag that reads like two', { ...BUILD, flags: ['--force,--no-cache'] }],
  ['an image', { ...BUILD, images: ['trainer'] }],
  ['another image', { ...BUILD, images: ['serving'] }],
  ['two images', { ...BUILD, images: ['serving', 'trainer'] }],
  ['an image and a flag', { ...BUILD, images: ['trainer'], flags: ['--force'] }],
  ['a flag with a value', { ...BUILD, verb: 'run', flags: ['--version-id=a'] }],
  ['a flag with another value', { ...BUILD, verb: 'run', flags: ['--version-id=b'] }],
];

function workflow(identity: Identity): StoppableWorkflow {
  return {
    name: 'w',
    namespace: 'kfops',
    phase: 'running',
    finished: false,
    stopping: false,
    created: new Date(0),
    request: requestHash(identity),
    attempt: 1,
    commit: identity.commit,
    verb: identity.verb,
    by: 'ann',
    triggered: false,
    comments: [1],
  };
}

describe('threat 57: the identity of a request', () => {
  const identities = fc.record<Identity>({
    origin: fc.record({
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
    images: fc.option(fc.array(fc.constantFrom('a', 'b', '--a'), { minLength: 1, maxLength: 2 }), {
      nil: undefined,
    }),
    flags: fc.array(fc.constantFrom('--a', '--b', '--a --b', '--a,--b', '--a","--b', '', ' ', '\n'), {
      maxLength: 3,
    }),
  });

  it('is the same for the same request, whatever the repository is called by now', () => {
    const renamed = { ...REPOSITORY, owner: 'other', name: 'other' };
    const again = { ...BUILD, origin: { repository: renamed, number: 17 }, flags: [] };
    expect(requestHash(again)).to.equal(requestHash(BUILD));
  });

  it('differs with each of its parts', () => {
    const hashes = [BUILD, ...OTHERS.map(([, identity]) => identity)].map(requestHash);
    expect(new Set(hashes).size).to.equal(hashes.length);
    for (const hash of hashes) expect(hash).to.match(/^[0-9a-f]{20}$/);
  });

  it('is the same for no two requests that differ in anything', () => {
    const partsOf = ({ origin, commit, verb, images = [], flags }: Identity): unknown => [
      origin.repository.id,
      origin.number,
      commit,
      verb,
      images,
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

  describe('decides the name of the workflow', () => {
    const identityOf = workflowIdentity;
    const first = identityOf(BUILD, 1, { comments: [1], by: 'ann' }, 'rules');

    it('with the pull request and a hash', () => {
      expect(first.name).to.match(/^kfops-pr-17-[0-9a-f]{12}$/);
      // A version is in a label of Kubernetes, of at most 63 characters.
      expect(first.version).to.match(/^pr-17-a{12}-[0-9a-f]{6}$/);
    });

    it('of a push with a hash, its version with the branch and the commit', () => {
      const origin = pushed({ kind: 'branch', name: 'release/1.0' });
      const { name, version, labels, annotations } = identityOf(
        { ...BUILD, origin },
        1,
        { comments: [-1], by: 'ann', trigger: 'push' },
        'rules',
      );
      expect(name).to.match(/^kfops-push-[0-9a-f]{12}$/);
      expect(version).to.equal(`release-1.0-${'a'.repeat(12)}`);
      expect(labels[LABELS.trigger]).to.equal('push');
      expect(annotations['kfops.dev/ref']).to.equal('refs/heads/release/1.0');
    });

    it('differently for each attempt at each request', () => {
      const identities = [BUILD, ...OTHERS.map(([, identity]) => identity)];
      const all = identities.flatMap((identity) =>
        [1, 2, 11].map((attempt) => identityOf(identity, attempt, { comments: [1], by: 'ann' }, 'rules')),
      );
      expect(new Set(all.map(({ name }) => name)).size).to.equal(all.length);
      // A push publishes under the name of its branch; what is in it already is recognized when it is published.
      const versions = all.filter(({ name }) => name.startsWith('kfops-pr-')).map(({ version }) => version);
      expect(new Set(versions).size).to.equal(versions.length);
    });

    it('and by nothing else: not by the comments, their author or the rules', () => {
      for (const other of [
        identityOf(BUILD, 1, { comments: [2, 3], by: 'ann' }, 'rules'),
        identityOf(BUILD, 1, { comments: [1], by: 'bob' }, 'rules'),
        identityOf(BUILD, 1, { comments: [1], by: 'ann' }, 'other'),
      ])
        expect([other.name, other.version, other.labels]).to.deep.equal([
          first.name,
          first.version,
          first.labels,
        ]);
    });
  });

  it('is on the workflow, with who asked for it', () => {
    const { labels, annotations } = workflowIdentity(BUILD, 2, { comments: [8, 9], by: 'ann' }, 'rules');
    expect(labels).to.deep.equal({ [LABELS.request]: requestHash(BUILD) });
    expect(annotations).to.deep.equal({
      'kfops.dev/repository-id': '7',
      'kfops.dev/repository': 'my-team/iris',
      'kfops.dev/comments': '[8,9]',
      'kfops.dev/verb': 'build',
      'kfops.dev/requested-by': 'ann',
      'kfops.dev/attempt': '2',
      'kfops.dev/rules': 'rules',
    });
  });

  const asked = (identity: Identity) =>
    ({
      request: requestHash(identity),
      commentIds: [9],
      force: false,
      supersede: 'stop',
      triggered: false,
    }) as const;

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

import { expect } from 'chai';

import { ANNOTATIONS, LABELS } from '../../../../generator/workflow/names.js';
import { subjectOf } from '../../../../server/reporter/subject.js';

const COMMIT = 'a'.repeat(40);
const LABELLED = { [LABELS.pullRequest]: '17', [LABELS.commit]: COMMIT };
const ANNOTATED = {
  [ANNOTATIONS.repositoryId]: '7',
  [ANNOTATIONS.repository]: 'acme/churn.x_y-z',
  [ANNOTATIONS.comments]: '[1,2]',
  [ANNOTATIONS.verb]: 'build',
  [ANNOTATIONS.requestedBy]: 'ann',
};
const METADATA = {
  name: 'w',
  uid: 'u',
  creationTimestamp: '2026-01-02T03:04:05Z',
  labels: LABELLED,
  annotations: ANNOTATED,
};

/** With one label or annotation of another value; none where that is undefined. */
function withValue(name: string, value: string | undefined) {
  const change = (map: Readonly<Record<string, string>>): Record<string, string> =>
    Object.fromEntries(
      Object.entries(map).flatMap(([key, old]) =>
        key === name ? (value === undefined ? [] : [[key, value]]) : [[key, old]],
      ),
    );
  return { ...METADATA, labels: change(LABELLED), annotations: change(ANNOTATED) };
}

describe('what a workflow was made for', () => {
  it('is what the server wrote into it', () => {
    expect(subjectOf(METADATA)).to.deep.equal({
      name: 'w',
      uid: 'u',
      origin: { repository: { id: 7, owner: 'acme', name: 'churn.x_y-z' }, number: 17 },
      request: {
        commentIds: [1, 2],
        by: ['ann'],
        at: '2026-01-02T03:04:05Z',
        verb: 'build',
        flags: [],
        commit: COMMIT,
      },
    });
  });

  it('is known without what only the cluster, or somebody, adds', () => {
    const { name, labels, annotations } = withValue(ANNOTATIONS.requestedBy, undefined);
    const found = subjectOf({ name, labels, annotations });
    expect(found?.uid).to.equal('w');
    expect(found?.request.by).to.deep.equal([]);
    expect(Date.parse(found?.request.at ?? '')).to.be.closeTo(Date.now(), 60_000);
  });

  for (const verb of ['build', 'build_run', 'run', 'retry'])
    it(`is ${verb}`, () => {
      expect(subjectOf(withValue(ANNOTATIONS.verb, verb))?.request.verb).to.equal(verb);
    });

  it('has the comments and triggers among what is written there', () => {
    for (const comments of ['[1,-2,0,"3",null,4]', '[1,-2,4]'])
      expect(subjectOf(withValue(ANNOTATIONS.comments, comments))?.request.commentIds).to.deep.equal([
        1, -2, 4,
      ]);
  });

  it('has the trigger, if a commit started it', () => {
    const triggerOf = (trigger: string) =>
      subjectOf({ ...METADATA, labels: { ...LABELLED, [LABELS.trigger]: trigger } })?.request.trigger;
    expect(triggerOf('pull_request')).to.equal('pull_request');
    expect(triggerOf('schedule')).to.equal(undefined);
  });

  it('has the branch or tag, if a push started it', () => {
    const originOf = (trigger: string, ref: string) =>
      subjectOf({
        ...METADATA,
        labels: { [LABELS.commit]: COMMIT, [LABELS.trigger]: trigger },
        annotations: { ...ANNOTATED, [ANNOTATIONS.ref]: ref },
      })?.origin;
    const repository = { id: 7, owner: 'acme', name: 'churn.x_y-z' };
    const main = { kind: 'branch', name: 'main' };
    expect(originOf('push', 'refs/heads/main')).to.deep.equal({ repository, commit: COMMIT, ref: main });
    expect(originOf('tag', 'refs/tags/v1')).to.deep.include({ ref: { kind: 'tag', name: 'v1' } });
    for (const [trigger, ref] of [
      ['push', 'refs/tags/v1'],
      ['tag', 'refs/heads/main'],
      ['push', 'main'],
      ['push', ''],
      ['pull_request', 'refs/heads/main'],
    ] as const)
      expect(originOf(trigger, ref), `${trigger} ${ref}`).to.equal(undefined);
  });

  it('has the commit of a SHA-1 or SHA-256 repository', () => {
    for (const commit of [COMMIT, 'f0'.repeat(32)])
      expect(subjectOf(withValue(LABELS.commit, commit))?.request.commit).to.equal(commit);
  });

  const nobodys: readonly (readonly [string, readonly (string | undefined)[]])[] = [
    [LABELS.pullRequest, [undefined, '', '0', '-1', '1.5', 'x', '9007199254740993']],
    [
      LABELS.commit,
      [undefined, '', 'main', `${COMMIT}a`, `x${COMMIT}`, 'A'.repeat(40), 'a'.repeat(39), 'a'.repeat(65)],
    ],
    [ANNOTATIONS.repositoryId, [undefined, '', '0', '-7', 'x']],
    [
      ANNOTATIONS.repository,
      [
        undefined,
        '',
        'acme',
        'acme/',
        '/churn',
        'acme/churn/x',
        '-a/b',
        'a b/c',
        'acme/c d',
        `${'a'.repeat(40)}/b`,
        `a/${'b'.repeat(101)}`,
      ],
    ],
    [ANNOTATIONS.verb, [undefined, '', 'cancel', 'BUILD']],
    [ANNOTATIONS.comments, [undefined, '', '[]', '{}', '[0]', '["1"]', '[1.5]', '1', 'x', 'null']],
  ];
  for (const [name, values] of nobodys)
    for (const value of values)
      it(`is nothing of the server's where ${name} is ${value === undefined ? 'not there' : JSON.stringify(value.slice(0, 20))}`, () => {
        expect(subjectOf(withValue(name, value))).to.equal(undefined);
      });
});

import { expect } from 'chai';

import type { StoppableWorkflow } from '../../../../argo/workflows/stopping.js';
import { decidePlacement, workflowOf, type PlacementRequest } from '../../../../server/builds/placement.js';

const ASKED: PlacementRequest = { request: 'same', commentIds: [9], force: false, supersede: 'stop' };

let count = 0;
function workflow(changes: Partial<StoppableWorkflow> = {}): StoppableWorkflow {
  return {
    name: `w${++count}`,
    phase: 'running',
    finished: false,
    stopping: false,
    created: new Date(0),
    request: 'same',
    attempt: 1,
    commit: 'c',
    verb: 'build',
    by: 'ann',
    comments: [1],
    ...changes,
  };
}

const succeeded = { finished: true, phase: 'succeeded' };
const failed = { finished: true, phase: 'failed' };

describe('the place of a command’s workflow', () => {
  it('is a first attempt where there is none', () => {
    expect(decidePlacement([], ASKED)).to.deep.equal({ kind: 'submit', attempt: 1, stop: [] });
  });

  for (const state of [{}, succeeded]) {
    it(`is the same one that ${state === succeeded ? 'has succeeded' : 'runs'}, the latest of them`, () => {
      const [first, second, third] = [1, 3, 2].map((attempt) => workflow({ ...state, attempt }));
      const there = [first!, second!, third!];
      expect(decidePlacement(there, ASKED)).to.deep.equal({ kind: 'join', workflow: second });
      // The list has the latest first.
      const twin = { ...first!, name: 'twin' };
      expect(decidePlacement([first!, twin], ASKED)).to.deep.equal({ kind: 'join', workflow: first });
    });
  }

  it('is the next attempt after one that failed', () => {
    const there = [workflow({ ...failed, attempt: 2 }), workflow({ ...failed, attempt: 1 })];
    expect(decidePlacement(there, ASKED)).to.deep.equal({ kind: 'submit', attempt: 3, stop: [] });
  });

  it('is its own, whatever became of that', () => {
    const own = workflow({ ...failed, comments: [7, 9] });
    for (const force of [false, true])
      expect(decidePlacement([workflow(), own], { ...ASKED, force })).to.deep.equal({
        kind: 'join',
        workflow: own,
      });
  });

  it('is in place of others that run, which are stopped, wait or stand in its way as the settings say', () => {
    const other = workflow({ request: 'other', attempt: 5 });
    const ended = workflow({ request: 'other', ...succeeded });
    const place = (supersede: PlacementRequest['supersede']) =>
      decidePlacement([ended, other], { ...ASKED, supersede });
    expect(place('stop')).to.deep.equal({ kind: 'submit', attempt: 1, stop: [other] });
    expect(place('queue')).to.deep.equal({ kind: 'submit', attempt: 1, stop: [] });
    expect(place('refuse')).to.deep.equal({ kind: 'busy', running: other });
    expect(decidePlacement([ended], { ...ASKED, supersede: 'refuse' }).kind).to.equal('submit');
  });

  it('is a new one where that is forced: after the same that runs, which is stopped', () => {
    const same = workflow({ attempt: 4 });
    const forced = { ...ASKED, force: true };
    expect(decidePlacement([same], forced)).to.deep.equal({ kind: 'submit', attempt: 5, stop: [same] });
    expect(decidePlacement([workflow({ ...succeeded, attempt: 2 })], forced)).to.deep.include({
      attempt: 3,
      stop: [],
    });
  });
});

describe('the workflow of comments', () => {
  it('is one that was made for any of them', () => {
    const there = [workflow({ comments: [1] }), workflow({ comments: [2, 3] })];
    expect(workflowOf(there, [8, 3])).to.equal(there[1]);
    expect(workflowOf(there, [8])).to.equal(undefined);
    expect(workflowOf(there, [])).to.equal(undefined);
  });
});

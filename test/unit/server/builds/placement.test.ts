import { expect } from 'chai';

import type { StoppableWorkflow } from '../../../../argo/workflows/stopping.js';
import {
  decidePlacement,
  workflowOf,
  type Placement,
  type PlacementRequest,
} from '../../../../server/builds/placement.js';

const ASKED: PlacementRequest = {
  request: 'same',
  commentIds: [9],
  force: false,
  supersede: 'stop',
  triggered: false,
};

function workflow(changes: Partial<StoppableWorkflow> = {}): StoppableWorkflow {
  return {
    name: 'w',
    namespace: 'kfops',
    phase: 'running',
    finished: false,
    stopping: false,
    created: new Date(0),
    request: 'same',
    attempt: 1,
    commit: 'c',
    verb: 'build',
    by: 'ann',
    triggered: false,
    comments: [1],
    ...changes,
  };
}

const RUNNING = {};
const SUCCEEDED = { finished: true, phase: 'succeeded' };
const FAILED = { finished: true, phase: 'failed' };
const STOPPING = { stopping: true };
const STOPPED = { finished: true, stopping: true, phase: 'succeeded' };
const OTHER = { request: 'other' };
const OWN = { comments: [7, 9] };

describe('server/builds/placement', () => {
  interface Case {
    /** The workflows of the pull request, the latest first: `w1`, `w2`, … */
    readonly there: readonly Partial<StoppableWorkflow>[];
    /** Those in namespaces of other teams: `e1`, `e2`, … */
    readonly elsewhere?: readonly Partial<StoppableWorkflow>[];
    readonly asked?: Partial<PlacementRequest>;
    /** `join w1` · `busy: w1` · `attempt 2`, or `attempt 2, stop w1 w2` */
    readonly expected: string;
  }
  const FORCE = { force: true };
  const QUEUE = { supersede: 'queue' } as const;
  const REFUSE = { supersede: 'refuse' } as const;
  const CASES: Readonly<Record<string, Case>> = {
    'nothing there': { there: [], expected: 'attempt 1' },

    'the same request, running': { there: [RUNNING], expected: 'join w1' },
    'the same request, succeeded': { there: [SUCCEEDED], expected: 'join w1' },
    'the same request, failed': { there: [FAILED], expected: 'attempt 2' },
    'the same request, failed twice': {
      there: [
        { ...FAILED, attempt: 2 },
        { ...FAILED, attempt: 1 },
      ],
      expected: 'attempt 3',
    },
    'the same request, being stopped': { there: [STOPPING], expected: 'attempt 2' },
    'the same request, stopped': { there: [STOPPED], expected: 'attempt 2' },
    'the same request, running three times': {
      there: [1, 3, 2].map((attempt) => ({ attempt })),
      expected: 'join w2',
    },
    'the same request, two of the same attempt': { there: [RUNNING, RUNNING], expected: 'join w1' },
    'the same request, succeeded before it failed': {
      there: [{ ...FAILED, attempt: 2 }, SUCCEEDED],
      expected: 'join w2',
    },

    'the same request, running, with --force': {
      there: [RUNNING],
      asked: FORCE,
      expected: 'attempt 2, stop w1',
    },
    'the same request, succeeded, with --force': { there: [SUCCEEDED], asked: FORCE, expected: 'attempt 2' },
    'the same request, running, with --force, supersede: queue': {
      there: [RUNNING],
      asked: { ...FORCE, ...QUEUE },
      expected: 'attempt 2',
    },
    'the same request, running, with --force, supersede: refuse': {
      there: [RUNNING],
      asked: { ...FORCE, ...REFUSE },
      expected: 'busy: w1',
    },
    'the same request, running, supersede: refuse': { there: [RUNNING], asked: REFUSE, expected: 'join w1' },

    'its own workflow, failed': { there: [RUNNING, { ...FAILED, ...OWN }], expected: 'join w2' },
    'its own workflow, stopped': { there: [{ ...STOPPED, ...OWN }], expected: 'join w1' },
    'its own workflow, with --force': { there: [RUNNING, OWN], asked: FORCE, expected: 'join w2' },
    'its own workflow of another request': { there: [{ ...OTHER, ...OWN }], expected: 'join w1' },
    'its own workflow, supersede: refuse': { there: [OTHER, OWN], asked: REFUSE, expected: 'join w2' },

    'a trigger, while a command’s build runs, supersede: queue': {
      there: [OTHER],
      asked: { ...QUEUE, triggered: true },
      expected: 'attempt 1',
    },
    'a trigger, while another trigger’s build runs, supersede: queue': {
      there: [{ ...OTHER, triggered: true }, OTHER],
      asked: { ...QUEUE, triggered: true },
      expected: 'attempt 1, stop w1',
    },
    'a trigger, while another trigger’s build runs, supersede: refuse': {
      there: [{ ...OTHER, triggered: true }],
      asked: { ...REFUSE, triggered: true },
      expected: 'attempt 1, stop w1',
    },
    'a trigger, while a command’s build runs, supersede: refuse': {
      there: [{ ...OTHER, triggered: true }, OTHER],
      asked: { ...REFUSE, triggered: true },
      expected: 'busy: w2',
    },
    'a command, while a trigger’s build runs, supersede: queue': {
      there: [{ ...OTHER, triggered: true }],
      asked: QUEUE,
      expected: 'attempt 1',
    },

    'another request, running': { there: [OTHER], expected: 'attempt 1, stop w1' },
    'another request, running, supersede: queue': { there: [OTHER], asked: QUEUE, expected: 'attempt 1' },
    'another request, running, supersede: refuse': { there: [OTHER], asked: REFUSE, expected: 'busy: w1' },
    'another request, ended': { there: [{ ...OTHER, ...SUCCEEDED }], expected: 'attempt 1' },
    'another request, ended, supersede: refuse': {
      there: [{ ...OTHER, ...FAILED }],
      asked: REFUSE,
      expected: 'attempt 1',
    },
    'another request, being stopped': { there: [{ ...OTHER, ...STOPPING }], expected: 'attempt 1' },
    'another request, being stopped, supersede: refuse': {
      there: [{ ...OTHER, ...STOPPING }],
      asked: REFUSE,
      expected: 'attempt 1',
    },
    'another request at its fifth attempt': {
      there: [{ ...OTHER, attempt: 5 }],
      expected: 'attempt 1, stop w1',
    },
    'two other requests, running, and one that failed': {
      there: [OTHER, FAILED, { request: 'third' }],
      expected: 'attempt 2, stop w1 w3',
    },

    "the same request, running in another team's namespace": {
      there: [],
      elsewhere: [RUNNING],
      expected: 'attempt 1, stop e1',
    },
    "the same request, succeeded in another team's namespace": {
      there: [],
      elsewhere: [SUCCEEDED],
      expected: 'attempt 1',
    },
    "the same request at its fifth attempt in another team's namespace": {
      there: [FAILED],
      elsewhere: [{ ...FAILED, attempt: 5 }],
      expected: 'attempt 2',
    },
    "a workflow of its own comments, forged in another team's namespace": {
      there: [],
      elsewhere: [OWN],
      expected: 'attempt 1, stop e1',
    },
    "another request, running here and in another team's namespace": {
      there: [OTHER],
      elsewhere: [OTHER, { ...OTHER, ...STOPPING }, { ...OTHER, ...FAILED }],
      expected: 'attempt 1, stop w1 e1',
    },
    "running in another team's namespace, supersede: queue": {
      there: [],
      elsewhere: [OTHER],
      asked: QUEUE,
      expected: 'attempt 1',
    },
    "running in another team's namespace, supersede: refuse": {
      there: [],
      elsewhere: [OTHER],
      asked: REFUSE,
      expected: 'attempt 1',
    },
    "the same request, running here, another one in another team's namespace": {
      there: [RUNNING],
      elsewhere: [OTHER],
      expected: 'join w1',
    },
  };
  for (const [what, { there, elsewhere = [], asked, expected }] of Object.entries(CASES)) {
    it(`${what}: ${expected}`, () => {
      const workflows = there.map((each, i) => workflow({ ...each, name: `w${i + 1}` }));
      const others = elsewhere.map((each, i) => workflow({ ...each, name: `e${i + 1}`, namespace: 'team' }));
      const place = decidePlacement(workflows, { ...ASKED, ...asked }, others);
      expect(written(place)).to.equal(expected);
    });
  }
});

function written(place: Placement): string {
  if (place.kind === 'join') return `join ${place.workflow.name}`;
  if (place.kind === 'busy') return `busy: ${place.running.name}`;
  const stop = place.stop.map(({ name }) => name).join(' ');
  return `attempt ${place.attempt}${stop === '' ? '' : `, stop ${stop}`}`;
}

describe('the workflow of comments', () => {
  it('is one that was made for any of them', () => {
    const there = [workflow({ comments: [1] }), workflow({ comments: [2, 3] })];
    expect(workflowOf(there, [8, 3])).to.equal(there[1]);
    expect(workflowOf(there, [8])).to.equal(undefined);
    expect(workflowOf(there, [])).to.equal(undefined);
  });
});

import { renderNotThere, renderPlanAnswer, renderRefusal } from '../../server/comment/answers.js';
import { VERBS } from '../../server/commands/verb-table.js';
import { helpMarkdown } from '../../server/commands/verbs/help.js';
import { renderComment } from '../../server/comment/render.js';
import type { Build, BuildRequest, ConversationState, Reply, StepRow } from '../../server/comment/state.js';
import { headMoved, replied } from '../../server/comment/transitions.js';

const COMMIT = '4f1c0d9ae2b7c6a8519f3e0d7b2a4c6e8f90ab12';
const EARLIER = '9be04d17c3a2f5b8e6d1902c4f7a3b5d8e1f6c20';
const CONTEXT = { web: 'https://github.com', repository: { owner: 'acme', name: 'churn' }, number: 42 };
const ARGO = 'https://argo.example.com/workflows/kfops/kfops-pr-42-7c19e04b2a5d';

function at(seconds: number): string {
  return new Date(Date.UTC(2026, 10, 22, 12, 4, seconds)).toISOString();
}

function request(id: number, more: Partial<BuildRequest> = {}): BuildRequest {
  return { commentIds: [id], by: ['octocat'], at: at(0), verb: 'build', flags: [], commit: COMMIT, ...more };
}

function image(
  name: string,
  state: StepRow['state'],
  from: number,
  to: number,
  more: Partial<StepRow> = {},
): StepRow {
  const digest = Array.from(name).reduce(
    (sum, char) => (sum * 31n + BigInt(char.charCodeAt(0))) ** 3n % 2n ** 256n,
    7n,
  );
  return {
    name,
    kind: 'image',
    state,
    ...(state !== 'pending' && state !== 'reused' && { startedAt: at(from) }),
    ...((state === 'succeeded' || state === 'failed') && { finishedAt: at(to) }),
    ...((state === 'succeeded' || state === 'reused') && {
      reference: `ghcr.io/acme/${name}@sha256:${digest.toString(16).padStart(64, 'a')}`,
    }),
    ...(state !== 'pending' && state !== 'reused' && { logUrl: `${ARGO}?nodeId=${name}` }),
    ...more,
  };
}

function step(
  kind: 'tag' | 'compile' | 'publish' | 'run',
  state: StepRow['state'],
  from = 0,
  to = 0,
): StepRow {
  const times = state === 'succeeded' ? { startedAt: at(from), finishedAt: at(to) } : {};
  return {
    name: kind,
    kind,
    state,
    ...times,
    ...(state === 'succeeded' && { logUrl: `${ARGO}?nodeId=${kind}` }),
  };
}

const PIP: Partial<StepRow> = {
  failure: {
    kind: 'dockerfile_step',
    reason: '`RUN pip install -r requirements.txt` failed (exit status 1)',
    nextStep: `read its last lines, and try it on your machine: \`kfops context trainer --commit ${COMMIT.slice(0, 12)} -o - | docker build -t trainer:local -\``,
    location: { file: 'images/trainer/Dockerfile', line: 7 },
  },
  tail: [
    '\u001b[36mINFO\u001b[0m[0012] RUN pip install -r requirements.txt',
    'INFO[0012] Running: [/bin/sh -c pip install -r requirements.txt]',
    'Collecting scikit-learn==1.9.9 (from -r requirements.txt (line 3))',
    'ERROR: Could not find a version that satisfies the requirement scikit-learn==1.9.9',
    'ERROR: No matching distribution found for scikit-learn==1.9.9',
    'error building image: failed to execute command: waiting for process to exit: exit status 1',
  ].join('\n'),
};

const EARLIER_BUILDS: Build[] = [
  {
    request: request(10, { commit: EARLIER, by: ['hubot'], verb: 'build_run' }),
    state: 'succeeded',
    summary: 'Built 3 images, and compiled, published and ran the pipeline',
    workflow: { name: 'kfops-pr-42-19ac44d0e1f2', url: ARGO },
    startedAt: at(-86_400),
    finishedAt: at(-86_000),
    rows: [],
  },
  {
    request: request(9, { commit: EARLIER }),
    state: 'failed',
    summary: 'serving failed',
    workflow: { name: 'kfops-pr-42-0b7d21ce9a34', url: ARGO },
    startedAt: at(-90_000),
    finishedAt: at(-89_900),
    rows: [],
  },
];

function body(state: ConversationState): string {
  return renderComment(state, CONTEXT).body;
}

function one(build: Partial<Build>, ...earlier: Build[]): ConversationState {
  const first: Build = {
    request: request(11),
    state: 'running',
    workflow: { name: 'kfops-pr-42-7c19e04b2a5d', url: ARGO },
    startedAt: at(0),
    rows: [],
    ...build,
  };
  return { builds: [first, ...earlier], approved: [] };
}

function reply(kind: Reply['kind'], command: string, markdown: string): Reply {
  return { commentId: 12, by: 'octocat', kind, command, markdown };
}

const NOTHING: ConversationState = { builds: [], approved: [] };

const failed = one(
  {
    request: request(11, { by: ['octocat', 'hubot'], commentIds: [11, 12] }),
    state: 'failed',
    finishedAt: at(192),
    rows: [
      image('loader', 'succeeded', 4, 52),
      image('trainer', 'failed', 4, 71, PIP),
      image('serving', 'succeeded', 5, 124),
      step('compile', 'omitted'),
      step('publish', 'omitted'),
    ],
  },
  ...EARLIER_BUILDS,
);

const PLAN = renderPlanAnswer({
  commit: COMMIT,
  images: [
    {
      name: 'loader',
      context: { files: 12, bytes: 34_500, stored: true, changed: 0 },
      destination: 'ghcr.io/acme/loader:4f1c0d9ae2b7',
      isBuilt: false,
      reason: 'unchanged since `abc1234`',
      order: 1,
    },
    {
      name: 'trainer',
      context: { files: 45, bytes: 1_240_000, stored: false, changed: 4 },
      destination: 'ghcr.io/acme/trainer:4f1c0d9ae2b7',
      isBuilt: true,
      reason: '4 files changed since the base branch: `requirements.txt`, `train.py`, …',
      order: 1,
    },
    {
      name: 'serving',
      context: { files: 8, bytes: 9_200, stored: false, changed: 1 },
      destination: 'ghcr.io/acme/serving:4f1c0d9ae2b7',
      isBuilt: true,
      reason: 'base `python:3.11-slim` has a new digest',
      order: 1,
    },
  ],
  parallelism: 4,
  pipeline: {
    name: 'Churn',
    path: 'pipeline/pipeline.py',
    namespace: 'data-science',
    version: 'pr-42-4f1c0d9ae2b7',
    schedules: [],
  },
  run: false,
});

/** Comments as the server writes them, by name. */
export const COMMENTS: Readonly<Record<string, string>> = {
  picture: body(failed),
  'failed-open': body(failed),
  queued: body(
    one({
      rows: [
        image('loader', 'pending', 0, 0, { waiting: 'no node of the cluster can take its pod' }),
        image('trainer', 'pending', 0, 0),
        step('compile', 'pending'),
      ],
    }),
  ),
  accepted: body({ builds: [{ request: request(11), state: 'accepted', rows: [] }], approved: [] }),
  running: body(
    headMoved(
      one({
        rows: [
          image('loader', 'succeeded', 4, 52),
          image('trainer', 'running', 4, 0),
          image('serving', 'running', 5, 0),
          image('features', 'succeeded', 5, 31),
          image('drift-report', 'pending', 0, 0, { waiting: 'no node of the cluster can take its pod yet' }),
          step('compile', 'pending'),
          step('publish', 'pending'),
          step('run', 'pending'),
        ],
      }),
      EARLIER,
    ),
  ),
  succeeded: body(
    one(
      {
        request: request(11, { verb: 'build_run', flags: ['--no-cache'] }),
        state: 'succeeded',
        finishedAt: at(301),
        rows: [
          image('loader', 'succeeded', 4, 52),
          image('trainer', 'succeeded', 4, 71),
          image('serving', 'succeeded', 5, 124),
          step('compile', 'succeeded', 125, 141),
          step('publish', 'succeeded', 142, 149),
          step('run', 'succeeded', 150, 299),
        ],
        published: {
          version: 'pr-42-4f1c0d9ae2b7',
          versionUrl: 'https://kubeflow.example.com/pipeline/#/pipelines/details/1/version/2',
          pinned: ['loader → ghcr.io/acme/loader@sha256:…', 'trainer → ghcr.io/acme/trainer@sha256:…'],
          notPinned: ['`notify` takes its image from a parameter'],
          warnings: [],
        },
        run: {
          id: '5d0e6c1a-9f3b-4f0e-8a57-3f2b1c9d7e44',
          url: 'https://kubeflow.example.com/pipeline/#/runs/details/5',
        },
      },
      ...EARLIER_BUILDS,
    ),
  ),
  reused: body(
    one(
      {
        state: 'succeeded',
        finishedAt: at(142),
        rows: [
          image('base', 'reused', 0, 0, { revision: EARLIER }),
          image('loader', 'reused', 0, 0, { revision: EARLIER }),
          image('trainer', 'succeeded', 5, 124),
          step('tag', 'succeeded', 4, 9),
          step('compile', 'succeeded', 125, 141),
        ],
        tagWarnings: [
          '`loader` did not get the tag `4f1c0d9ae2b7`: no login that may push to ghcr.io/acme/loader (403 DENIED). Give the registry login of the builds permission to push there.',
        ],
      },
      ...EARLIER_BUILDS,
    ),
  ),
  'many-images': body(
    one({
      state: 'failed',
      finishedAt: at(1800),
      rows: [
        ...Array.from({ length: 500 }, (_, n) =>
          image(`model-${n}`, n % 50 === 7 ? 'failed' : 'succeeded', n, n + 60, n % 50 === 7 ? PIP : {}),
        ),
        step('compile', 'omitted'),
      ],
    }),
  ),
  'many-running': body(
    one({
      rows: [
        ...Array.from({ length: 40 }, (_, n) =>
          image(`model-${n}`, n < 20 ? 'succeeded' : n < 24 ? 'running' : 'pending', n, n + 60),
        ),
        step('compile', 'pending'),
      ],
    }),
  ),
  errors: body({
    builds: [
      {
        request: request(11),
        state: 'refused',
        rows: [],
        text: 'config_files/config.yaml:15:31 error FOLDER_MISSING There is no folder `container/train`.\n          dockerfile_folder_path: container/train\n                                  ^^^^^^^^^^^^^^^\n  hint: Did you mean `containers/train`?\n',
      },
      ...EARLIER_BUILDS,
    ],
    approved: [],
  }),
  refusal: body(
    replied(
      NOTHING,
      reply(
        'refusal',
        '/build',
        renderRefusal(
          'this pull request comes from a fork, and this server builds none',
          'ask somebody with write permission to push the branch to `acme/churn`',
        ),
      ),
    ),
  ),
  plan: body(replied(NOTHING, reply('answer', '/plan', PLAN))),
  'plan-below': body(replied(failed, reply('answer', '/plan', PLAN))),
  help: body(replied(NOTHING, reply('answer', '/help', helpMarkdown(VERBS, { forks: true })))),
  'not-there': body(replied(NOTHING, reply('answer', '/deploy', renderNotThere('deploy')))),
};

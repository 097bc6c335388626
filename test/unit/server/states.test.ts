import { readFileSync } from 'node:fs';

import { expect } from 'chai';
import { pino } from 'pino';

import { workflowResult } from '../../../argo/status/status.js';
import { workflowsOf } from '../../../argo/workflows/find-workflows.js';
import { readWorkflow } from '../../../argo/workflows/read.js';
import { requestHash, workflowIdentity, type Identity } from '../../../server/builds/identity.js';
import { joinOrPlace } from '../../../server/builds/join-or-place.js';
import type { PlacementRequest } from '../../../server/builds/placement.js';
import { cancelBuilds } from '../../../server/commands/verbs/cancel.js';
import { whyNoRetry } from '../../../server/commands/verbs/retry.js';
import { refreshed } from '../../../server/commands/verbs/status.js';
import { renderStatusAnswer } from '../../../server/comment/answers.js';
import type { Build } from '../../../server/comment/state.js';
import type { BuildCluster } from '../../../server/rules/build-namespaces.js';
import type { ApiObject } from '../../fixtures/kubernetes-store.js';
import { startKubernetes, type KubernetesStandIn } from '../../fixtures/kubernetes.js';

const NAMESPACE = 'kfops';
const PULL = { repository: { id: 12, owner: 'me', name: 'iris' }, number: 7 };
const BUILD: Identity = { origin: PULL, commit: 'a'.repeat(40), verb: 'build', flags: [] };
const OTHERS: readonly Identity[] = [
  { ...BUILD, commit: 'b'.repeat(40) },
  { ...BUILD, flags: ['--no-cache'] },
  { ...BUILD, verb: 'build_run' },
];
const WORK = { log: pino({ level: 'silent' }), signal: new AbortController().signal };

interface State {
  /** Argo's; absent before it has the workflow. */
  readonly phase?: 'Pending' | 'Running' | 'Succeeded' | 'Failed' | 'Error';
  readonly shutdown?: 'Stop' | 'Terminate';
  /** Of its only step; absent before that has begun. */
  readonly step?: 'Running' | 'Succeeded' | 'Failed';
  readonly deleted?: true;
}

/** By the first column of the table in docs/server.md. Undefined: there is no workflow. */
const STATES: Readonly<Record<string, readonly (State | undefined)[]>> = {
  none: [undefined],
  'waits for Argo': [{}, { phase: 'Pending' }],
  runs: [{ phase: 'Running', step: 'Running' }],
  'is stopping': [
    { phase: 'Running', step: 'Running', shutdown: 'Stop' },
    { phase: 'Running', step: 'Running', shutdown: 'Terminate' },
    { phase: 'Pending', shutdown: 'Stop' },
    { shutdown: 'Terminate' },
  ],
  'is being deleted': [{ phase: 'Running', step: 'Running', deleted: true }],
  stopped: [{ phase: 'Failed', step: 'Failed', shutdown: 'Stop' }],
  'terminated before it began': [{ phase: 'Succeeded', shutdown: 'Terminate' }],
  failed: [{ phase: 'Failed', step: 'Failed' }],
  'ended with an error': [{ phase: 'Error', step: 'Failed' }],
  succeeded: [{ phase: 'Succeeded', step: 'Succeeded' }],
  'deleted before its end was seen': [undefined],
};

const MARKS = workflowIdentity(BUILD, 1, { comments: [1], by: 'ada' }, 'rules');

function workflow({ phase, shutdown, step, deleted }: State, reported: boolean): ApiObject {
  const { name, labels, annotations } = MARKS;
  const node = { id: 'n', name: `${name}.compile`, displayName: 'compile-pipeline', type: 'Pod' };
  return {
    metadata: {
      name,
      labels: {
        ...labels,
        'app.kubernetes.io/managed-by': 'kfops',
        'kfops.dev/pull-request': '7',
        ...(phase && { 'workflows.argoproj.io/phase': phase }),
        ...(reported && { 'kfops.dev/reported': 'x' }),
      },
      annotations: { ...annotations },
      ...(deleted && { deletionTimestamp: '2026-01-01T00:00:00Z' }),
    },
    spec: {
      ...(shutdown && { shutdown }),
      templates: [
        { name: 'main', dag: { tasks: [{ name: 'compile-pipeline', template: 'compile-pipeline' }] } },
        { name: 'compile-pipeline' },
      ],
    },
    ...(phase && { status: { phase, nodes: step ? { n: { ...node, phase: step } } : {} } }),
  };
}

/** The table that docs/server.md has: by state and command what happens. */
function documented(): readonly (readonly string[])[] {
  const text = readFileSync(new URL('../../../docs/server.md', import.meta.url), 'utf8');
  const start = text.indexOf('| The workflow |');
  return text
    .slice(start, text.indexOf('\n\n', start))
    .split('\n')
    .slice(2)
    .map((line) =>
      line
        .split('|')
        .slice(1, -1)
        .map((cell) => cell.trim()),
    );
}

describe('what a command does in each state of a workflow, as documented', () => {
  let api: KubernetesStandIn;
  beforeEach(async () => {
    api = await startKubernetes(2_000);
  });
  afterEach(() => api.close());

  const cluster = (): BuildCluster => ({
    client: api.client,
    namespaces: [NAMESPACE],
    namespaceOf: () => NAMESPACE,
  });

  async function place(
    identity: Identity,
    force: boolean,
    supersede: PlacementRequest['supersede'],
  ): Promise<string> {
    const request = requestHash(identity);
    const asked = { request, commentIds: [9], force, supersede, triggered: false };
    const taken = await joinOrPlace({ cluster: cluster() }, PULL, asked, WORK);
    if (taken.kind !== 'submit') return taken.kind;
    const isNext =
      taken.attempt ===
      (identity === BUILD && api.collection('workflows', NAMESPACE).objects.size > 0 ? 2 : 1);
    return `${isNext ? 'new' : `attempt ${taken.attempt}`}${taken.stop.length > 0 ? ', stops' : ''}`;
  }

  /** What is expected by `server.supersede`, for a cell of the table. */
  const PLACES: Readonly<Record<string, Readonly<Record<PlacementRequest['supersede'], string>>>> = {
    joins: { stop: 'joined', queue: 'joined', refuse: 'joined' },
    replaces: { stop: 'new, stops', queue: 'new', refuse: 'busy' },
    starts: { stop: 'new', queue: 'new', refuse: 'new' },
    'starts after it': { stop: 'new', queue: 'new', refuse: 'new' },
  };

  async function retried(): Promise<string> {
    const [last] = await workflowsOf(api.client, NAMESPACE, PULL);
    if (!last) return 'nothing to retry';
    const now = await readWorkflow(api.client, NAMESPACE, last.name);
    return whyNoRetry(now)?.markdown ?? 'continues';
  }

  const RETRIES: Readonly<Record<string, RegExp>> = {
    'nothing to retry': /^nothing to retry$/,
    'refused: still runs': /still runs/,
    'refused: is stopping': /is stopping.*once it has stopped/s,
    'nothing is left to do': /nothing is left to do/,
    continues: /^continues$/,
  };
  const CANCELS: Readonly<Record<string, RegExp>> = {
    'nothing runs': /^Nothing runs/,
    'stops it': new RegExp(`^Stopping \`${MARKS.name}\``),
    'already stopping': new RegExp(`^Already stopping: \`${MARKS.name}\``),
  };
  const SHOWN: Readonly<Record<string, RegExp>> = {
    'nothing was built': /No builds on this pull request yet/,
    queued: /^⏳ Queued/,
    'how far it is': /^🔨 Compiling/,
    stopping: /^⏹️ Stopping /,
    stopped: /^⏹️ Stopped /,
    'what failed': /^❌ The pipeline did not compile/,
    'what was built': /^✅ Compiled the pipeline/,
    'that it is gone': /^❔ The workflow no longer exists/,
  };
  const BEFORE: Build = {
    request: {
      commentIds: [1],
      by: ['ada'],
      at: '2026-01-01T00:00:00Z',
      verb: 'build',
      flags: [],
      commit: BUILD.commit,
    },
    state: 'running',
    workflow: { name: MARKS.name },
    rows: [],
  };

  async function status(isRecorded: boolean): Promise<string> {
    const world = {
      cluster: cluster(),
      links: { redact: (text: string) => text },
      explain: (now: Parameters<typeof workflowResult>[0]) => Promise.resolve(workflowResult(now)),
    };
    const build = isRecorded ? await refreshed(world, PULL, BEFORE, WORK) : undefined;
    return renderStatusAnswer(build, { web: 'https://github.com', ...PULL });
  }

  const rows = documented();

  it('has a row for each state, and no other', () => {
    expect(rows.map(([state]) => state)).to.deep.equal(Object.keys(STATES));
  });

  for (const [name = '', same = '', forced = '', other = '', retry = '', stop = '', shown = ''] of rows) {
    for (const [at, state] of (STATES[name] ?? []).entries()) {
      for (const reported of state?.phase === undefined ? [false] : [false, true]) {
        describe(`a workflow: ${name}, ${at + 1}${reported ? ', reported' : ''}`, () => {
          beforeEach(() => {
            if (state) api.collection('workflows', NAMESPACE).create(workflow(state, reported));
          });

          for (const supersede of ['stop', 'queue', 'refuse'] as const) {
            it(`and the same command: ${same} (${supersede})`, async () => {
              expect(await place(BUILD, false, supersede)).to.equal(PLACES[same]?.[supersede]);
            });
            it(`and the same with --force: ${forced} (${supersede})`, async () => {
              expect(await place(BUILD, true, supersede)).to.equal(PLACES[forced]?.[supersede]);
            });
            it(`and another command: ${other} (${supersede})`, async () => {
              for (const identity of OTHERS)
                expect(await place(identity, false, supersede)).to.equal(PLACES[other]?.[supersede]);
            });
          }

          it(`and /retry: ${retry}`, async () => {
            expect(await retried()).to.match(RETRIES[retry]!);
          });

          it(`and /cancel: ${stop}`, async () => {
            const { markdown } = await cancelBuilds(
              { cluster: cluster(), render: { web: 'https://github.com' } },
              { pullRequest: PULL },
              WORK,
            );
            expect(markdown).to.match(CANCELS[stop]!);
          });

          it(`and /status: ${shown}`, async () => {
            expect(await status(name !== 'none')).to.match(SHOWN[shown]!);
          });
        });
      }
    }
  }
});

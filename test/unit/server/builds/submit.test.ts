import { expect } from 'chai';

import { HandledElsewhere } from '../../../../server/builds/pick-ups.js';
import { Withdrawn } from '../../../../server/builds/recheck.js';
import { submit, type Submission } from '../../../../server/builds/submit.js';
import { ended } from '../../../../server/comment/ended.js';
import { accepted, buildOf } from '../../../../server/comment/transitions.js';
import { GitHubError } from '../../../../server/github/errors.js';
import type { WorkflowIdentity } from '../../../../server/planning/build.js';
import { ConfigError, ServiceError, WorkError } from '../../../../schema/index.js';
import { argoController } from '../../../fixtures/argo-controller.js';
import { request } from '../../../support/conversation.js';
import { CommandServer, commentOf, identityOf, type MadeWorkflow } from '../command-server.js';
import { HEAD, REPOSITORY } from '../facts.js';

const OTHER_COMMIT = identityOf({ commit: 'b'.repeat(40) });

describe('server/builds/submit', () => {
  let server: CommandServer;
  let made: WorkflowIdentity[];
  /** What making the workflow does. */
  let make: (identity: WorkflowIdentity) => void;

  beforeEach(async () => {
    server = await CommandServer.open();
    made = [];
    make = () => undefined;
  });
  afterEach(() => server.close());

  /** `/build` in comments. */
  function run({ comments = [commentOf(9)], force = false, starts = 0 } = {}): Promise<Submission> {
    const [first, ...others] = comments;
    return submit(
      server.context,
      {
        command: { comments: [first!, ...others], commit: HEAD, starts },
        identity: identityOf(),
        force,
        make: async (identity) => {
          await Promise.resolve();
          made.push(identity);
          server.steps.push(`make attempt ${identity.annotations['kfops.dev/attempt'] ?? ''}`);
          make(identity);
          server.has({ attempt: Number(identity.annotations['kfops.dev/attempt']), comments: [9] });
          return { name: identity.name };
        },
      },
      server.work,
    );
  }

  const SUBMITTED = (attempt: number): string[] => [
    'write record',
    `make attempt ${attempt}`,
    'write progress',
  ];
  const STOPPED = (attempt: number): string[] => [
    'write record',
    'stop there',
    `make attempt ${attempt}`,
    'write progress',
  ];

  interface Case {
    readonly there?: MadeWorkflow;
    readonly supersede?: 'stop' | 'queue' | 'refuse';
    readonly force?: boolean;
    readonly kind: Submission['kind'];
    readonly steps: readonly string[];
  }
  const failed = { phase: 'Failed', attempt: 2 } as const;
  const CASES: Readonly<Record<string, Case>> = {
    'nothing there': { kind: 'submitted', steps: SUBMITTED(1) },
    'the same workflow running': { there: {}, kind: 'joined', steps: ['write reply'] },
    'the same workflow succeeded': { there: { phase: 'Succeeded' }, kind: 'joined', steps: ['write reply'] },
    'the same workflow failed': { there: failed, kind: 'submitted', steps: SUBMITTED(3) },
    'its own workflow, which failed': {
      there: { ...failed, comments: [9] },
      kind: 'joined',
      steps: ['write reply'],
    },
    'the same one running, with --force': { there: {}, force: true, kind: 'submitted', steps: STOPPED(2) },
    'the same one succeeded, with --force': {
      there: { phase: 'Succeeded' },
      force: true,
      kind: 'submitted',
      steps: SUBMITTED(2),
    },
    'another one running': { there: { of: OTHER_COMMIT }, kind: 'submitted', steps: STOPPED(1) },
    'another one running, supersede: queue': {
      there: { of: OTHER_COMMIT },
      supersede: 'queue',
      kind: 'submitted',
      steps: SUBMITTED(1),
    },
    'another one running, supersede: refuse': {
      there: { of: OTHER_COMMIT },
      supersede: 'refuse',
      kind: 'busy',
      steps: [],
    },
    'another one ended, supersede: refuse': {
      there: { of: OTHER_COMMIT, phase: 'Failed' },
      supersede: 'refuse',
      kind: 'submitted',
      steps: SUBMITTED(1),
    },
    'a workflow of another pull request': {
      there: { of: identityOf({ origin: { repository: REPOSITORY, number: 18 } }) },
      kind: 'submitted',
      steps: SUBMITTED(1),
    },
  };
  for (const [what, { there, supersede = 'stop', force = false, kind, steps }] of Object.entries(CASES)) {
    it(`${what}: ${kind}${steps.includes('stop there') ? ' after a stop' : ''}`, async () => {
      const name = there && server.has(there);
      server.settings.supersede = supersede;
      expect(await run({ force })).to.have.property('kind', kind);
      expect(server.steps).to.deep.equal(steps.map((step) => step.replace('there', name ?? '')));
    });
  }

  it('records the commit before anything is made, and the workflow after', async () => {
    const seen: unknown[] = [];
    make = () => seen.push(buildOf(server.state, 9)?.request.commit, buildOf(server.state, 9)?.workflow);
    await run();
    expect(seen).to.deep.equal([HEAD, undefined]);
    expect(buildOf(server.state, 9)?.workflow).to.deep.equal({ name: made[0]!.name });
    expect(server.state.pickUps ?? []).to.deep.equal([]);
  });

  it('names the workflow by the request and the attempt', async () => {
    server.has({ phase: 'Failed' });
    await run({ comments: [commentOf(9, 'bob'), commentOf(10, 'eve')] });
    expect(made[0]?.annotations).to.include({
      'kfops.dev/comments': '[9,10]',
      'kfops.dev/requested-by': 'bob',
      'kfops.dev/attempt': '2',
    });
  });

  it('adds comments that join to the record of the build that is there', async () => {
    server.has({ comments: [1] });
    await run({ comments: [commentOf(9, 'bob')] });
    const build = buildOf(server.state, 9);
    expect(build?.request.commentIds).to.deep.equal([1, 9]);
    expect(build?.request.by).to.include('bob');
  });

  describe('when it cannot be made', () => {
    const failing = (error: unknown): void => {
      make = () => {
        throw error;
      };
    };
    const build = () => buildOf(server.state, 9);

    it('shows the errors of the repository’s files, also on the commit', async () => {
      failing(new ConfigError([{ code: 'yaml_syntax', severity: 'error', message: 'Wrong key.' } as never]));
      expect(await run()).to.deep.equal({ kind: 'failed' });
      expect(build()).to.include({ state: 'refused' });
      expect(build()?.text).to.include('Wrong key.');
      expect(server.reports.map(({ state }) => state)).to.deep.equal(['failure']);
    });

    const REPORTED: Readonly<Record<string, readonly [Error, string, string]>> = {
      'a service': [
        new ServiceError('MinIO', 'http://x', 'no space', 'Free some.'),
        'no space',
        'Free some.',
      ],
      'the work itself': [
        new WorkError('Too large.', 'Add a .dockerignore.'),
        'Too large.',
        'Add a .dockerignore.',
      ],
      'a defect': [new TypeError('secret detail'), 'expect', 'log'],
    };
    for (const [what, [error, text, nextStep]] of Object.entries(REPORTED)) {
      it(`reports a failure of ${what}, with the next step`, async () => {
        failing(error);
        expect(await run()).to.deep.equal({ kind: 'failed' });
        expect(build()).to.include({ state: 'failed' });
        expect(build()?.text).to.include(text).and.not.include('secret detail');
        expect(build()?.nextStep).to.include(nextStep);
        expect(server.reports).to.have.length(1);
        // Read back: another replica decides by it.
        expect(server.steps).to.deep.equal(['write record', 'make attempt 1', 'write record']);
        expect(server.state.pickUps ?? []).to.deep.equal([]);
      });
    }

    it('ends as stopped, without a report on the commit, when the command was withdrawn', async () => {
      failing(new Withdrawn('The comment was deleted.'));
      expect(await run()).to.deep.equal({ kind: 'withdrawn' });
      expect(build()).to.include({ state: 'stopped', text: 'The comment was deleted.' });
      expect(server.reports).to.deep.equal([]);
    });

    it('reports nothing when GitHub fails or the server ends: the command is found again', async () => {
      const error = new GitHubError('https://x', 'no answer', 'wait', { status: 0, trouble: 'unavailable' });
      failing(error);
      expect(await run().catch((thrown: unknown) => thrown)).to.equal(error);
      make = () => {
        server.abort.abort(new Error('the server ends'));
        throw new WorkError('interrupted');
      };
      expect(await run().catch((thrown: unknown) => thrown)).to.be.an('error');
      expect(build()).to.include({ state: 'accepted' });
      expect(server.reports).to.deep.equal([]);
    });

    it('reports that Argo watches another namespace, before anything is stopped or made', async () => {
      server.api.deployments.push(argoController(['--namespaced']));
      expect(await run()).to.deep.equal({ kind: 'failed' });
      expect(made).to.deep.equal([]);
      expect(build()?.text).to.include('watches only the namespace kubeflow, so no workflow in kfops');
      expect(build()?.nextStep).to.include('`namespace: kubeflow`');
    });

    it('fails without a start when it was started three times before', async () => {
      expect(await run({ starts: 3 })).to.deep.equal({ kind: 'failed' });
      expect(build()?.text).to.include('three times');
      expect(made).to.deep.equal([]);
    });
  });

  describe('leaves the command to another replica', () => {
    const elsewhere = async (): Promise<void> => {
      expect(await run().catch((thrown: unknown) => thrown)).to.be.instanceOf(HandledElsewhere);
      expect(server.reports).to.deep.equal([]);
    };

    it('that recorded another commit', async () => {
      server.state = accepted(server.state, request(9, { commit: 'b'.repeat(40) }));
      await elsewhere();
      expect(made).to.deep.equal([]);
    });

    it('that refused it', async () => {
      server.state = ended(server.state, [9], 'refusal');
      await elsewhere();
      expect(made).to.deep.equal([]);
    });

    it('that made the workflow, when making it fails here', async () => {
      make = () => {
        server.has({ comments: [9] });
        throw new WorkError('The planner failed.');
      };
      await elsewhere();
      expect(buildOf(server.state, 9)).to.include({ state: 'accepted' });
    });

    for (const error of [
      new WorkError('The planner failed.'),
      new Withdrawn('The pull request was closed.'),
    ]) {
      it(`that makes the workflow while this one tells: ${error.message}`, async () => {
        make = () => {
          server.beforeChange = () => {
            server.has({ comments: [9] });
          };
          throw error;
        };
        expect(await run().catch((thrown: unknown) => thrown)).to.be.instanceOf(HandledElsewhere);
      });
    }
  });

  it('is not reported as failed once its workflow is made', async () => {
    server.beforeChange = (urgency) => {
      if (urgency === 'progress') throw new WorkError('The comment cannot be written.');
    };
    expect(await run().catch((thrown: unknown) => (thrown as Error).message)).to.equal(
      'The comment cannot be written.',
    );
    expect(buildOf(server.state, 9)).to.include({ state: 'accepted' });
  });
});

import { expect } from 'chai';

import { ConfigError, WorkError } from '../../../../schema/index.js';
import type { AuthorisedCommand } from '../../../../server/builds/authorised-command.js';
import { HandledElsewhere } from '../../../../server/builds/pick-ups.js';
import { dispatchCommand, type DispatchResult } from '../../../../server/commands/dispatch.js';
import { readMarker } from '../../../../server/comment/marker.js';
import { renderComment } from '../../../../server/comment/render.js';
import { GitHubError } from '../../../../server/github/errors.js';
import { CommandServer, commentOf, identityOf } from '../command-server.js';
import { HEAD } from '../facts.js';

describe('server/commands/dispatch', () => {
  let server: CommandServer;
  beforeEach(async () => {
    server = await CommandServer.open();
  });
  afterEach(() => server.close());

  function dispatch(verb: string, changes: Partial<AuthorisedCommand> = {}): Promise<DispatchResult> {
    const authorised: AuthorisedCommand = {
      command: { verb, flags: {}, line: 1 },
      comments: [commentOf(9)],
      pullRequest: server.pullRequest!,
      commit: HEAD,
      starts: 0,
      conversation: server.state,
      ...changes,
    };
    return dispatchCommand(server.context, authorised, server.work);
  }

  const BUILT = ['write record', 'planner build', 'submit', 'write progress'];
  const RECORDED = ['write record'];
  const DIFF = {
    commit: HEAD,
    base: { commit: HEAD, branch: 'main' },
    isComparable: true,
    images: [],
    bases: [],
    pipeline: { kind: 'source', files: 0, text: '', left: 0, missing: 'head' },
  };
  /** Verbs on a pull request without builds: the outcome, a part of the answer, and what changed outside. */
  const VERBS: Readonly<
    Record<string, readonly [DispatchResult['outcome'], string | undefined, readonly string[]]>
  > = {
    build: ['submitted', undefined, BUILT],
    build_run: ['submitted', undefined, BUILT],
    run: ['refused', '', []],
    retry: ['answered', '', []],
    plan: ['answered', 'the plan', ['write record', 'planner plan']],
    diff: ['answered', 'Compared with `main`', ['write record', 'planner diff']],
    status: ['answered', '', []],
    logs: ['answered', 'No build', []],
    cancel: ['answered', '', []],
    'ok-to-test': ['answered', '', RECORDED],
    help: ['answered', '/build', []],
    deploy: ['answered', '/deploy', []],
    staging_deploy: ['answered', '/staging', []],
  };
  for (const [verb, [outcome, text, steps]] of Object.entries(VERBS)) {
    it(`${verb}: ${outcome}${steps.length > 0 ? ` after ${steps.join(', ')}` : ''}`, async () => {
      server.plan = (task) => ({ plan: 'the plan', diff: DIFF })[task] ?? { metadata: { name: 'made' } };
      const argument = verb === 'ok-to-test' && { argument: HEAD };
      const result = await dispatch(verb, { command: { verb, flags: {}, line: 1, ...argument } });
      expect(result.outcome).to.equal(outcome);
      if (text === undefined) expect(result).not.to.have.property('reply');
      else expect(result.reply?.markdown).to.include(text);
      // An answer decides the reaction.
      expect(result.reaction).to.equal(text === undefined ? 'rocket' : undefined);
      expect(server.steps).to.deep.equal(steps);
    });
  }

  /** `/build`: what the server finds, then outcome, reaction and a part of the answer. */
  const BUILDS: Readonly<
    Record<string, readonly [() => void, DispatchResult['outcome'], DispatchResult['reaction'], string?]>
  > = {
    'the same build running': [() => server.has({}), 'joined', 'rocket'],
    'another build running, supersede: refuse': [
      () => {
        server.settings.supersede = 'refuse';
        server.has({ of: identityOf({ verb: 'build_run' }) });
      },
      'refused',
      undefined,
      'kfops-pr-17',
    ],
    'a planner that fails': [
      () => {
        server.plan = () => {
          throw new WorkError('Too large.');
        };
      },
      'failed',
      '-1',
    ],
    'its comment deleted': [() => server.deleted.add(9), 'ignored', '-1'],
    'its pull request closed': [
      () => {
        server.pullRequest = { ...server.pullRequest!, open: false };
      },
      'ignored',
      '-1',
    ],
  };
  for (const [what, [prepare, outcome, reaction, text]] of Object.entries(BUILDS)) {
    it(`build, with ${what}: ${outcome}`, async () => {
      prepare();
      const result = await dispatch('build');
      expect([result.outcome, result.reaction]).to.deep.equal([outcome, reaction]);
      if (text === undefined) expect(result).not.to.have.property('reply');
      else expect(result.reply).to.include({ kind: 'refusal' });
      expect(result.reply?.markdown ?? '').to.include(text ?? '');
    });
  }

  describe('names of images', () => {
    const IMAGES = ['serving', 'trainer'];
    let planned: unknown;
    beforeEach(() => {
      server.plan = (_, input) => {
        planned = input;
        return { metadata: { name: 'made' } };
      };
    });

    for (const verb of ['build', 'build_run', 'plan']) {
      it(`${verb}: the planner gets them`, async () => {
        await dispatch(verb, { command: { verb, images: IMAGES, flags: {}, line: 1 } });
        expect(planned).to.deep.include({ only: IMAGES }).and.not.to.have.property('force');
        await dispatch(verb, { command: { verb, flags: {}, line: 1 } });
        expect(planned).not.to.have.property('only');
      });
    }

    it('build: `--force` gets to the planner, too', async () => {
      await dispatch('build', {
        command: { verb: 'build', images: IMAGES, flags: { force: true }, line: 1 },
      });
      expect(planned).to.deep.include({ only: IMAGES, force: true });
    });

    it('build: another selection of the same commit is another build', async () => {
      server.has({ of: identityOf({ images: ['trainer'] }) });
      const command = { verb: 'build', images: ['trainer'], flags: {}, line: 1 };
      expect((await dispatch('build', { command })).outcome).to.equal('joined');
      const other = { command: { ...command, images: IMAGES }, comments: [commentOf(10)] as const };
      expect((await dispatch('build', other)).outcome).to.equal('submitted');
    });

    it('retry: of a build without a workflow, for the same images', async () => {
      await dispatch('build', {
        command: { verb: 'build', images: IMAGES, flags: { force: true }, line: 1 },
      });
      const [build] = server.state.builds;
      expect(build?.request).to.deep.include({ images: IMAGES, flags: ['--force'] });
      const { workflow, ...failed } = build!;
      expect(workflow).to.deep.equal({ name: 'made' });
      server.state = { ...server.state, builds: [{ ...failed, state: 'failed' }] };
      planned = undefined;
      await dispatch('retry', {
        command: { verb: 'retry', flags: {}, line: 1 },
        comments: [commentOf(10)],
        conversation: server.state,
      });
      expect(planned).to.deep.include({ only: IMAGES, force: true });
    });
  });

  describe('--set', () => {
    const command = {
      verb: 'build_run',
      flags: { set: ['name=a "b"', 'password=hunter2 x'] },
      line: 1,
    };
    let planned: unknown;
    beforeEach(() => {
      server.plan = (_, input) => {
        planned = input;
        return { metadata: { name: 'made' } };
      };
    });

    /** `/retry` of it, as if it had failed before it had a workflow. */
    async function retry(): Promise<DispatchResult> {
      const { workflow, ...failed } = server.state.builds[0]!;
      expect(workflow).to.deep.equal({ name: 'made' });
      const { repository, number } = server.pullRequest!;
      const context = { ...server.context.render, repository, number };
      // Through the comment, as another replica reads it.
      const written = renderComment({ ...server.state, builds: [{ ...failed, state: 'failed' }] }, context);
      const read = readMarker(written.body);
      server.state = read.kind === 'state' ? read.state : expect.fail('the comment has no state');
      planned = undefined;
      return dispatch('retry', {
        command: { verb: 'retry', flags: {}, line: 1 },
        comments: [commentOf(10)],
        conversation: server.state,
      });
    }

    it('gets to the planner, and survives a retry with its quotes', async () => {
      const quoted = { ...command, flags: { set: ['name=a "b"', "text=it's \\"] } };
      await dispatch('build_run', { command: quoted });
      expect(planned).to.deep.include({ set: ['name=a "b"', "text=it's \\"], run: true });
      await retry();
      expect(planned).to.deep.include({ set: ['name=a "b"', "text=it's \\"], run: true });
    });

    it('makes another workflow for other values, and the same for the same', async () => {
      const flags = ['--set name=\'a "b"\'', "--set password='hunter2 x'"];
      server.has({ of: identityOf({ verb: 'build_run', flags }) });
      expect((await dispatch('build_run', { command })).outcome).to.equal('joined');
      const other = { ...command, flags: { set: ['name=b'] } };
      const result = await dispatch('build_run', { command: other, comments: [commentOf(10)] });
      expect(result.outcome).to.equal('submitted');
    });

    it('is recorded without secrets, which a retry does not have then', async () => {
      const { context } = server;
      const redact = (text: string): string => text.replace('hunter2 x', '***');
      const masked = { ...context, links: { redact } } as typeof context;
      const authorised: AuthorisedCommand = {
        command,
        comments: [commentOf(9)],
        pullRequest: server.pullRequest!,
        commit: HEAD,
        starts: 0,
        conversation: server.state,
      };
      await dispatchCommand(masked, authorised, server.work);
      expect(server.state.builds[0]?.request.flags).to.deep.equal([
        '--set name=\'a "b"\'',
        "--set password='***'",
      ]);
      expect(planned).to.deep.include({ set: ['name=a "b"', 'password=hunter2 x'] });
      const { outcome, reply } = await retry();
      expect(outcome).to.equal('refused');
      expect(reply?.markdown).to.include('looks like a secret').and.include('`/build_run --set KEY=VALUE`');
    });
  });

  describe('a command without a workflow that fails', () => {
    const failing = (error: unknown): void => {
      server.plan = () => {
        throw error;
      };
    };

    it('answers with the reason and the next step', async () => {
      failing(new WorkError('Too large.', 'Add a .dockerignore.'));
      const { outcome, reply } = await dispatch('plan');
      expect(outcome).to.equal('failed');
      expect(reply).to.include({ kind: 'refusal' });
      expect(reply?.markdown).to.include('Too large.').and.include('Add a .dockerignore.');
    });

    it('answers with the errors of the repository’s files', async () => {
      failing(new ConfigError([{ code: 'yaml_syntax', severity: 'error', message: 'Wrong key.' } as never]));
      const { outcome, reply } = await dispatch('plan');
      expect(outcome).to.equal('refused');
      expect(reply?.markdown).to.include('Wrong key.');
    });

    it('hides the details of a defect', async () => {
      failing(new TypeError('secret detail'));
      const { reply } = await dispatch('plan');
      expect(reply?.markdown)
        .to.match(/unexpected|not expect/)
        .and.not.include('secret detail');
    });

    it('refuses a command that was started three times, before its files are read', async () => {
      const { outcome, reply } = await dispatch('plan', { starts: 3 });
      expect([outcome, server.steps]).to.deep.equal(['failed', []]);
      expect(reply?.markdown).to.include('three times');
    });

    const THROWN = {
      'GitHub fails': new GitHubError('https://x', 'no answer', 'wait', {
        status: 0,
        trouble: 'unavailable',
      }),
      'another replica runs the command': new HandledElsewhere(),
    };
    for (const [when, error] of Object.entries(THROWN)) {
      it(`throws when ${when}: it is handled again`, async () => {
        failing(error);
        expect(await dispatch('plan').catch((thrown: unknown) => thrown)).to.equal(error);
      });
    }

    it('throws when the server ends', async () => {
      server.plan = () => {
        server.abort.abort(new Error('the server ends'));
        throw new WorkError('interrupted');
      };
      expect(await dispatch('plan').catch((thrown: unknown) => (thrown as Error).message)).to.equal(
        'interrupted',
      );
    });
  });
});

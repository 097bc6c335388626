import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

import { expect } from 'chai';

import { commentDelivery, pullDelivery, pushDelivery, type GitHubComment } from '../fixtures/github/index.js';
import { endsWithTests } from '../support/interrupted.js';
import { ServerWorld } from './harness.js';

const BIN = fileURLToPath(new URL('../../dist/cli/bin.js', import.meta.url));

describe('kfops receive', function () {
  this.timeout(300_000);
  let world: ServerWorld;

  before(async () => {
    world = await ServerWorld.start();
  });
  after(() => world.stop());
  afterEach(() => {
    expect(world.github.problems, 'what GitHub’s description does not allow').to.deep.equal([]);
  });

  interface Ended {
    readonly code: number | null;
    readonly out: string;
    readonly err: string;
  }

  /** Runs it with a payload on its standard input. */
  async function receive(payload: unknown, ...args: readonly string[]): Promise<Ended> {
    const child = spawn(
      process.execPath,
      [
        ...(process.env.DEV ? ['--import=tsx/esm', 'cli/bin.ts'] : [BIN]),
        'receive',
        '-',
        '--settings',
        world.writeSettings(),
        '--kubeconfig',
        world.kubeconfig(),
        ...args,
      ],
      { env: { PATH: process.env.PATH, HOME: world.folder, ...world.env() }, stdio: 'pipe' },
    );
    endsWithTests(child);
    let [out, err] = ['', ''];
    child.stdout.setEncoding('utf8').on('data', (text: string) => (out += text));
    child.stderr.setEncoding('utf8').on('data', (text: string) => (err += text));
    child.stdin.end(typeof payload === 'string' ? payload : JSON.stringify(payload));
    const [code] = (await once(child, 'close')) as [number | null];
    return { code, out, err };
  }

  const payloadOf = (comment: GitHubComment): unknown => commentDelivery(world.github.world, comment).payload;

  /** What was written so far: to GitHub, to the cluster, to the store. */
  const writes = (): string[] => [
    ...world.github.calls
      .filter(({ kind }) => kind === 'write')
      .map(({ method, path }) => `${method} ${path}`),
    ...world.kubernetes.requests
      .filter(({ method }) => method !== 'GET')
      .map(({ method, path }) => `${method} ${path}`),
    ...world.store.requests
      .filter(({ method }) => method !== 'GET' && method !== 'HEAD')
      .map(({ method, path }) => `${method} ${path}`),
  ];

  it('--dry-run prints workflow, comments and reactions, and writes nothing anywhere', async () => {
    const pull = world.openPull();
    const comment = pull.write('/build');
    const before = writes();
    const { code, out, err } = await receive(payloadOf(comment), '--event', 'issue_comment', '--dry-run');
    expect(code, err).to.equal(0);
    expect(writes()).to.deep.equal(before);
    const titles = [...out.matchAll(/^==== (.*) ====$/gm)].map(([, title]) => title);
    expect(titles[0]).to.equal(`reaction 👀 on comment ${comment.id}`);
    expect(titles.at(-1)).to.equal(`reaction 🚀 on comment ${comment.id}`);
    expect(titles.filter((title) => title?.startsWith('object ctx/'))).to.have.length(3);
    expect(titles.filter((title) => title?.startsWith('comment on'))).to.deep.equal([
      `comment on me/iris#${pull.pull.number}, new`,
      `comment on me/iris#${pull.pull.number}, edited`,
    ]);
    expect(out).to.match(
      /^==== workflow kfops-pr-\d+-[0-9a-f]{12}, submitted ====\napiVersion: argoproj.io/m,
    );
    expect(out).to.include('Submitted; waiting for Argo').and.not.include('<!-- kfops:');
    expect(err).to.include('info  command').and.include('outcome=submitted');
    expect(err).to.include('A workflow was submitted. Dry run: nothing was written.');
  });

  it('without --dry-run does it for real, reactions included; again, the comment counts as handled', async () => {
    const pull = world.openPull();
    const comment = pull.write('/build');
    const { code, out, err } = await receive(payloadOf(comment));
    expect(code, err).to.equal(0);
    expect(out).to.equal('');
    expect(pull.workflows).to.have.length(1);
    expect(comment.reactions.map(({ content }) => content)).to.have.members(['eyes', 'rocket']);
    expect(pull.botComments).to.have.length(1);

    const before = writes();
    const again = await receive(payloadOf(comment));
    expect(again.code).to.equal(0);
    expect(again.err).to.include('Ignored: handled before.');
    expect(writes()).to.deep.equal(before);

    const dryRun = await receive(payloadOf(comment), '--dry-run');
    expect(dryRun.code).to.equal(0);
    expect(dryRun.err).to.include('already handled this comment').and.include('was joined');
    expect(writes()).to.deep.equal(before);
  });

  it('takes a delivery as GitHub’s API gives it, with its event', async () => {
    const pull = world.openPull();
    const payload = payloadOf(pull.write('/plan'));
    const { code, out, err } = await receive({ event: 'issue_comment', request: { payload } }, '--dry-run');
    expect(code, err).to.equal(0);
    expect(out).to.include('would store').and.include('iris_train');
    expect(out).not.to.include('==== workflow');
  });

  it('a closed pull request: tells what would be stopped, then stops it', async () => {
    const pull = world.openPull();
    await receive(payloadOf(pull.write('/build')));
    const [workflow] = pull.workflows;
    const { payload } = pullDelivery(world.github.world, pull.pull, 'closed');
    const early = await receive(payload);
    expect(early.err).to.include('continue');
    pull.pull.state = 'closed';
    const dryRun = await receive(payload, '--dry-run');
    expect(dryRun.out).to.include(`==== stopping the workflow ${workflow!.metadata.name} in kfops ====`);
    expect(pull.workflows[0]!.spec.shutdown).to.equal(undefined);
    const { code, err } = await receive(payload);
    expect(code, err).to.equal(0);
    expect(err).to.include('What ran was told to stop');
    expect(pull.workflows[0]!.spec.shutdown).to.equal('Stop');
  });

  it('errors of config.yaml: the comment and the check that would tell them, and exit code 1', async () => {
    const pull = world.openPull({
      commit: world.commit({
        'config_files/config.yaml': 'repository: {owner: me, name: iris}\npipelin: {}\n',
      }),
    });
    const { code, out } = await receive(payloadOf(pull.write('/build')), '--dry-run');
    expect(code).to.equal(1);
    expect(out).to.include('config_files/config.yaml:2:1 error UNKNOWN_KEY');
    expect(out).to.include(`==== check of commit ${pull.pull.head.commit} ====\nfailure: `);
    expect(out).to.include('config_files/config.yaml:2 failure ');
  });

  it('what means nothing to the server is ignored with the reason', async () => {
    const pull = world.openPull();
    const comment = pull.write('/build');
    const edited = commentDelivery(world.github.world, comment, 'edited').payload;
    const cases: [unknown, string, ...string[]][] = [
      [edited, 'only new comments can contain commands, and this action is edited'],
      [payloadOf(pull.write('Looks good')), 'no line of the comment looks like a command'],
      [payloadOf(pull.write('> /build')), 'it holds no command: line 1, /build, is quoted'],
      [{ starred_at: null }, 'the server ignores the event star', '--event', 'star'],
      [
        pushDelivery(world.github.world, pull.pull.repository, 'refs/heads/x', { before: 'a'.repeat(40) })
          .payload,
        'the branch or tag was deleted',
      ],
      [pullDelivery(world.github.world, pull.pull, 'labeled').payload, 'this action is labeled'],
      [
        pullDelivery(world.github.world, pull.pull, 'opened').payload,
        'the settings let nothing start by itself',
      ],
    ];
    const before = writes();
    for (const [payload, why, ...args] of cases) {
      const { code, err } = await receive(payload, ...args);
      expect(err).to.include('Ignored: ').and.include(why);
      expect(code).to.equal(0);
    }
    expect(writes()).to.deep.equal(before);
  });

  it('a wrong payload ends with 2 and what is wrong with it', async () => {
    const comment = payloadOf(world.openPull().write('/build'));
    const cases: [unknown, string, ...string[]][] = [
      ['{"action": ', 'The payload is not JSON'],
      ['[]', 'not a JSON object'],
      [{ action: 'created' }, 'Cannot tell which event'],
      [comment, 'is not one of pull_request: it has no `number`', '--event', 'pull_request'],
      [{ action: 'created' }, 'it has no `issue.number`, `comment.id`', '--event', 'issue_comment'],
    ];
    for (const [payload, why, ...args] of cases) {
      const { code, err, out } = await receive(payload, ...args);
      expect(err).to.include('PAYLOAD').and.include(why);
      expect(code, why).to.equal(2);
      expect(out).to.equal('');
    }
  });

  it('a service that does not answer ends with 3', async () => {
    const pull = world.openPull();
    world.kubernetes.fault({
      times: 1000,
      answer: { status: 403, reason: 'Forbidden', message: 'no' },
      when: ({ path }) => path.endsWith('/workflows'),
    });
    const { code, err, out } = await receive(
      pullDelivery(world.github.world, pull.pull, 'closed').payload,
      '--dry-run',
    );
    expect(code, err).to.equal(3);
    expect(out).to.equal('');
  });
});

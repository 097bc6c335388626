import { expect } from 'chai';

import { commentDelivery } from '../fixtures/github/index.js';
import { type PullHandle, type ServerProcess, ServerWorld } from './harness.js';

/** Rows of the table of threats that need the whole server; `npm test` has the others beside the part they are about. */
describe('the server withstands', function () {
  this.timeout(300_000);
  let world: ServerWorld;
  let server: ServerProcess;

  before(async () => {
    world = await ServerWorld.start();
    server = await world.serve({ settings: { server: { log_level: 'debug' } } });
  });
  after(() => world.stop());

  /** Everything that came before is done: a harmless command of another pull request has its answer. */
  async function settled(): Promise<void> {
    const other = world.openPull();
    await other.answered(server, '/help', 'rocket');
  }

  /** Nothing was written: no object, no workflow, no comment, no reaction. */
  function nothingWritten(pull: PullHandle): void {
    expect(pull.workflows).to.deep.equal([]);
    expect(pull.botComments).to.deep.equal([]);
    expect(pull.pull.comments.flatMap(({ reactions }) => reactions)).to.deep.equal([]);
  }

  it('threat 58: tells once at its start of images that are named by tag', () => {
    const told = server.log.filter(({ msg }) => msg.includes('referenced by tag'));
    expect(told).to.have.length(1);
    expect(told[0]).to.have.property('level', 'warn');
    expect(told[0]!.images).to.include.keys('kaniko.image');
  });

  it('threat 4: a replay under fresh delivery ids gives one workflow', async () => {
    const pull = world.openPull();
    const comment = pull.write('/build');
    for (const id of ['a', 'b', 'c']) await pull.tell(server, comment, `11111111-${id}`);
    await pull.reacted(comment, 'rocket');
    await pull.tell(server, comment, '22222222');
    await settled();
    expect(pull.workflows).to.have.length(1);
    expect(pull.botComments).to.have.length(1);
  });

  it('threat 6: a repository that is not on the list is not obeyed', async () => {
    const { world: github } = world.github;
    const evil = github.addRepository('me/iris.evil');
    github.setRole(evil, 'ada', 'admin');
    const pull = github.openPull(evil, { commit: world.commits.head });
    const comment = github.addComment(evil, pull.number, 'ada', '/build');
    await world.deliver(server, commentDelivery(github, comment));
    await settled();
    expect(comment.reactions).to.deep.equal([]);
    expect(evil.comments.size).to.equal(1);
  });

  for (const role of ['none', 'read', 'triage'] as const) {
    it(`threat 7: somebody with the permission ${role} builds nothing`, async () => {
      const pull = world.openPull();
      world.github.world.setRole(world.repository, `with-${role}`, role);
      await pull.answered(server, '/build', '-1', `with-${role}`);
      expect(pull.workflows).to.deep.equal([]);
      expect(pull.botComments[0]?.body).to.include('/build was refused').and.include('write permission');
    });
  }

  it('threat 7: nothing is built while GitHub does not say who somebody is', async () => {
    const pull = world.openPull();
    world.github.world.setRole(world.repository, 'cem', 'write');
    world.github.misbehave(
      { status: 500 },
      { times: Infinity, when: ({ path }) => path.endsWith('/collaborators/cem/permission') },
    );
    await pull.answered(server, '/build', '-1', 'cem');
    world.github.recover();
    expect(pull.workflows).to.deep.equal([]);
  });

  it('threat 10: its own comments and those of other bots are no commands', async () => {
    const pull = world.openPull();
    const { bot } = world.github.world;
    const own = pull.write('/build', bot.login);
    world.github.world.account('other[bot]', 'Bot');
    world.github.world.setRole(world.repository, 'other[bot]', 'admin');
    const other = pull.write('/build', 'other[bot]');
    for (const comment of [own, other]) await pull.tell(server, comment);
    await settled();
    expect(pull.workflows).to.deep.equal([]);
    expect([...own.reactions, ...other.reactions]).to.deep.equal([]);
  });

  it('threat 11: a push after the comment does not change what is built', async () => {
    const pull = world.openPull();
    const asked = pull.pull.head.commit;
    // The push comes when the commit was written down, and the files are being fetched.
    const fetched = world.git.next(({ wants }) => wants.includes(asked));
    const comment = await pull.comment(server, '/build');
    await fetched;
    pull.push({ 'pipeline/change.py': 'EVIL = True\n' });
    await pull.reacted(comment, 'rocket');
    expect((await pull.workflow()).metadata.labels).to.include({ 'kfops.dev/commit': asked });
  });

  it('threat 12: a branch that is named like a commit is never what is fetched', async () => {
    const pull = world.openPull();
    const { commit } = pull.pull.head;
    const evil = world.commit({ 'pipeline/change.py': 'EVIL = True\n' });
    world.branch(commit, evil);
    await pull.comment(server, '/build');
    const workflow = await pull.workflow();
    expect(workflow.metadata.labels).to.include({ 'kfops.dev/commit': commit });
    expect(world.git.fetches.flatMap(({ wants }) => wants)).not.to.include(evil);
  });

  for (const from of ['fork', 'deleted fork'] as const) {
    it(`threat 13: a pull request from a ${from} is refused`, async () => {
      const fork = from === 'fork' ? world.github.world.addRepository(`eve/iris-${from}`) : null;
      const pull = world.openPull({ from: fork });
      await pull.answered(server, '/build', '-1');
      await pull.said('fork');
      expect(pull.workflows).to.deep.equal([]);
    });
  }

  const manifestWith = (image: string): Record<string, string> => ({
    'config_files/kaniko-manifest.yaml': `apiVersion: v1\nkind: Pod\nspec:\n  containers:\n    - name: kaniko\n      image: ${image}\n`,
  });

  it('threat 36: a pull request onto a branch of its author is built with the manifest of the default branch', async () => {
    const own = world.commit(manifestWith('evil.example.com/kaniko'));
    world.branch('own', own);
    const pull = world.openPull({ base: { commit: own, branch: 'own' } });
    await pull.comment(server, '/build');
    expect(JSON.stringify(await pull.workflow())).not.to.include('evil.example.com');
    expect(world.git.fetches.flatMap(({ wants }) => wants)).not.to.include(own);
  });

  it('threat 36: the manifest is the one at the tip that GitHub names, not at the base commit of the pull request', async () => {
    const pull = world.openPull();
    const image = 'registry.example.com/not-allowed';
    const tip = world.commit(manifestWith(image), world.commits.base);
    world.branch('main', tip);
    await pull.answered(server, '/build', '-1');
    await pull.said(image);
    world.branch('main', world.commits.base);
  });

  it('threat 14: the kaniko manifest is that of the default branch, and its limits hold', async () => {
    const pull = world.openPull();
    pull.push(manifestWith('evil.example.com/kaniko'));
    await pull.comment(server, '/build');
    const workflow = await pull.workflow();
    expect(JSON.stringify(workflow)).not.to.include('evil.example.com');
  });

  it('threat 20: an address of the object store in config.yaml is not asked', async () => {
    const pull = world.openPull();
    pull.push(
      world.configReplacing(
        'image_builder:\n',
        'image_builder:\n  minio: {credentials: {endpoint: "127.0.0.1:1", access_key: a, secret_key: b}}\n',
      ),
    );
    await pull.answered(server, '/build', 'rocket');
    expect(JSON.stringify(await pull.workflow())).not.to.include('127.0.0.1:1"');
  });

  it('threat 33: a namespace that is not on the list is refused', async () => {
    const pull = world.openPull();
    pull.push(world.configReplacing('namespace: data-science', 'namespace: kube-system'));
    await pull.answered(server, '/build', '-1');
    await pull.said('kube-system');
    expect(pull.workflows).to.deep.equal([]);
  });

  it('threat 35: a flood of somebody without permission costs one look-up and one comment', async () => {
    const pull = world.openPull();
    const lookUps = (): number =>
      world.github.calls.filter(({ path }) => path.endsWith('/collaborators/eve/permission')).length;
    for (let i = 0; i < 100; i++) await pull.comment(server, `/build\n${i}`, 'eve');
    await settled();
    await world.until('all to be handled', () =>
      server.log.filter(({ by }) => by === 'eve').length >= 100 ? true : undefined,
    );
    expect(lookUps()).to.equal(1);
    expect(pull.botComments).to.have.length(1);
    expect(pull.workflows).to.deep.equal([]);
  });

  it('threat 56: a stranger on many pull requests is told little, and in place of nothing', async () => {
    world.github.world.setRole(world.repository, 'mallory', 'read');
    const pulls = Array.from({ length: 20 }, () => world.openPull());
    const [first] = pulls;
    await first!.answered(server, '/help', 'rocket');
    const before = first!.botComments.map(({ body }) => body);
    /** To these pull requests: the reporter may write to others at any time. */
    const writes = (): number => {
      const paths = pulls.flatMap(({ pull: { number, comments } }) => [
        `/issues/${number}/comments`,
        ...comments.map(({ id }) => `/issues/comments/${id}`),
      ]);
      const isAmong = ({ path }: { path: string }): boolean =>
        paths.some((each) => path.endsWith(each) || path.includes(`${each}/`));
      return world.github.done('write').filter(isAmong).length;
    };
    const already = writes();
    for (const pull of pulls) await pull.comment(server, '/build', 'mallory');
    await world.until('all to be handled', () =>
      server.log.filter(({ by }) => by === 'mallory').length >= pulls.length ? true : undefined,
    );
    await settled();
    expect(writes() - already).to.be.within(5, 10);
    expect(first!.botComments.map(({ body }) => body)).to.deep.equal(before);
    expect(pulls.flatMap(({ workflows }) => workflows)).to.deep.equal([]);
    const reactions = pulls.flatMap(({ pull }) =>
      pull.comments.flatMap((comment) => (comment.author.login === 'mallory' ? comment.reactions : [])),
    );
    expect(reactions.map(({ content }) => content)).to.deep.equal(Array(5).fill('-1'));
  });

  it('a command in somebody’s quote writes nothing', async () => {
    const pull = world.openPull();
    await pull.comment(server, '> /build\n\n> ```\n> /build\n> ```\n<!--\n/build\n-->');
    await settled();
    nothingWritten(pull);
  });

  it('threats 11, 32: a commit of a fork is built once somebody has let it be, with what belongs to forks alone', async () => {
    const manifest = {
      apiVersion: 'v1',
      kind: 'Pod',
      spec: {
        containers: [{ name: 'kaniko', volumeMounts: [{ name: 'forks', mountPath: '/kaniko/.docker' }] }],
        volumes: [{ name: 'forks', secret: { secretName: 'push-forks' } }],
      },
    };
    const forks = await world.serve({
      settings: {
        kaniko: { manifest: JSON.parse(JSON.stringify(manifest).replaceAll('forks', 'trusted')) as unknown },
        server: { forks: { registry: 'forks.example.com/all', manifest } },
      },
    });
    const fork = world.github.world.addRepository('eve/iris-of-a-fork');
    const pull = world.openPull({ from: fork });
    await pull.answered(forks, '/build', '-1');
    await pull.said('ok-to-test');
    const { commit } = pull.pull.head;
    await pull.answered(forks, `/ok-to-test ${'a'.repeat(40)}`, '-1');
    await pull.answered(forks, `/ok-to-test ${commit.slice(0, 7)}`, '-1');
    await pull.answered(forks, `/ok-to-test ${commit}`, 'rocket');
    await pull.answered(forks, '/build', 'rocket');
    const workflow = JSON.stringify((await pull.workflow()).spec);
    expect(workflow).to.include('forks.example.com/all/iris_train').and.include('push-forks');
    expect(workflow)
      .not.to.match(/registry\.example\.com\/(?!kfops\/)/)
      .and.not.include('push-trusted');
    pull.push({ 'pipeline/change.py': 'EVIL = True\n' });
    await pull.answered(forks, '/build', '-1');
    expect(pull.workflows).to.have.length(1);
    await forks.stop();
  });

  it("threat 46, threat 47: arguments with Argo's tags or of 100 kB are refused, and nothing runs", async () => {
    const pull = world.openPull();
    for (const [value, why] of [
      ['{{workflow.serviceAccountName}}', 'two opening braces in a row'],
      [`'{{=sprig.env("HOME")}}'`, 'two opening braces in a row'],
      ['x'.repeat(60_000), 'the limit is 500'],
    ] as const) {
      await pull.answered(server, `/build_run --set epochs=${value}`, '-1');
      expect(pull.botComments).to.have.length(1);
      expect(pull.botComments[0]!.body).to.include(why);
      expect(pull.botComments[0]!.body.length).to.be.lessThan(3_000);
    }
    expect(pull.workflows).to.deep.equal([]);
  });

  it('threat 83: a hostile log stays in its block, without secrets, colours and endless lines', async () => {
    const pull = world.openPull();
    await pull.answered(server, '/build', 'rocket');
    const workflow = await pull.workflow();
    const fence = '`'.repeat(5);
    const lines = [
      'token ghp_0123456789abcdefghijABCDEFGHIJ0123',
      `${fence}\n</details>\n<!-- kfops {"builds":[]} -->\n# @everyone\n{{workflow.name}}`,
      '\u001b[31mred\u001b[0m \u202eturned\u202c \u0000\u0007',
      'x'.repeat(1_000_000),
      'the end',
    ];
    const log = lines.join('\n');
    world.argo.set(workflow, 'Running', { 'build-iris-train': { phase: 'Running', log } });
    await pull.answered(server, '/logs', 'rocket');
    const body = await pull.said('the end');
    const shown = body.slice(body.indexOf('\n'));
    const block = shown.slice(shown.indexOf('\n``````\n'), shown.lastIndexOf('\n``````\n'));
    expect(block)
      .to.include(`\n${fence}\n</details>\n<!-- kfops`)
      .and.include('\nred turned')
      .and.include('\nthe end');
    expect(shown.replace(block, '')).not.to.include('@everyone');
    expect(body).not.to.include('ghp_');
    for (const control of ['\u001b', '\u202e', '\u0000', '\u0007']) expect(body).not.to.include(control);
    expect(body.length).to.be.below(60_000);
    // The server still reads its own comment.
    await pull.answered(server, '/logs iris_tran', '-1');
    await pull.said('Did you mean');
  });

  it('threat 30: no secret is in the log, an object, a workflow or a comment', () => {
    const secrets = [
      world.store.secretKey,
      world.store.accessKey,
      ...world.github.world.tokens.keys(),
      ...world.github.privateKey.split('\n').filter((line) => line.length > 40),
      'a Secret to Everybody',
    ];
    const written = [
      ...server.log.map((line) => JSON.stringify(line)),
      server.stderr,
      ...world.argo.workflows.map((workflow) => JSON.stringify(workflow)),
      ...[...world.repository.comments.values()].map(({ body }) => body),
    ].join('\n');
    expect(world.github.world.tokens.size).to.be.greaterThan(0);
    expect(world.argo.workflows).not.to.deep.equal([]);
    for (const secret of secrets) expect(written).not.to.include(secret);
  });
});

import { setTimeout as wait } from 'node:timers/promises';

import { expect } from 'chai';

import { apiPath, connectCluster, workflowPath } from '../../argo/client/client.js';
import { KubernetesError } from '../../argo/client/errors.js';
import type { KfpServer } from '../fixtures/kfp-server.js';
import { MetadataStoreServer } from '../fixtures/metadata-store.js';
import type { ServerProcess } from '../server/process.js';
import { visibleText } from '../support/visible-text.js';
import { finish, until } from './support/build.js';
import { buildsAndRuns, dockerfile, pipelineOf } from './support/build-and-run.js';
import { ChatopsWorld, workingPods } from './support/chatops.js';
import { environment, NAMESPACE } from './support/environment.js';
import { kubeflow } from './support/kubeflow.js';
import { BUSYBOX } from './support/project.js';
import { digestOf } from './support/registry.js';

/** The chatops server with real builds: only GitHub, git and Kubeflow Pipelines are stand-ins. */
describe('chatops on a real cluster', () => {
  let world: ChatopsWorld;
  let server: ServerProcess;
  let kfp: KfpServer | undefined;
  let metadata: MetadataStoreServer | undefined;

  before(async function () {
    kfp = await kubeflow(this);
    kfp.states = ['RUNNING', 'SUCCEEDED'];
    metadata = await MetadataStoreServer.startOrSkip(this, environment.nodeAddress);
    world = await ChatopsWorld.start(this, kfp.endpoint, `grpc://${metadata.host}`);
    server = await world.serve();
    await world.leads(server);
  });
  after(async () => {
    // Gives the lease back, so that a next run need not wait for its end.
    await Promise.all(world.servers.map((each) => each.stop()));
    await world.stop();
    await Promise.all([kfp?.stop(), metadata?.stop()]);
  });
  afterEach(() => {
    expect(world.github.problems, 'what GitHub’s description does not allow').to.deep.equal([]);
    expect(kfp?.problems).to.deep.equal([]);
  });

  it('/build_run builds two images, publishes and runs their pipeline, and tells the digests that the registry has', async () => {
    await buildsAndRuns(world, server, kfp!);
  });

  it('/build_run --set gives the run its arguments, and /retry continues the run that failed', async () => {
    const pipelines = kfp!;
    const pull = world.openPull(
      { load: dockerfile('echo load') },
      pipelineOf([world.imageOf('load')], 'epochs: int = 1, name: str = "x", layers: list = []'),
    );
    const before = pipelines.runs.size;
    pipelines.states = ['RUNNING', 'FAILED'];
    const command = `/build_run --set layers='[64, 32]' --set epochs=20 --set name="it's 1.10"`;
    await pull.reacted(await pull.comment(server, command), 'rocket');
    const failed = await pull.said('❌ The run of the pipeline failed');
    expect(failed).to.include(`--set epochs=20 --set layers='[64, 32]' --set name="it's 1.10"`);
    pipelines.states = ['RUNNING', 'SUCCEEDED'];
    const run = [...pipelines.runs.values()].at(-1)!;
    expect(run.object).to.deep.include({
      state: 'FAILED',
      runtime_config: { parameters: { epochs: 20, name: "it's 1.10", layers: [64, 32] } },
    });

    await pull.reacted(await pull.comment(server, '/retry'), 'rocket');
    const said = await pull.said('✅ Built load, and compiled, published and ran the pipeline');
    const id = String(run.object.run_id);
    expect(said).to.include(`run \`${id}\`. It had failed before, and continued.`);
    expect(run.object).to.include({ state: 'SUCCEEDED' });
    expect(pipelines.runs.size, 'no run is new').to.equal(before + 1);
    expect(pipelines.seen('POST', `/runs/${id}:retry`)).to.have.length(1);
    const [again] = await pull.workflows();
    const { result } = await finish(again!.name);
    expect(
      result.images.filter(({ pod }) => pod !== undefined),
      'nothing is built',
    ).to.deep.equal([]);
  });

  it('fault 24: a broken Dockerfile fails at its step and line, and /retry builds it again, and nothing else', async () => {
    const pull = world.openPull({
      good: dockerfile('echo good'),
      bad: `FROM ${BUSYBOX}\nRUN echo first\nRUN test -e /never-there\n`,
    });
    await pull.comment(server, '/build');
    const said = await pull.said('❌');
    expect(said).to.include('RUN test -e /never-there failed').and.to.include('bad/Dockerfile:3');
    const digest = await digestOf(world.imageOf('good'), pull.tag);
    expect(said).to.include(`${world.imageOf('good')}@${digest}`);
    const check = await pull.checked('failure');
    const places = check.annotations.map(({ path, start_line }) => `${String(path)}:${String(start_line)}`);
    expect(places).to.deep.equal(['bad/Dockerfile:3']);

    await pull.reacted(await pull.comment(server, '/logs bad'), 'rocket');
    const [build] = await pull.workflows();
    const logged = await pull.said('`bad` failed. The last ');
    const [, log = ''] =
      /<summary>The last \d+ lines of bad<\/summary>\n\n```\n([^]*?)\n```\n/.exec(logged) ?? [];
    expect(log, 'a step before').to.match(/^first$/m);
    expect(log).to.include('Running: [/bin/sh -c test -e /never-there]');
    expect(log).to.match(/^error building image: .*exit status 1$/m);
    expect(logged).to.include(`Run \`kfops logs ${build?.name ?? ''} bad\` to see all of it.`);
    expect(await pull.workflows(), 'a log starts nothing').to.have.length(1);

    const again = await pull.comment(server, '/retry');
    await pull.reacted(again, 'rocket');
    const [second, first] = await pull.workflows();
    expect(second?.verb).to.equal('retry');
    const { result } = await finish(second!.name);
    const built = result.images.filter(({ pod }) => pod !== undefined);
    expect(built.map(({ name, state }) => [name, state])).to.deep.equal([['bad', 'failed']]);
    const retold = await pull.said(new RegExp(`❌[^]*${second!.name}`));
    expect(retold).to.include('RUN test -e /never-there failed').and.to.include('1 earlier build');
    expect(first?.phase).to.equal('failed');
    expect(pull.botComments).to.have.length(1);
  });

  it('/diff compares a commit with the base branch, and after a build the compiled pipelines and their digests', async () => {
    const [load, same] = [world.imageOf('load'), { same: dockerfile('echo same') }];
    const base = world.openPull(
      { load: dockerfile('echo before'), ...same },
      pipelineOf([load], 'epochs: int = 1'),
    );
    const pull = world.openPull(
      { load: dockerfile('echo now'), ...same },
      pipelineOf([load], 'epochs: int = 2'),
      base,
    );
    await base.comment(server, '/build');
    await pull.reacted(await pull.comment(server, '/diff'), 'rocket');
    const source = await pull.said(
      `Compared with \`main\` at \`${base.tag}\`, 1 image is changed and 1 image is unchanged.`,
    );
    expect(source)
      .to.include('| **load** | 1 file changed since the base branch: `Dockerfile` |\n')
      .and.to.include(`compared once a build of \`${pull.tag}\` has compiled it`)
      .and.to.include('-def test(epochs: int = 1):\n+def test(epochs: int = 2):\n');
    expect(await pull.workflows(), 'a diff starts nothing').to.deep.equal([]);

    await pull.comment(server, '/build');
    for (const each of [base, pull]) await each.said('✅ Built 2 images');
    await pull.reacted(await pull.comment(server, '/diff'), 'rocket');
    const compiled = await pull.said('It leaves out digests of images');
    const digests = await Promise.all([base, pull].map(({ tag }) => digestOf(load, tag)));
    const [before, now] = digests.map((digest) => digest?.slice(0, 19));
    expect(before).not.to.equal(now);
    expect(compiled)
      .to.include(`\`${(await pull.workflow()).name}\` (\`${pull.tag}\`)`)
      .and.to.include(`\`${(await base.workflow()).name}\` (\`${base.tag}\`)`)
      .and.to.include(`| \`${load}\` | \`${before}\` | \`${now}\` |\n`)
      .and.to.match(/^-\s+defaultValue: 1(?:\.0)?$/m)
      .and.to.match(/^\+\s+defaultValue: 2(?:\.0)?$/m);
    expect(pull.botComments).to.have.length(1);
  });

  it('/cancel stops a long build, and its pods come to their end', async () => {
    const pull = world.openPull({ long: dockerfile('sleep 600') });
    await pull.reacted(await pull.comment(server, '/build'), 'rocket');
    const { name } = await pull.workflow();
    await until(name, ({ images }) => images[0]?.state === 'running');
    expect(await workingPods(name)).to.have.length(1);
    await pull.reacted(await pull.comment(server, '/cancel'), 'rocket');
    await pull.said('⏹️ Stopped');
    expect((await finish(name)).result.phase).to.equal('stopped');
    await pull.checked('cancelled');
    // Argo is done with a workflow when it has told its pods to end.
    while ((await workingPods(name)).length > 0) await wait(500);
    expect(pull.botComments).to.have.length(1);
  });

  it('fault 1, fault 3, fault 25: with two replicas the same comment, and the same wish of two people, is one workflow and one comment', async () => {
    const other = await world.serve();
    world.github.world.setRole(world.repository, 'cem', 'write');
    const once = world.openPull({ once: dockerfile('echo once') });
    const both = world.openPull({ both: dockerfile('echo both') });
    const comment = once.write('/build');
    const comments = [both.write('/build'), both.write('/build', 'cem')] as const;
    await Promise.all([
      once.tell(server, comment),
      once.tell(other, comment),
      both.tell(server, comments[0]),
      both.tell(other, comments[1]),
    ]);
    for (const each of [comment, ...comments]) await once.reacted(each, 'rocket');
    await once.said('✅ Built once');
    const said = await both.said('✅ Built both');
    expect(said).to.match(/\[ada\].*\[cem\]|\[cem\].*\[ada\]/);
    for (const pull of [once, both]) {
      const { name, comments: asked } = await pull.workflow();
      const mine = pull === once ? [comment] : comments;
      expect(asked.toSorted((a, b) => a - b)).to.deep.equal(mine.map(({ id }) => id));
      expect(pull.botComments).to.have.length(1);
      expect(pull.botComments[0]?.body).to.include(name);
      await pull.checked('success');
    }
    expect(await other.stop()).to.equal(0);
  });

  it('fault 2: a server is killed in the middle of a build; the next one tells its end', async () => {
    const pull = world.openPull({ slow: dockerfile('sleep 10') });
    await pull.reacted(await pull.comment(server, '/build'), 'rocket');
    const { name } = await pull.workflow();
    // Asked of the cluster: the comment is changed every 15 s at most, which may pass the build by.
    await until(name, ({ images }) => images[0]?.state === 'running');
    await server.stop('SIGKILL');
    server = await world.serve();
    await pull.said('✅ Built slow');
    expect(pull.botComments).to.have.length(1);
    expect(pull.botComments[0]?.body).to.include(name);
    await pull.checked('success');
    await server.line(({ msg, workflow }) => msg === 'outcome reported' && workflow === name);
  });

  it('a commit is built without a command, and the build of the next commit replaces it', async () => {
    const pull = world.openPull({ quick: dockerfile('sleep 600') });
    const main = world.repository.branches.get('main');
    world.askForBuilds();
    await pull.event(server, 'opened');
    expect(await pull.said('`kfops-pr-')).to.include('started by a commit of');
    const { name } = await pull.workflow();
    await until(name, ({ images }) => images[0]?.state === 'running');
    const before = pull.pull.head.commit;
    pull.push({ 'quick/Dockerfile': dockerfile('echo quick') });
    await pull.event(server, 'synchronize', { before });
    const said = await pull.said('✅ Built quick');
    expect(said).to.include(`${world.imageOf('quick')}@${await digestOf(world.imageOf('quick'), pull.tag)}`);
    expect((await finish(name)).result.phase).to.equal('stopped');
    expect((await pull.workflows()).map(({ by, verb, triggered }) => [by, verb, triggered])).to.deep.equal([
      ['ada', 'build', true],
      ['ada', 'build', true],
    ]);
    await pull.checked('success');
    expect(pull.botComments).to.have.length(1);
    if (main !== undefined) world.branch('main', main);
  });

  it('a merge is built and run, its schedules are applied, and a comment on its commit says so and what the run produced; a tag names its image', async () => {
    const main = world.repository.branches.get('main');
    const pipelines = kfp!;
    const image = world.imageOf('merged');
    const { commit, delivery } = world.merge(
      { merged: dockerfile('echo merged') },
      pipelineOf([image], 'epochs: int = 1'),
      {
        triggers: '{push: {branches: [main], do: build_run}, tag: {pattern: "v*", do: build}}',
        pipeline:
          '  pipeline_args: {epochs: 1}\n' +
          '  schedules: [{name: nightly, cron: "30 2 * * MON-FRI", arguments: {epochs: 5}}]\n',
      },
    );
    const before = new Set(pipelines.runs.keys());
    pipelines.states = ['RUNNING'];
    // The server of the other tests builds everything.
    const reusing = await world.serve({ settings: { build: { reuse: true } } });
    await world.deliver(reusing, delivery);
    const [id, run] = await world.until('the run', () =>
      [...pipelines.runs].find(([each]) => !before.has(each)),
    );
    await metadata!.put(id, [{ type: 'system.Metrics', name: 'scores', metrics: { accuracy: 0.875 } }]);
    run.states.splice(0, run.states.length, 'SUCCEEDED');
    pipelines.states = ['RUNNING', 'SUCCEEDED'];
    const { body } = await world.until('a comment on the commit', () =>
      world.repository.commitComments.find((each) => each.commit === commit),
    );
    const tag = commit.slice(0, 12);
    expect(body).to.include('✅ Built merged, and compiled, published and ran the pipeline');
    expect(body).to.include('started by a push of [ada]').and.to.include('to the branch `main`');
    expect(body).to.include(`${image}@${await digestOf(image, tag)}`);
    const version = [...pipelines.versions.values()].at(-1)!;
    expect(version.name).to.equal(`main-${tag}`);
    expect([...pipelines.schedules.objects.values()].map((each) => each.trigger)).to.deep.equal([
      { cron_schedule: { cron: '0 30 2 * * MON-FRI' } },
    ]);
    const [schedule] = pipelines.schedules.objects.values();
    expect(schedule).to.deep.include({ max_concurrency: '1', runtime_config: { parameters: { epochs: 5 } } });
    expect(schedule?.pipeline_version_reference).to.deep.include({
      pipeline_version_id: version.object.pipeline_version_id,
    });
    expect(body).to.include('nightly');
    expect(body, 'what the run produced').to.include('| accuracy | 0\\.875 |');
    const checks = [...world.repository.checkRuns.values()].filter((check) => check.commit === commit);
    await world.until('the check to end', () => checks.find(({ conclusion }) => conclusion === 'success'));

    // Told of once more, the merge starts nothing; a tag on it names the image, which isn't built again.
    await world.deliver(reusing, delivery);
    await world.deliver(reusing, world.tag('v1.0', commit));
    const comments = await world.until('a comment on the tag', () => {
      const all = world.repository.commitComments.filter((each) => each.commit === commit);
      return all.length > 1 ? all : undefined;
    });
    expect(comments).to.have.length(2);
    const told = visibleText(comments[1]?.body ?? '');
    expect(told, told).to.include('to the tag `v1.0`').and.to.include('reused');
    expect(await digestOf(image, 'v1.0')).to.equal(await digestOf(image, tag));
    await reusing.stop();
    if (main !== undefined) world.branch('main', main);
  });

  it('its account can do what these tests did, and no more', async () => {
    const client = connectCluster({ kubeconfig: world.kubeconfig() });
    const pods = apiPath('api', 'v1', 'namespaces', NAMESPACE, 'pods');
    const forbidden = [
      { path: apiPath('api', 'v1', 'namespaces', NAMESPACE, 'secrets') },
      { path: apiPath('api', 'v1', 'namespaces', 'kfops-system', 'secrets') },
      { path: workflowPath('kubeflow') },
      { path: apiPath('api', 'v1', 'nodes') },
      { path: pods, method: 'POST' as const, body: { metadata: { name: 'mine' } } },
      { path: workflowPath(NAMESPACE, 'any'), method: 'DELETE' as const },
    ];
    for (const call of forbidden) {
      const refused = await client.call({ what: 'trying', ...call }).catch((error: unknown) => error);
      expect(refused, call.path).to.be.instanceOf(KubernetesError).and.to.include({ status: 403 });
    }
  });
});

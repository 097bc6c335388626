import { expect } from 'chai';

import { ANNOTATIONS, LABELS } from '../../generator/workflow/names.js';
import { type ServerProcess, ServerWorld } from './harness.js';

describe('the server', function () {
  this.timeout(300_000);
  let world: ServerWorld;
  let server: ServerProcess;

  before(async () => {
    world = await ServerWorld.start();
    server = await world.serve();
  });
  after(() => world.stop());
  afterEach(() => {
    expect(world.github.problems, 'what GitHub’s description does not allow').to.deep.equal([]);
  });

  it('makes of /build a workflow of the head, and tells its end in one comment', async () => {
    const pull = world.openPull();
    const comment = await pull.comment(server, 'Looks good, so:\n\n/build');
    await pull.reacted(comment, 'eyes');
    await pull.reacted(comment, 'rocket');
    const workflow = await pull.workflow();
    expect(workflow.metadata.labels).to.include({
      [LABELS.commit]: pull.pull.head.commit,
      [LABELS.pullRequest]: String(pull.pull.number),
    });
    expect(workflow.metadata.annotations).to.include({
      [ANNOTATIONS.comments]: JSON.stringify([comment.id]),
      [ANNOTATIONS.requestedBy]: 'ada',
    });
    world.argo.set(workflow, 'Running', { 'build-iris-train': 'Running' });
    await pull.said('Building 2 images');
    world.argo.succeed(workflow);
    const said = await pull.said('✅ Built 2 images');
    expect(said).to.include('iris\\_train').and.include('```mermaid').and.include(workflow.metadata.name);
    expect(pull.botComments).to.have.length(1);
    expect(await pull.concluded('success')).to.include({ status: 'completed' });
    expect(pull.checks).to.have.length(1);
  });

  it('threat 57: the same command joins its build; with other flags it is another one', async () => {
    const pull = world.openPull();
    const asked = ['/build', '/build --no-cache', '/build', '/build --no-cache'];
    const made: number[] = [];
    for (const body of asked) {
      await pull.answered(server, body, 'rocket');
      // Ended well: the next one would join it, and not stop it.
      for (const workflow of pull.workflows) world.argo.succeed(workflow);
      made.push(pull.workflows.length);
    }
    expect(made).to.deep.equal([1, 2, 2, 2]);
    const caches = pull.workflows.map((workflow) => JSON.stringify(workflow).includes('--cache=true'));
    expect(caches).to.deep.equal([true, false]);
  });

  it('where a build ended before it had a workflow, /retry does it again', async () => {
    const pull = world.openPull();
    world.kubernetes.fault({
      answer: { status: 403, message: 'exceeded quota' },
      when: ({ method, path }) => method === 'POST' && path.endsWith('/workflows'),
    });
    await pull.answered(server, '/build --no-cache', '-1');
    const said = await pull.said('`/retry` tries it again');
    expect(said).to.include('`/build --no-cache`');
    expect(pull.workflows).to.deep.equal([]);

    const retry = await pull.answered(server, '/retry', 'rocket');
    const workflow = await pull.workflow();
    expect(workflow.metadata.labels).to.include({ [LABELS.commit]: pull.pull.head.commit });
    expect(workflow.metadata.annotations).to.include({
      [ANNOTATIONS.comments]: JSON.stringify([retry.id]),
      [ANNOTATIONS.verb]: 'build',
    });
    expect(JSON.stringify(workflow.spec)).not.to.include('--cache=true');
    await pull.said(workflow.metadata.name);
  });

  it('tells which step failed, and /retry does again what failed, and only that', async () => {
    const pull = world.openPull();
    await pull.comment(server, '/build');
    const workflow = await pull.workflow();
    world.argo.set(workflow, 'Failed', { 'build-iris-train': 'Succeeded', 'build-iris-serve': 'Failed' });
    await pull.said('❌ iris');
    await pull.answered(server, '/retry', 'rocket');
    const retried = await pull.workflow(2);
    const tasks = (retried.spec.templates ?? [])
      .flatMap(({ dag }) => dag?.tasks ?? [])
      .map(({ name }) => name);
    expect(tasks).to.include('build-iris-serve').and.not.include('build-iris-train');
    world.argo.succeed(retried);
    await pull.said('✅');
    expect(pull.botComments).to.have.length(1);
  });

  it('answers /help, /plan and /status in the same comment, and submits nothing', async () => {
    const pull = world.openPull();
    await pull.comment(server, '/help');
    await pull.said('/build_run');
    await pull.comment(server, '/plan');
    const plan = await pull.said('would store');
    expect(plan).to.include('registry.example.com/data-science/iris_serve');
    await pull.comment(server, '/status');
    await pull.said('No builds');
    expect(pull.workflows).to.deep.equal([]);
    expect(pull.botComments).to.have.length(1);
  });

  it('/status finds a build whose comment was deleted, and the comment shows it again', async () => {
    const pull = world.openPull();
    await pull.answered(server, '/build', 'rocket');
    const workflow = await pull.workflow();
    world.argo.set(workflow, 'Running', { 'build-iris-train': 'Running' });
    await pull.said('Building 2 images');
    const [comment] = pull.botComments;
    world.github.world.removeComment(comment!);
    await pull.answered(server, '/status', 'rocket');
    const said = await pull.said('### 🔨 Building 2 images');
    expect(said).to.include(workflow.metadata.name).and.not.include('No builds');
    world.argo.succeed(workflow);
    await pull.said('### ✅ Built 2 images');
  });

  it('/cancel stops what runs', async () => {
    const pull = world.openPull();
    await pull.comment(server, '/build');
    const workflow = await pull.workflow();
    world.argo.set(workflow, 'Running', { 'build-iris-train': 'Running' });
    await pull.answered(server, '/cancel', 'rocket');
    expect((await pull.workflow()).spec.shutdown).to.equal('Stop');
    world.argo.set(workflow, 'Failed', { 'build-iris-train': 'Failed' });
    await pull.said('⏹️ Stopped');
  });

  it('errors of config.yaml come back with the same text as on the command line, and at their line on the commit', async () => {
    const pull = world.openPull({
      commit: world.commit({
        'config_files/config.yaml': 'repository: {owner: me, name: iris}\npipelin: {}\n',
      }),
    });
    await pull.answered(server, '/build', '-1');
    const said = await pull.said('🚫');
    expect(said).to.include('config_files/config.yaml:2:1 error UNKNOWN_KEY');
    const check = await pull.concluded('failure');
    const places = check.annotations.map(({ path, start_line }) => `${String(path)}:${String(start_line)}`);
    expect(places).to.deep.equal(['config_files/config.yaml:1', 'config_files/config.yaml:2']);
  });

  it('a command that cannot be read is answered with what is wrong', async () => {
    const pull = world.openPull();
    await pull.answered(server, '/build --fast', '-1');
    await pull.said('--fast');
    expect(pull.workflows).to.deep.equal([]);
  });

  it('a command in a code block or a list is answered with where it must be', async () => {
    const pull = world.openPull();
    for (const body of ['```\n/build\n```', '- /build', '    /build'])
      await pull.answered(server, body, '-1');
    await pull.said(/`\/build` is indented by four spaces or more, so it wasn't run\.[^]*start of a line/);
    expect(pull.workflows).to.deep.equal([]);
    await pull.answered(server, '- /build --nope\n\n/help', 'rocket');
    const logged = server.log.filter(({ msg }) => msg === 'lines that look like commands were skipped');
    expect(logged).to.have.length(4);
    expect(logged[0]?.skipped).to.deep.equal([{ written: '/build', line: 2, reason: 'in a code block' }]);
  });

  it('a command in a code block is not answered to strangers, nor on a closed pull request', async () => {
    world.github.world.setRole(world.repository, 'reader', 'read');
    const [strange, closed, last] = [world.openPull(), world.openPull(), world.openPull()];
    closed.pull.state = 'closed';
    const comments = [
      await strange.comment(server, '- /build', 'reader'),
      await closed.comment(server, '- /build'),
    ];
    await last.answered(server, '/help', 'rocket');
    // A command at the start of a line is still answered.
    await strange.answered(server, '/build', '-1', 'reader');
    await closed.answered(server, '/build', '-1');
    expect(comments.flatMap(({ reactions }) => reactions)).to.deep.equal([]);
  });

  it('/deploy is known, and does not exist yet', async () => {
    const pull = world.openPull();
    await pull.answered(server, '/deploy', 'rocket');
    await pull.said('does not exist yet');
  });

  it('/run without Kubeflow Pipelines says what is missing', async () => {
    const pull = world.openPull();
    await pull.answered(server, '/run', '-1');
    await pull.said('Kubeflow Pipelines');
  });
});

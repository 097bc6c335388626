import { expect } from 'chai';

import { ANNOTATIONS } from '../../generator/workflow/names.js';
import type { GitHubComment } from '../fixtures/github/index.js';
import { type PullHandle, type ServerProcess, ServerWorld } from './harness.js';

/** What many people ask for at once. */
describe('comments that ask for the same while another one is handled', function () {
  this.timeout(300_000);
  let world: ServerWorld;
  let server: ServerProcess;

  before(async () => {
    world = await ServerWorld.start();
    server = await world.serve();
    // What is found at the start is looked for, so that all calls after it are for deliveries.
    const looks = (): number => world.github.seen('GET', '/repos/{owner}/{repo}/issues/comments').length;
    await world.until('the look at the start', () => (looks() >= 2 ? true : undefined));
  });
  after(() => world.stop());
  afterEach(() => {
    world.github.recover();
    expect(world.github.problems).to.deep.equal([]);
  });

  /** Comments that come while the first of them is being looked at. */
  async function atOnce(
    pull: PullHandle,
    bodies: readonly string[],
    login: (i: number) => string = () => 'ada',
  ): Promise<GitHubComment[]> {
    const path = `/repos/me/iris/issues/${pull.pull.number}/comments`;
    const comments = bodies.map((body, i) => pull.write(body, login(i)));
    let allTold = (): void => undefined;
    const after = new Promise<void>((resolve) => (allTold = resolve));
    world.github.misbehave({ after }, { when: (call) => call.path === path && call.method === 'GET' });
    try {
      for (const comment of comments) await pull.tell(server, comment);
    } finally {
      allTold();
    }
    return comments;
  }

  function commentsOn(pull: PullHandle, at: number): unknown {
    return JSON.parse(pull.workflows[at]?.metadata.annotations?.[ANNOTATIONS.comments] ?? '');
  }

  it('are answered together: one workflow, one comment, and a 🚀 for each', async () => {
    const pull = world.openPull();
    for (const login of ['bob', 'cyd']) world.github.world.setRole(world.repository, login, 'write');
    const from = world.github.calls.length;
    const people = ['ada', 'bob', 'cyd'];
    const comments = await atOnce(pull, Array<string>(30).fill('/build'), (i) => people[i % 3] ?? '');
    for (const comment of comments) await pull.reacted(comment, 'rocket');
    expect(pull.workflows).to.have.length(1);
    expect(pull.botComments).to.have.length(1);
    expect(commentsOn(pull, 0)).to.deep.equal(comments.map(({ id }) => id));
    const said = await pull.said('and');
    for (const person of people) expect(said).to.include(person);

    const calls = world.github.calls.slice(from);
    const count = (route: string): number => calls.filter((call) => call.route === route).length;
    // One each for the first, and one for each of those who ask together.
    expect(count('GET /repos/{owner}/{repo}/collaborators/{username}/permission')).to.equal(4);
    // The comment when it is recorded, when it is submitted, and when the others join.
    expect(count('PATCH /repos/{owner}/{repo}/issues/comments/{comment_id}')).to.be.at.most(3);
    await pull.tell(server, comments[17]!);
    await pull.answered(server, '/status', 'rocket');
    expect(pull.workflows).to.have.length(1);
  });

  it('threat 7: each must be written by somebody who may ask', async () => {
    const pull = world.openPull();
    const comments = await atOnce(pull, Array<string>(6).fill('/build'), (i) =>
      i % 2 === 0 ? 'ada' : 'eve',
    );
    for (const comment of comments.filter((_, i) => i % 2 === 0)) await pull.reacted(comment, 'rocket');
    await pull.reacted(comments[1]!, '-1');
    expect(commentsOn(pull, 0)).to.deep.equal([0, 2, 4].map((i) => comments[i]?.id));
    // Told once, as one who asks alone.
    for (const i of [3, 5]) expect(comments[i]?.reactions).to.deep.equal([]);
  });

  it('a build by force joins nothing, and no other is joined to it', async () => {
    const pull = world.openPull();
    const comments = await atOnce(pull, ['/build', '/build', '/build --force', '/build --force']);
    for (const comment of comments) await pull.reacted(comment, 'rocket');
    expect(pull.workflows.map((_, i) => commentsOn(pull, i))).to.deep.equal([
      comments.slice(0, 2).map(({ id }) => id),
      [comments[2]?.id],
      [comments[3]?.id],
    ]);
  });

  it('fault 17: when the first of them is deleted, the others have their build', async () => {
    const pull = world.openPull();
    const comments = await atOnce(pull, ['/status', '/build', '/build']);
    const fetched = world.git.next(({ wants }) => wants.includes(pull.pull.head.commit));
    await fetched;
    world.github.world.removeComment(comments[1]!);
    await pull.reacted(comments[2]!, 'rocket');
    expect(pull.workflows).to.have.length(1);
  });

  function editsOn(pull: PullHandle): number {
    const comment = String(pull.botComments[0]?.id);
    return world.github.seen('PATCH').filter(({ path }) => path.endsWith(comment)).length;
  }

  it('answers that build nothing are given once', async () => {
    const pull = world.openPull();
    const comments = await atOnce(pull, ['/help', ...Array<string>(10).fill('/status')]);
    for (const comment of comments) await pull.reacted(comment, 'rocket');
    expect(pull.botComments).to.have.length(1);
    expect(editsOn(pull)).to.equal(1);
    expect(pull.botComments[0]?.body).to.include(`issuecomment-${comments.at(-1)?.id}`);
  });

  it('what is refused is told once', async () => {
    const pull = world.openPull({ from: null });
    const comments = await atOnce(pull, ['/help', ...Array<string>(10).fill('/build')]);
    for (const comment of comments.slice(1)) await pull.reacted(comment, '-1');
    await pull.said('fork');
    expect(editsOn(pull)).to.equal(1);
  });

  it('fault 2: a server that is killed between them leaves none behind', async () => {
    const pull = world.openPull();
    const comments = await atOnce(pull, Array<string>(20).fill('/build'));
    await pull.workflow();
    await server.stop('SIGKILL');
    server = await world.serve();
    for (const comment of comments) await pull.reacted(comment, 'rocket');
    expect(pull.workflows).to.have.length(1);
    expect(pull.botComments).to.have.length(1);
  });
});

import { expect } from 'chai';

import { ANNOTATIONS, LABELS } from '../../generator/workflow/names.js';
import { ServerWorld } from './harness.js';

describe('a command on a pull request', function () {
  this.timeout(120_000);
  let world: ServerWorld;

  before(async () => {
    world = await ServerWorld.start();
  });
  after(() => world.stop());

  it('/build becomes a workflow of the head commit, and its end is told in one comment', async () => {
    const server = await world.serve();
    const comment = await world.comment(server, '/build');
    await world.reacted(comment, 'eyes');
    await world.reacted(comment, 'rocket');
    const workflow = world.argo.workflow();
    expect(workflow.metadata.labels).to.include({
      [LABELS.commit]: world.commits.head,
      [LABELS.pullRequest]: '17',
    });
    expect(workflow.metadata.annotations).to.include({
      [ANNOTATIONS.comments]: JSON.stringify([comment.id]),
      [ANNOTATIONS.requestedBy]: 'ada',
    });
    world.argo.succeed(workflow);
    const said = await world.said('✅');
    expect(said).to.include('iris_train').and.include('mermaid');
    expect(world.botComments).to.have.length(1);
    expect(world.github.problems).to.deep.equal([]);
    expect(await server.stop()).to.equal(0);
  });
});

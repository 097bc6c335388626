import { expect } from 'chai';

import { taskNames } from './argo.js';
import { type PullHandle, type ServerProcess, ServerWorld } from './harness.js';

/** Rows of the table of faults that are about the images of one build. */
describe('a build of many images', function () {
  this.timeout(300_000);
  let world: ServerWorld;
  let server: ServerProcess;

  before(async () => {
    world = await ServerWorld.start();
    server = await world.serve();
  });
  after(() => world.stop());

  function openWithImages(count: number): PullHandle {
    const config = world.configReplacing(
      '    - name: iris_train\n',
      `${images(count - 2)}    - name: iris_train\n`,
    );
    return world.openPull({ commit: world.commit(config) });
  }

  it('fault 18: 5,000 images are refused, and nothing is stored', async () => {
    const pull = openWithImages(5_000);
    const before = world.store.requests.length;
    await pull.answered(server, '/build', '-1');
    await pull.said('5000 images, and the limit is 500');
    expect(world.store.requests).to.have.length(before);
    expect(pull.workflows).to.deep.equal([]);
  });

  it('fault 18: 500 images are a workflow of less than 900 KiB, and a comment of at most 60,000 characters', async () => {
    const pull = openWithImages(500);
    await pull.answered(server, '/build', 'rocket');
    const workflow = await pull.workflow();
    expect(Buffer.byteLength(JSON.stringify(workflow))).to.be.lessThan(900 * 1024);
    const images = taskNames(workflow).filter((name) => name.startsWith('build-'));
    expect(images).to.have.length(500);
    world.argo.set(
      workflow,
      'Failed',
      Object.fromEntries(images.map((name, at) => [name, at % 2 === 0 ? 'Failed' : 'Succeeded'])),
    );
    const said = await pull.said('❌');
    expect(said).to.include('250');
    expect(said.length).to.be.at.most(60_000);
  });

  it('fault 24: when 1 of 5 images fails, the other 4 are told with their digests, and what comes after is left out', async () => {
    const pull = openWithImages(5);
    await pull.answered(server, '/build', 'rocket');
    const workflow = await pull.workflow();
    const [broken = '', ...well] = taskNames(workflow).filter((name) => name.startsWith('build-'));
    expect(well).to.have.length(4);
    world.argo.set(workflow, 'Failed', {
      ...Object.fromEntries(well.map((name) => [name, 'Succeeded'] as const)),
      [broken]: 'Failed',
      compile: 'Omitted',
    });
    const said = await pull.said('❌');
    expect(said.match(/sha256:[0-9a-f]{12}`/g)).to.have.length(4);
    expect(said).to.include('**compile** | ⏭️&nbsp;left&nbsp;out |');
  });
});

function images(count: number): string {
  return Array.from(
    { length: count },
    (_, at) =>
      `    - name: an_image_of_a_team_with_a_long_name_${at}\n      dockerfile_folder_path: containers/serve\n      other_folders_path: [containers/lib/]\n`,
  ).join('');
}

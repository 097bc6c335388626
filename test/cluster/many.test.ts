import { expect } from 'chai';

import { TASKS_IN_A_DAG } from '../../generator/workflow/builds.js';
import { build, imagesGiven, logOf, uniqueName } from './support/build.js';
import { BUSYBOX, project, removeFolders } from './support/project.js';

after(removeFolders);

// No more than it takes: each build uses both cores for a second.
const COUNT = TASKS_IN_A_DAG + 1;

describe('many images', () => {
  it('those that one DAG cannot hold are built through nested DAGs, ten at once, and compiled with every digest', async function () {
    this.timeout(20 * 60_000);
    const names = Array.from({ length: COUNT }, (_, i) => `image-${i}`);
    const source = await project(
      {
        path: uniqueName('many'),
        images: names.map((name) => ({
          name,
          cache: false,
          dockerfile_folder_path: 'tiny',
          build_args: { NAME: name },
        })),
        builder: { parallelism: 10 },
      },
      { 'tiny/Dockerfile': `FROM ${BUSYBOX}\nARG NAME\nENV NAME=$NAME\n` },
    );
    const { result } = await build(source, { tag: 'v1' });

    expect(result.phase, result.problem).to.equal('succeeded');
    expect(result.images.map(({ name }) => name)).to.deep.equal(names);
    const given = imagesGiven(await logOf(result.compile));
    expect(given).to.deep.equal(
      Object.fromEntries(
        result.images.map(({ name, repository, digest }) => [name, `${repository}@${digest!}`]),
      ),
    );
    expect(new Set(result.images.map(({ digest }) => digest)).size, 'each its own').to.equal(COUNT);
  });
});

import { expect } from 'chai';

import { build, imagesGiven, logOf, uniqueName } from './support/build.js';
import { BUSYBOX, project, removeFolders } from './support/project.js';
import { digestOf } from './support/registry.js';

after(removeFolders);

describe('a build on a real cluster', () => {
  it('builds two images at once, then compiles with both digests', async () => {
    const path = uniqueName('two');
    const dockerfile = `FROM ${BUSYBOX}\nCOPY hello.txt /srv/\nRUN sleep 2 && cat /srv/hello.txt\n`;
    const source = await project(
      { path, images: [{ name: 'one' }, { name: 'two_b' }] },
      {
        'one/Dockerfile': dockerfile,
        'one/hello.txt': 'one\n',
        'two_b/Dockerfile': dockerfile,
        'two_b/hello.txt': 'two\n',
      },
    );
    const { plan, result } = await build(source, { tag: 'v1' }, 'two-images');

    expect(result.phase, JSON.stringify(result)).to.equal('succeeded');
    const [one, two] = result.images;
    for (const [i, image] of [one!, two!].entries()) {
      expect(image).to.include({ name: plan.images[i]!.name, state: 'succeeded', attempts: 1 });
      expect(image.digest).to.equal(await digestOf(image.repository, 'v1'));
    }
    expect(one!.startedAt!.getTime(), 'they overlapped').to.be.below(two!.finishedAt!.getTime());
    expect(two!.startedAt!.getTime(), 'they overlapped').to.be.below(one!.finishedAt!.getTime());
    expect(result.compile!.startedAt!.getTime()).to.be.least(one!.finishedAt!.getTime());
    expect(result.compile!.startedAt!.getTime()).to.be.least(two!.finishedAt!.getTime());
    expect(imagesGiven(await logOf(result.compile))).to.deep.equal({
      one: `${one!.repository}@${one!.digest!}`,
      two_b: `${two!.repository}@${two!.digest!}`,
    });
  });

  it('goes straight to the compile step without images', async () => {
    const { result } = await build(await project({ path: 'none', images: [] }, {}), {}, 'no-images');

    expect(result).to.include({ phase: 'succeeded' });
    expect(result.images).to.deep.equal([]);
    expect(imagesGiven(await logOf(result.compile))).to.deep.equal({});
  });
});

import { readFile } from 'node:fs/promises';

import { expect } from 'chai';

import { folderSource } from '../../sources/folder.js';
import { build } from './support/build.js';
import { EXAMPLE, exampleOverride } from './support/example.js';
import { configOf, digestOf, filesOf } from './support/registry.js';

describe('examples/sklearn-iris', () => {
  it('is built and compiled, and its images hold the files of their contexts', async () => {
    const { plan, result } = await build(
      await folderSource(EXAMPLE),
      {
        tag: 'example',
        overrides: [{ kind: 'file', file: 'test', text: await exampleOverride('data-science') }],
      },
      'sklearn-iris',
    );

    expect(result.phase, JSON.stringify(result)).to.equal('succeeded');
    expect(result.compile).to.include({ state: 'succeeded' });
    const [train, serve] = result.images;
    expect(train!.startedAt!.getTime(), 'they overlapped').to.be.below(serve!.finishedAt!.getTime());
    expect(serve!.startedAt!.getTime(), 'they overlapped').to.be.below(train!.finishedAt!.getTime());

    for (const [i, image] of result.images.entries()) {
      expect(image.digest).to.equal(await digestOf(image.repository, 'example'));
      const files = await filesOf(image.repository, image.digest!);
      const inContext = plan.images[i]!.context.entries.filter(({ path }) => path.startsWith('lib/'));
      expect(inContext, 'the shared library').to.not.be.empty;
      for (const { path, source } of inContext) {
        expect(files.get(`app/${path}`)?.text, path).to.equal(
          await readFile(`${EXAMPLE}/${source.path}`, 'utf8'),
        );
      }
    }
    expect((await configOf(serve!.repository, 'example')).config.Env).to.include('PORT=8080');
  });
});

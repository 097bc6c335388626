import { expect } from 'chai';

import { assembleContexts } from '../../../../generator/contexts/assemble.js';
import { contextBudget } from '../../../../generator/contexts/budget.js';
import { checkDockerfiles } from '../../../../generator/plan/dockerfile-checks.js';
import { linkImages } from '../../../../generator/plan/link-images.js';
import type { Diagnostic } from '../../../../schema/index.js';
import { anImage } from '../../../support/plan.js';
import { MemorySource, type MemoryFile } from '../contexts/memory-source.js';

const LIMITS = { files: 1000, bytes: 2 ** 30 };

/** @param targets - of images that share the Dockerfile `img/Dockerfile` */
async function check(
  files: Readonly<Record<string, MemoryFile>>,
  targets: readonly (string | undefined)[] = [undefined],
): Promise<readonly Diagnostic[]> {
  const source = new MemorySource(files);
  const request = {
    name: 'x',
    dockerfileFolder: 'img',
    otherFolders: ['libs/common'],
    dockerfile: 'Dockerfile',
  };
  const [result] = await assembleContexts(source, [request], LIMITS, contextBudget(LIMITS));
  if (!result?.context) throw new Error(JSON.stringify(result));
  const { context } = result;
  const images = targets.map((target, i) =>
    anImage(`image-${i}`, { context, ...(target !== undefined && { target }) }),
  );
  return checkDockerfiles(images, await linkImages(source, images));
}

const COMMON = { 'libs/common/one.py': '' };

describe('checkDockerfiles', () => {
  it('says what is wrong at its place in the repository', async () => {
    const found = await check({
      ...COMMON,
      'img/Dockerfile': 'FROM a\nCOPY common/one.py common/two.py /x/\n',
    });
    expect(found).to.deep.equal([
      {
        code: 'COPY_SOURCE_MISSING',
        severity: 'error',
        message: 'The build context has no `common/two.py`.',
        file: 'img/Dockerfile',
        line: 2,
        column: 20,
        length: 13,
        excerpt: 'COPY common/one.py common/two.py /x/',
        hint: 'Correct the path, which starts at the root of the build context. Check that no .dockerignore excludes it.',
      },
    ]);
  });

  it('knows folders, patterns and what is ignored', async () => {
    const found = await check({
      ...COMMON,
      'img/Dockerfile': 'FROM a\nCOPY common src/*.py src/deep *.txt /x/\nCOPY ignored.py /x/\n',
      'img/.dockerignore': 'ignored.py\n',
      'img/ignored.py': '',
      'img/src/a.py': '',
      'img/src/deep/b.py': '',
    });
    expect(found.map(({ severity, line, message }) => [severity, line, message])).to.deep.equal([
      ['warning', 2, 'Nothing in the build context matches `*.txt`.'],
      ['error', 3, 'The build context has no `ignored.py`.'],
    ]);
  });

  it('says nothing of what is behind a symbolic link', async () => {
    const link = { mode: '120000' as const, content: 'src' };
    const found = await check({
      ...COMMON,
      'img/Dockerfile': 'FROM a\nCOPY link/a.py link/*.py link /x/\n',
      'img/src/a.py': '',
      'img/link': link,
    });
    expect(found).to.deep.equal([]);
  });

  it('reports once what is wrong for several images', async () => {
    const files = { ...COMMON, 'img/Dockerfile': 'FROM a AS one\nFROM b AS two\nCOPY gone /x\n' };
    expect(await check(files, [undefined, 'two'])).to.have.length(1);
    expect(await check(files, ['one'])).to.deep.equal([]);
    expect((await check(files, ['three'])).map(({ code }) => code)).to.deep.equal(['TARGET_MISSING']);
  });

  it('reports an error of one image also where it is a warning for another', async () => {
    const files = { ...COMMON, 'img/Dockerfile': 'FROM a AS dev\nCOPY gone /x\nFROM a AS prod\n' };
    const severities = async (targets: readonly string[]): Promise<readonly string[]> =>
      (await check(files, targets)).map(({ severity }) => severity);
    expect(await severities(['prod'])).to.deep.equal(['warning']);
    expect(await severities(['dev', 'prod'])).to.deep.equal(['error']);
    expect(await severities(['prod', 'dev'])).to.deep.equal(['error']);
  });
});

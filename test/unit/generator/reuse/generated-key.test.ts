import { chmodSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { expect } from 'chai';
import fc from 'fast-check';

import { planBuild } from '../../../../generator/plan/plan.js';
import type { ContextSource, ImageRegistries, Revision } from '../../../../generator/ports.js';
import { loadProject } from '../../../../generator/project/project.js';
import { keyTag } from '../../../../generator/reuse/image-key.js';
import { KEY_LABEL } from '../../../../generator/reuse/labels.js';
import { defaultSettings } from '../../../../schema/index.js';
import { folderSource } from '../../../../sources/folder.js';
import { gitCommitSource } from '../../../../sources/git.js';
import { git, newFolder, removeFolders, repository, write, type TestFile } from '../../sources/repository.js';
import { MemorySource, type MemoryFile } from '../contexts/memory-source.js';
import { digestDigit, expectedInputs } from './expected-inputs.js';
import { configOf, filesOf } from './generated-files.js';
import { histories, repositories, type GeneratedRepository } from './generated-repository.js';

/** Registries with the bases of a repository, and none of its images. */
function registriesOf(generated: GeneratedRepository): ImageRegistries {
  return {
    find: ({ repository: name, reference, platform }) => {
      const written = `${name.replace('docker.io/library/', '')}:${reference}`;
      const digit = digestDigit(generated, written, platform);
      if (digit === undefined) return Promise.resolve({ state: 'absent' });
      return Promise.resolve({ state: 'found', digest: `sha256:${digit.repeat(64)}`, labels: {} });
    },
  };
}

/** The key of each image by name; undefined where it has none. */
async function keysOf(
  generated: GeneratedRepository,
  source: ContextSource,
): Promise<Readonly<Record<string, string | undefined>>> {
  const project = await loadProject({ source, settings: defaultSettings() });
  const { tag } = generated.rest;
  const { images } = await planBuild(project, {
    registries: registriesOf(generated),
    ...(tag !== undefined && { tag }),
  });
  return Object.fromEntries(
    images.map(({ name, labels, secondTag }) => {
      const label = labels.find((each) => each.name === KEY_LABEL);
      const key = label && 'value' in label ? label.value : undefined;
      if (key !== undefined) expect(secondTag).to.equal(keyTag(key));
      return [name, key];
    }),
  );
}

function allFiles(generated: GeneratedRepository): Readonly<Record<string, TestFile>> {
  return { ...filesOf(generated), ...configOf(generated) };
}

function inMemory(generated: GeneratedRepository): ContextSource {
  const { commit } = generated.rest;
  const revision: Revision = {
    ...(commit !== undefined && { commit: commit.repeat(40) }),
    dirty: commit === undefined,
    description: 'memory',
  };
  const files = Object.entries(allFiles(generated)).map(([path, file]): [string, MemoryFile] => {
    if (typeof file === 'string' || Buffer.isBuffer(file)) return [path, file.toString()];
    return [
      path,
      'link' in file ? { mode: '120000', content: file.link } : { mode: '100755', content: file.run },
    ];
  });
  return Object.assign(new MemorySource(Object.fromEntries(files)), { revision });
}

describe('the key of an image of a generated repository', () => {
  it('changes if and only if something changed that the image is made from', async () => {
    const seen = { same: 0, changed: 0, unknown: 0 };
    await fc.assert(
      fc.asyncProperty(histories, async (versions) => {
        const keys = await Promise.all(versions.map((version) => keysOf(version, inMemory(version))));
        for (const name of ['app', 'base'] as const) {
          const inputs = versions.map((version) => expectedInputs(version, name));
          const names = inputs.map((input) => JSON.stringify(input, withUnset));
          for (const [i, key] of keys.entries()) {
            expect(key[name] === undefined, `no key of ${name}`).to.equal(inputs[i] === undefined);
            const isSame = names[i] === names[i - 1];
            if (i > 0) expect(key[name] === keys[i - 1]?.[name], `same key of ${name}`).to.equal(isSame);
            seen[inputs[i] === undefined ? 'unknown' : isSame ? 'same' : 'changed']++;
          }
        }
      }),
      { numRuns: 25 },
    );
    for (const count of Object.values(seen)) expect(count, JSON.stringify(seen)).to.be.above(10);
  });

  describe('on disk', () => {
    afterEach(removeFolders);

    it('is the same from a commit, a clean work tree and a folder outside of git, whatever their times', async () => {
      await fc.assert(
        fc.asyncProperty(repositories, async (generated) => {
          const files = allFiles(generated);
          const [tree, plain] = [repository(files), newFolder()];
          write(plain, files);
          const expected = await keysOf(generated, inMemory(generated));
          const check = async (): Promise<void> => {
            const sources = [
              await gitCommitSource(tree, 'HEAD'),
              await folderSource(tree),
              await folderSource(plain),
            ];
            for (const source of sources) expect(await keysOf(generated, source)).to.deep.equal(expected);
          };
          await check();
          for (const folder of [tree, plain]) {
            const dockerfile = join(folder, 'img/Dockerfile');
            utimesSync(dockerfile, 1, 1);
            // git knows no other right than to execute.
            chmodSync(dockerfile, 0o640);
            writeFileSync(join(folder, 'new.txt'), 'outside of all contexts');
          }
          git(tree, 'add', '-A');
          git(tree, 'commit', '-q', '-m', 'another commit');
          await check();
          removeFolders();
        }),
        { numRuns: 3 },
      );
    });
  });
});

/** Keeps what is not set apart from what is not there. */
function withUnset(_: string, value: unknown): unknown {
  return value === undefined ? '(not set)' : value;
}

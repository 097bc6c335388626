import { expect } from 'chai';

import { assembleContexts, type AssembledContext } from '../../../../generator/contexts/assemble.js';
import { MemorySource, type MemoryFile } from './memory-source.js';

const MIB = 2 ** 20;

async function assemble(
  files: Readonly<Record<string, MemoryFile>>,
  otherFolders: string[] = [],
): Promise<AssembledContext> {
  const source = new MemorySource({ 'img/Dockerfile': 'FROM scratch\n', ...files });
  const request = { name: 'a', dockerfileFolder: 'img', otherFolders, dockerfile: 'Dockerfile' };
  const [result] = await assembleContexts(source, [request], { files: 1000, bytes: 2 ** 32 });
  // Once: nothing is listed again for a warning.
  expect(source.calls.filter((call) => call.startsWith('list'))).to.have.lengthOf(1);
  return result!;
}

const warnings = (result: AssembledContext): unknown[] =>
  result.context
    ? result.warnings.map(({ code, message, field }) => [code, message, field])
    : [result.problems];

describe('warnings about contexts', () => {
  it('names the folder that the ignore file empties, and the line', async () => {
    const files = { 'libs/shared/a.py': '1', 'libs/other/b.py': '1' };
    const folders = ['libs/shared', 'libs/other'];
    const ignore = 'img/.dockerignore';
    expect(warnings(await assemble({ ...files, [ignore]: '# ours\n\nshared\n' }, folders))).to.deep.equal([
      [
        'IGNORED_FOLDER',
        'line 3 of `img/.dockerignore` excludes everything in `libs/shared`, so the image gets nothing of it',
        ['other_folders_path', 0],
      ],
    ]);
    expect(warnings(await assemble({ ...files, [ignore]: 'other/*.py\n' }, folders))).to.deep.equal([
      [
        'IGNORED_FOLDER',
        '`img/.dockerignore` excludes everything in `libs/other`, so the image gets nothing of it',
        ['other_folders_path', 1],
      ],
    ]);
  });

  it('does not warn where a file is left, or nothing was there to leave out', async () => {
    const files = { 'libs/shared/a.py': '1', 'libs/shared/b.py': '1' };
    for (const text of ['shared/a.py\n', 'shared\n!shared/b.py\n', '*.md\n'])
      expect(
        warnings(await assemble({ ...files, 'img/.dockerignore': text }, ['libs/shared'])),
      ).to.deep.equal([]);
    expect(warnings(await assemble(files, ['libs/shared']))).to.deep.equal([]);
  });

  it('names the largest files of a context over 100 MiB', async () => {
    const files = Object.fromEntries(
      [10, 60, 20, 5, 30, 1].map((size) => [`img/data/${size}.bin`, { content: '', size: size * MIB }]),
    );
    expect(warnings(await assemble(files))).to.deep.equal([
      [
        'LARGE_CONTEXT',
        'the context has 126 MiB; its largest files are `img/data/60.bin` (60.0 MiB), `img/data/30.bin` (30.0 MiB), `img/data/20.bin` (20.0 MiB), `img/data/10.bin` (10.0 MiB), `img/data/5.bin` (5.0 MiB)',
        ['dockerfile_folder_path'],
      ],
    ]);
    expect(warnings(await assemble({ 'img/a': { content: '', size: 99 * MIB } }))).to.deep.equal([]);
    const ignored = { 'img/.dockerignore': 'data\n' };
    expect(warnings(await assemble({ ...files, ...ignored }))).to.deep.equal([]);
  });
});

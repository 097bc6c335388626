import { expect } from 'chai';

import { contextBudget } from '../../../../generator/contexts/budget.js';
import { assemblePipelineSource } from '../../../../generator/plan/pipeline-source.js';
import { sourceDiff, type PipelineFiles, type SourceDiff } from '../../../../server/planning/source-diff.js';
import { MemorySource, type MemoryFile } from '../../generator/contexts/memory-source.js';

type Files = Readonly<Record<string, MemoryFile>>;

async function stateOf(files: Files): Promise<PipelineFiles> {
  const source = new MemorySource(files);
  const { links } = contextBudget({ files: 1000, bytes: 2 ** 20 });
  return { source, files: await assemblePipelineSource(source, 'pipeline/main.py', links) };
}

async function diff(before: Files, now: Files): Promise<SourceDiff> {
  return sourceDiff(await stateOf(before), await stateOf(now));
}

describe('the diff of a pipeline’s source code', () => {
  it('has files that were changed, added and removed, and no others', async () => {
    const before = {
      'pipeline/main.py': 'a\nb\n',
      'pipeline/old.py': 'x\n',
      'same.py': '',
      'README.md': 'a',
    };
    const now = { 'pipeline/main.py': 'a\nc\n', 'pipeline/new.txt': 'y\n', 'same.py': '', 'README.md': 'b' };
    const { lines, files } = await diff(before, now);
    expect(files).to.equal(3);
    expect(lines).to.deep.equal([
      '--- a/pipeline/main.py',
      '+++ b/pipeline/main.py',
      '@@ -1,2 +1,2 @@',
      ' a',
      '-b',
      '+c',
      '--- /dev/null',
      '+++ b/pipeline/new.txt',
      '@@ -0,0 +1 @@',
      '+y',
      '--- a/pipeline/old.py',
      '+++ /dev/null',
      '@@ -1 +0,0 @@',
      '-x',
    ]);
  });

  it('names a file that is no text or too long, and shows the lines of 20 files', async () => {
    const many = Object.fromEntries(
      Array.from({ length: 25 }, (_, at) => [`pipeline/f${at + 10}.py`, 'a\n']),
    );
    const odd = { 'pipeline/a.bin': 'a\0b', 'pipeline/b.py': 'x'.repeat(300_000) };
    const { lines, files } = await diff({}, { ...odd, ...many });
    expect(files).to.equal(27);
    expect(lines.slice(0, 3)).to.deep.equal([
      '--- /dev/null',
      '+++ b/pipeline/a.bin',
      '(not shown: not a text, or too long)',
    ]);
    expect(lines.filter((line) => line.startsWith('@@'))).to.have.length(18);
    expect(lines.filter((line) => line.startsWith('+++'))).to.have.length(27);
  });

  it('has no line that a path begins', async () => {
    const { lines } = await diff({}, { 'pipeline/a\n+++ b/c.py': 'a\n' });
    expect(lines[1]).to.equal('+++ b/pipeline/a?+++ b/c.py');
  });

  it('has every file where the code before is unknown', async () => {
    const now = await stateOf({ 'pipeline/main.py': 'a\n' });
    const { files } = await sourceDiff({ source: now.source, files: undefined }, now);
    expect(files).to.equal(1);
  });
});

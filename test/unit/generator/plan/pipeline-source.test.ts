import { expect } from 'chai';

import { StepBudget } from '../../../../generator/contexts/glob.js';
import { assemblePipelineSource as assemble } from '../../../../generator/plan/pipeline-source.js';
import { ConfigError } from '../../../../schema/index.js';
import { MemorySource, type MemoryFile } from '../contexts/memory-source.js';

const assemblePipelineSource = (source: MemorySource, path: string): ReturnType<typeof assemble> =>
  assemble(source, path, new StepBudget(1_000_000));
const link = (content: string): MemoryFile => ({ mode: '120000', content });
const paths = async (files: Record<string, MemoryFile>, path = 'pipeline/pipeline.py'): Promise<string[]> =>
  (await assemblePipelineSource(new MemorySource(files), path)).entries.map((entry) => entry.path);

describe('assemblePipelineSource', () => {
  const files: Record<string, MemoryFile> = {
    'README.md': 'x',
    'config_files/config.yaml': 'x',
    'libs/common.py': 'x',
    'libs/data.csv': 'x',
    'pipeline/pipeline.py': 'x',
    'pipeline/steps/train.yaml': 'x',
  };

  it('has every Python file, and the folder of the pipeline', async () => {
    expect(await paths(files)).to.deep.equal([
      'libs/common.py',
      'pipeline/pipeline.py',
      'pipeline/steps/train.yaml',
    ]);
    expect(await paths({ ...files, 'pipeline2/x.yaml': 'x' })).not.to.include('pipeline2/x.yaml');
  });

  it('of a pipeline in the root has all files but the configuration and new ones in out/', async () => {
    const more: Record<string, MemoryFile> = {
      ...files,
      'pipeline.py': 'x',
      'config_files/deployment.py': 'x',
      'out/table.csv': 'x',
      'out/workflow.yaml': { untracked: true },
    };
    const expected = Object.keys(more).filter((path) => !/config\.yaml|workflow\.yaml/.test(path));
    expect(await paths(more, 'pipeline.py')).to.have.members(expected);
  });

  it('leaves out what is large, what was installed, and links that lead out', async () => {
    const more = {
      ...files,
      'pipeline/large.py': 'x'.repeat(2 ** 20 + 1),
      'venv/lib/site-packages/kfp.py': 'x',
      'pipeline/__pycache__/a.pyc': 'x',
      'pipeline/out': link('/etc/passwd'),
      'pipeline/up.py': link('../../x.py'),
      'pipeline/common.py': link('../libs/common.py'),
    };
    expect(await paths(more)).to.deep.equal([
      'libs/common.py',
      'pipeline/common.py',
      'pipeline/pipeline.py',
      'pipeline/steps/train.yaml',
    ]);
  });

  it('is named by its content alone', async () => {
    const key = async (more: Record<string, MemoryFile>): Promise<string> =>
      (await assemblePipelineSource(new MemorySource({ ...files, ...more }), 'pipeline/pipeline.py')).key;
    expect(await key({ 'README.md': 'y', 'libs/data.csv': 'y' })).to.equal(await key({}));
    expect(await key({ 'libs/common.py': 'y' })).not.to.equal(await key({}));
  });

  it('has limits', async () => {
    const many = Object.fromEntries(Array.from({ length: 20_001 }, (_, i) => [`a/${i}.py`, '']));
    const error = await paths({ ...files, ...many }).catch((error: unknown) => error);
    expect(error).to.be.instanceOf(ConfigError);
    expect((error as ConfigError).diagnostics[0]?.code).to.equal('CONTEXT_LIMIT');
  });
});

import { expect } from 'chai';
import { stringify } from 'yaml';

import { compareImages, type ImageComparison } from '../../../../generator/plan/compare-images.js';
import { planBuild } from '../../../../generator/plan/plan.js';
import type { ContextSource, ImageAnswer, ImageQuestion } from '../../../../generator/ports.js';
import { loadProject } from '../../../../generator/project/project.js';
import { BASE_DIGEST_LABEL, BASE_NAME_LABEL } from '../../../../generator/reuse/labels.js';
import { defaultSettings } from '../../../../schema/index.js';
import { MemorySource, type MemoryFile } from '../contexts/memory-source.js';

const COMMIT = '0123456789abcdef0123456789abcdef01234567';
const digest = (letter: string): string => `sha256:${letter.repeat(64)}`;
const PYTHON = 'docker.io/library/python:3.11';

type Files = Readonly<Record<string, MemoryFile>>;

/** A repository with these images, each in a folder of its name. */
function repository(images: readonly string[], files: Files = {}): ContextSource {
  const config = {
    repository: { owner: 'acme', name: 'churn' },
    pipeline: { name: 'Churn', namespace: 'ml', experiment_name: 'churn', pipeline_path: 'pipeline.py' },
    image_builder: {
      container_registry_uri: 'registry.example.com/team',
      images: images.map((name) => ({ name, dockerfile_folder_path: name })),
    },
  };
  const source = new MemorySource({
    'config_files/config.yaml': stringify(config),
    'pipeline.py': 'from kfp import dsl\n\n\n@dsl.pipeline\ndef churn():\n    pass\n',
    'base/Dockerfile': 'FROM python:3.11\n',
    'app/Dockerfile': 'FROM registry.example.com/team/base\nCOPY . /app\n',
    'other/Dockerfile': 'FROM python:3.11\nCOPY . /app\n',
    ...files,
  });
  return Object.assign(source, { revision: { ...source.revision, commit: COMMIT } });
}

async function compared(
  now: ContextSource,
  before: ContextSource,
  answers: Readonly<Record<string, ImageAnswer>> = {},
): Promise<ImageComparison | undefined> {
  const known: Readonly<Record<string, ImageAnswer>> = {
    [PYTHON]: { state: 'found', digest: digest('b'), labels: {} },
    ...answers,
  };
  const find = ({ repository: name, reference }: ImageQuestion): Promise<ImageAnswer> =>
    Promise.resolve(known[`${name}:${reference}`] ?? { state: 'absent' });
  const project = await loadProject({ source: now, settings: defaultSettings() });
  const { images } = await planBuild(project, { registries: { find } });
  return compareImages(project, images, before, { find });
}

describe('the images of a plan next to those of the base branch', () => {
  it('are new, removed, changed with the reason, or unchanged', async () => {
    const now = repository(['app', 'base'], { 'base/Dockerfile': 'FROM python:3.11\nRUN make\n' });
    const result = await compared(now, repository(['base', 'other']));
    expect(result?.images).to.deep.equal([
      { name: 'app', change: 'new' },
      { name: 'base', change: { kind: 'files', files: ['Dockerfile'] } },
      { name: 'other', change: 'removed' },
    ]);
    const same = await compared(repository(['base']), repository(['base']));
    expect(same?.images).to.deep.equal([{ name: 'base', change: 'unchanged' }]);
  });

  it('change with the image that they are based on', async () => {
    const now = repository(['app', 'base'], { 'base/Dockerfile': 'FROM python:3.11\nRUN make\n' });
    const result = await compared(now, repository(['app', 'base']));
    expect(result?.images[0]).to.deep.equal({ name: 'app', change: { kind: 'base-built', image: 'base' } });
  });

  it('have the digests of bases that are not those of the base branch’s images', async () => {
    const built = `registry.example.com/team/base:${COMMIT.slice(0, 12)}`;
    const labels = { [BASE_NAME_LABEL]: 'python:3.11', [BASE_DIGEST_LABEL]: digest('a') };
    const answers = { [built]: { state: 'found', digest: digest('c'), labels } as const };
    const result = await compared(repository(['base']), repository(['base']), answers);
    expect(result?.images[0]?.change).to.deep.equal({ kind: 'base-moved', base: 'python:3.11' });
    expect(result?.bases).to.deep.equal([
      {
        image: 'base',
        before: { name: 'python:3.11', digest: digest('a') },
        now: { name: 'python:3.11', digest: digest('b') },
      },
    ]);
    const same = { ...labels, [BASE_DIGEST_LABEL]: digest('b') };
    const equal = { [built]: { state: 'found', digest: digest('c'), labels: same } as const };
    expect((await compared(repository(['base']), repository(['base']), equal))?.bases).to.deep.equal([]);
  });

  it('are compared with nothing where the base branch has no configuration', async () => {
    expect(await compared(repository(['base']), new MemorySource({ 'a.txt': '' }))).to.equal(undefined);
  });
});

import { expect } from 'chai';
import { stringify } from 'yaml';

import type { EarlierSource } from '../../../../generator/plan/explain-builds.js';
import { planBuild } from '../../../../generator/plan/plan.js';
import type { ContextSource, ImageAnswer, ImageQuestion } from '../../../../generator/ports.js';
import { loadProject } from '../../../../generator/project/project.js';
import type { ImageDecision } from '../../../../generator/reuse/decision.js';
import { defaultSettings, ServiceError } from '../../../../schema/index.js';
import { MemorySource, type MemoryFile } from '../contexts/memory-source.js';

const COMMIT = '0123456789abcdef0123456789abcdef01234567';
const digest = (letter: string): string => `sha256:${letter.repeat(64)}`;

type Files = Readonly<Record<string, MemoryFile>>;

/** A repository with one image, at a commit. */
function repository(files: Files = {}, image: object = {}): ContextSource {
  const config = {
    repository: { owner: 'acme', name: 'churn' },
    pipeline: { name: 'Churn', namespace: 'ml', experiment_name: 'churn', pipeline_path: 'pipeline.py' },
    image_builder: {
      container_registry_uri: 'registry.example.com/team',
      images: [{ name: 'app', dockerfile_folder_path: 'app', build_args: { PYTHON: '3.11' }, ...image }],
    },
  };
  const source = new MemorySource({
    'config_files/config.yaml': stringify(config),
    'pipeline.py': 'from kfp import dsl\n\n\n@dsl.pipeline\ndef churn():\n    pass\n',
    'app/Dockerfile': 'FROM python:3.11\nCOPY . /app\n',
    'app/app.py': 'print(1)\n',
    ...files,
  });
  return Object.assign(source, { revision: { ...source.revision, commit: COMMIT } });
}

/** What the plan of a repository says of its image, compared with another state of it. */
async function decisionFor(
  now: ContextSource,
  before: () => Promise<ContextSource | undefined>,
  images: Readonly<Record<string, ImageAnswer>> = {},
): Promise<ImageDecision | undefined> {
  const known: Readonly<Record<string, ImageAnswer>> = {
    'docker.io/library/python:3.11': { state: 'found', digest: digest('b'), labels: {} },
    ...images,
  };
  const find = ({ repository: name, reference }: ImageQuestion): Promise<ImageAnswer> =>
    Promise.resolve(known[`${name}:${reference}`] ?? { state: 'absent' });
  const project = await loadProject({ source: now, settings: defaultSettings() });
  const earlier: EarlierSource = async (use) => {
    const source = await before();
    return source && use(source);
  };
  const plan = await planBuild(project, { registries: { find }, earlier });
  return plan.images[0]?.decision;
}

const build = (reason: object): object => ({ action: 'build', reason });
const same = (): Promise<ContextSource> => Promise.resolve(repository());

describe('why an image is built', () => {
  it('names the files that were changed, added and removed', async () => {
    const now = repository({ 'app/app.py': 'print(2)\n', 'app/new.py': '' });
    const before = repository({ 'app/old.py': '', 'app/Dockerfile': 'FROM python:3.11\nCOPY . /app\n' });
    expect(await decisionFor(now, () => Promise.resolve(before))).to.deep.equal(
      build({ kind: 'files', files: ['app.py', 'new.py', 'old.py'] }),
    );
  });

  it('knows a file that only became executable, and not what the ignore file leaves out', async () => {
    const ignore = { 'app/.dockerignore': 'notes\n' };
    const now = repository({
      ...ignore,
      'app/app.py': { content: 'print(1)\n', mode: '100755' },
      'app/notes': '2',
    });
    const before = repository({ ...ignore, 'app/notes': '1' });
    expect(await decisionFor(now, () => Promise.resolve(before))).to.deep.equal(
      build({ kind: 'files', files: ['app.py'] }),
    );
  });

  const options: [image: object, option: string][] = [
    [{ build_args: { PYTHON: '3.12' } }, 'build argument PYTHON'],
    [{ build_args: { PYTHON: '3.11', DEBUG: '1' } }, 'build argument DEBUG'],
    [{ build_args: {} }, 'build argument PYTHON'],
    [{ platform: 'linux/arm64' }, 'platform'],
    [{ use_new_run: true }, 'the option use_new_run'],
  ];
  for (const [image, option] of options) {
    it(`names what changed in ${JSON.stringify(image)}`, async () => {
      expect(await decisionFor(repository({}, image), same)).to.deep.equal(build({ kind: 'option', option }));
    });
  }

  const earlier = (labels: Readonly<Record<string, string>>): Readonly<Record<string, ImageAnswer>> => ({
    [`registry.example.com/team/app:${COMMIT.slice(0, 12)}`]: { state: 'found', digest: digest('1'), labels },
  });

  it('names the base whose digest is another one than at the base branch', async () => {
    const images = earlier({
      'org.opencontainers.image.base.name': 'python:3.11',
      'org.opencontainers.image.base.digest': digest('a'),
    });
    expect(await decisionFor(repository(), same, images)).to.deep.equal(
      build({ kind: 'base-moved', base: 'python:3.11' }),
    );
  });

  it('says only that it is not there where nothing changed', async () => {
    const absent = build({ kind: 'absent' });
    expect(await decisionFor(repository(), same)).to.deep.equal(absent);
    const images = earlier({
      'org.opencontainers.image.base.name': 'python:3.11',
      'org.opencontainers.image.base.digest': digest('b'),
    });
    expect(await decisionFor(repository(), same, images)).to.deep.equal(absent);
    expect(await decisionFor(repository(), same, earlier({}))).to.deep.equal(absent);
  });

  it('takes an empty label of a base for none', async () => {
    const absent = build({ kind: 'absent' });
    const unknown = earlier({
      'org.opencontainers.image.base.name': 'python:3.11',
      'org.opencontainers.image.base.digest': '',
    });
    expect(await decisionFor(repository(), same, unknown)).to.deep.equal(absent);
    const files = { 'app/Dockerfile': 'FROM scratch\n' };
    const before = (): Promise<ContextSource> => Promise.resolve(repository(files));
    const inherited = earlier({
      'org.opencontainers.image.base.name': '',
      'org.opencontainers.image.base.digest': digest('a'),
    });
    expect(await decisionFor(repository(files), before, inherited)).to.deep.equal(absent);
  });

  it('does not mind an earlier state that cannot be read', async () => {
    const states: (() => Promise<ContextSource | undefined>)[] = [
      () => Promise.resolve(undefined),
      () => Promise.resolve(new MemorySource({})),
      () => Promise.resolve(repository({ 'config_files/config.yaml': 'image_builder: [' })),
      () => Promise.resolve(repository({}, { name: 'other' })),
      () => Promise.reject(new ServiceError('git', 'https://git.example', 'it is away', 'try again')),
    ];
    for (const state of states) {
      expect(await decisionFor(repository(), state)).to.deep.equal(build({ kind: 'absent' }));
    }
  });

  it('hides no fault', async () => {
    let message = '';
    await decisionFor(repository(), () => Promise.reject(new TypeError('a fault'))).catch(
      (error: unknown) => (message = (error as Error).message),
    );
    expect(message).to.equal('a fault');
  });
});

import { expect } from 'chai';

import { planBuild } from '../../../generator/plan/plan.js';
import type { Plan } from '../../../generator/plan/plan-types.js';
import type { ImageAnswer, ImageRegistries } from '../../../generator/ports.js';
import { loadProject } from '../../../generator/project/project.js';
import type { RepositoryCache } from '../../../sources/remote/index.js';
import { defaultSettings } from '../../../schema/index.js';
import { churnFiles } from '../../support/churn.js';
import { Remotes } from './remotes.js';
import { git } from './repository.js';

const NAMES = ['one', 'two', 'three', 'four'];
const FILES = {
  ...Object.fromEntries(churnFiles('registry.example.com/team', NAMES)),
  ...Object.fromEntries(
    NAMES.flatMap((name) => [
      [`${name}/Dockerfile`, `FROM scratch\nCOPY . /${name}\n`],
      [`${name}/data.json`, `["${name}"]\n`],
      [`${name}/more.json`, `["more", "${name}"]\n`],
    ]),
  ),
};

/** A registry that has what is pushed to it. */
class Pushed implements ImageRegistries {
  readonly #images = new Map<string, ImageAnswer>();

  find({ repository, reference }: { repository: string; reference: string }): Promise<ImageAnswer> {
    return Promise.resolve(this.#images.get(`${repository}:${reference}`) ?? { state: 'absent' });
  }

  push({ images }: Plan): void {
    for (const { repository, secondTag, labels } of images) {
      const texts = labels.map((label) => [label.name, 'value' in label ? label.value : '']);
      this.#images.set(`${repository}:${secondTag ?? ''}`, {
        state: 'found',
        digest: `sha256:${'a'.repeat(64)}`,
        labels: Object.fromEntries(texts) as Record<string, string>,
      });
    }
  }
}

describe('a plan of a commit of a remote repository', () => {
  let remotes: Remotes;
  let cache: RepositoryCache;
  let folder: string;
  let registries: Pushed;
  beforeEach(async () => {
    remotes = await Remotes.start();
    cache = remotes.cache();
    folder = remotes.repository('o/r', FILES);
    registries = new Pushed();
    registries.push(await plan());
    remotes.server.requests.length = 0;
  });
  afterEach(() => remotes.stop());

  async function plan(): Promise<Plan> {
    const source = await remotes.open(cache, folder);
    return planBuild(await loadProject({ source, settings: defaultSettings() }), { registries });
  }

  const decisions = ({ images }: Plan): string[] => images.map(({ decision }) => decision.action);
  const wanted = (): string[][] => remotes.server.fetches.map(({ wants }) => [...wants].sort());
  const idsOf = (...paths: string[]): string[] =>
    paths.map((path) => git(folder, 'rev-parse', `HEAD:${path}`)).sort();

  it('fetches nothing for the same commit', async () => {
    expect(decisions(await plan())).to.deep.equal(NAMES.map(() => 'reuse'));
    expect(remotes.server.requests).to.deep.equal([]);
  });

  it('fetches no content for a commit with the same files', async () => {
    const commit = remotes.commit(folder, {});
    expect(decisions(await plan())).to.deep.equal(NAMES.map(() => 'reuse'));
    expect(wanted()).to.deep.equal([[commit]]);
  });

  it('fetches no content that is neither in a context nor of the pipeline', async () => {
    const commit = remotes.commit(folder, { 'docs/one.md': 'more\n', 'lib/new.py': 'NEW = 1\n' });
    await plan();
    expect(wanted()).to.deep.equal([[commit], idsOf('lib/new.py')]);
  });

  it('fetches the contents that changed, of all images in one request, and none of an unchanged image', async () => {
    const commit = remotes.commit(folder, {
      'two/data.json': '["changed"]\n',
      'two/Dockerfile': 'FROM scratch\nCOPY . /other\n',
      'four/new.json': '["new"]\n',
    });
    const made = await plan();
    expect(decisions(made)).to.deep.equal(['reuse', 'build', 'reuse', 'build']);
    expect(wanted()).to.deep.equal([[commit], idsOf('two/data.json', 'two/Dockerfile', 'four/new.json')]);
  });
});

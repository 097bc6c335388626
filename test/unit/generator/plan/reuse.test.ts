import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';

import { expect } from 'chai';
import { stringify } from 'yaml';

import { planBuild, type PlanOptions } from '../../../../generator/plan/plan.js';
import type { Plan, PlannedImage } from '../../../../generator/plan/plan-types.js';
import type { ContextSource, ImageAnswer, ImageRegistries } from '../../../../generator/ports.js';
import { loadProject, type Project } from '../../../../generator/project/project.js';
import { keyTag } from '../../../../generator/reuse/image-key.js';
import { baseLabel, KEY_LABEL } from '../../../../generator/reuse/labels.js';
import { ConfigError, defaultSettings, WorkError } from '../../../../schema/index.js';
import { MemorySource, type MemoryFile } from '../contexts/memory-source.js';

const TEAM = 'registry.example.com/team';
const digest = (letter: string): string => `sha256:${letter.repeat(64)}`;

/** Registries that have what was put into them, and a base image. */
class Registries implements ImageRegistries {
  readonly images = new Map<string, ImageAnswer>([
    ['docker.io/library/python:3.11', { state: 'found', digest: digest('f'), labels: {} }],
  ]);

  find({ repository, reference }: { repository: string; reference: string }): Promise<ImageAnswer> {
    return Promise.resolve(this.images.get(`${repository}:${reference}`) ?? { state: 'absent' });
  }

  /** Puts the images of a plan there as their builds would. */
  take({ images }: Plan): void {
    images.forEach(({ repository, secondTag, labels }, index) => {
      const digests = new Map(images.map(({ name }, i) => [name, digest('abcde'[i] ?? '0')]));
      this.images.set(`${repository}:${secondTag ?? ''}`, {
        state: 'found',
        digest: digest('abcde'[index] ?? '0'),
        labels: Object.fromEntries(
          labels.map((label) => [
            label.name,
            'value' in label ? label.value : (digests.get(label.digestOf) ?? ''),
          ]),
        ),
      });
    });
  }
}

type Images = Readonly<Record<string, { readonly dockerfile: string; readonly more?: object }>>;

function projectOf(images: Images, files: Readonly<Record<string, MemoryFile>> = {}): Promise<Project> {
  const config = {
    repository: { owner: 'acme', name: 'churn' },
    pipeline: { name: 'Churn', namespace: 'ml', experiment_name: 'churn', pipeline_path: 'pipeline.py' },
    image_builder: {
      container_registry_uri: TEAM,
      images: Object.entries(images).map(([name, { more }]) => ({
        name,
        dockerfile_folder_path: name,
        ...more,
      })),
    },
  };
  const source = new MemorySource({
    'config_files/config.yaml': stringify(config),
    'pipeline.py': 'from kfp import dsl\n\n\n@dsl.pipeline\ndef churn():\n    pass\n',
    ...Object.fromEntries(
      Object.entries(images).map(([name, { dockerfile }]) => [`${name}/Dockerfile`, dockerfile]),
    ),
    ...files,
  });
  return loadProject({ source, settings: defaultSettings() });
}

const STACK: Images = {
  app: { dockerfile: `FROM ${TEAM}/base:latest\nCOPY . /app\n` },
  base: { dockerfile: 'FROM python:3.11\n' },
  other: { dockerfile: 'FROM python:3.11\nRUN echo other\n' },
};

async function plan(images: Images, options: PlanOptions = {}): Promise<Plan> {
  return planBuild(await projectOf(images), options);
}

function imageOf({ images }: Plan, name: string): PlannedImage {
  const image = images.find((each) => each.name === name);
  if (!image) throw new Error(`there is no image ${name}`);
  return image;
}

/** The Dockerfile that Kaniko gets. */
function delivered({ delivered: { entries } }: PlannedImage): string {
  const entry = entries.find(({ path }) => path === 'Dockerfile');
  return entry?.content?.toString('utf8') ?? 'as it is';
}

const decisions = ({ images }: Plan): unknown[] =>
  images.map(({ decision }) => (decision.action === 'build' ? decision.reason.kind : decision.action));

async function failure(work: Promise<unknown>): Promise<unknown> {
  return work.then(
    () => undefined,
    (error: unknown) => error,
  );
}

describe('a plan with registries', () => {
  let registries: Registries;

  beforeEach(() => {
    registries = new Registries();
  });

  it('builds an image on exactly what is built before it, by the tag of its key', async () => {
    const made = await plan(STACK, { registries });
    const [app, base] = [imageOf(made, 'app'), imageOf(made, 'base')];
    expect(app.buildsOn).to.deep.equal(['base']);
    expect(base.secondTag).to.match(/^kfops-[0-9a-f]{32}$/);
    expect(delivered(app)).to.equal(`FROM ${TEAM}/base:${base.secondTag ?? ''}\nCOPY . /app\n`);
    expect(delivered(base)).to.equal('as it is');
    expect(app.delivered.key).to.not.equal(app.context.key);
    expect(app.labels).to.deep.include({ name: baseLabel('base'), digestOf: 'base' });
  });

  it('builds it on the digest of a base that is reused', async () => {
    registries.take(await plan(STACK, { registries }));
    const changed = { ...STACK, app: { dockerfile: `FROM ${TEAM}/base:latest\nRUN echo new\n` } };
    const made = await plan(changed, { registries });
    expect(decisions(made)).to.deep.equal(['absent', 'reuse', 'reuse']);
    expect(delivered(imageOf(made, 'app'))).to.equal(`FROM ${TEAM}/base@${digest('b')}\nRUN echo new\n`);
    expect(imageOf(made, 'app').labels).to.deep.include({ name: baseLabel('base'), value: digest('b') });
  });

  it('has the same key before and after its base is in the registry', async () => {
    const before = await plan(STACK, { registries });
    registries.take(before);
    const after = await plan(STACK, { registries });
    expect(decisions(after)).to.deep.equal(['reuse', 'reuse', 'reuse']);
    expect(after.images.map(({ secondTag }) => secondTag)).to.deep.equal(
      before.images.map(({ secondTag }) => secondTag),
    );
    expect(after.pipeline.version).to.equal(before.pipeline.version);
  });

  it('builds for the architecture that the Kaniko manifest selects, which is in the key', async () => {
    const images = { app: { dockerfile: 'FROM scratch\n' } };
    const planOn = async (architecture: string, more: object = {}): Promise<PlannedImage> => {
      const nodes = stringify({
        apiVersion: 'v1',
        kind: 'Pod',
        metadata: { name: 'kaniko' },
        spec: { nodeSelector: { 'kubernetes.io/arch': architecture }, containers: [{ name: 'kaniko' }] },
      });
      const files = { 'config_files/kaniko-manifest.yaml': nodes };
      const project = await projectOf({ app: { ...images.app, more } }, files);
      return imageOf(await planBuild(project, { registries }), 'app');
    };
    const anywhere = imageOf(await plan(images, { registries }), 'app');
    const [arm, amd] = [await planOn('arm64'), await planOn('amd64')];
    expect([anywhere.platform, arm.platform, amd.platform]).to.deep.equal([
      undefined,
      'linux/arm64',
      'linux/amd64',
    ]);
    expect(new Set([anywhere, arm, amd].map(({ secondTag }) => secondTag))).to.have.length(3);
    const own = await planOn('arm64', { platform: 'linux/amd64' });
    expect([own.platform, own.secondTag]).to.deep.equal(['linux/amd64', amd.secondTag]);
  });

  it('labels an image with its source, its key and its base', async () => {
    const base = imageOf(await plan(STACK, { registries }), 'base');
    const labels = Object.fromEntries(
      base.labels.map((label) => [label.name, 'value' in label && label.value]),
    );
    expect(labels).to.deep.equal({
      'org.opencontainers.image.source': 'https://github.com/acme/churn',
      'org.opencontainers.image.revision': '',
      'org.opencontainers.image.base.name': 'python:3.11',
      'org.opencontainers.image.base.digest': digest('f'),
      [KEY_LABEL]: labels[KEY_LABEL],
    });
    expect(keyTag(String(labels[KEY_LABEL]))).to.equal(base.secondTag);
  });

  it('is not the commit’s where a base image is not', async () => {
    const project = await projectOf(STACK);
    const commit = 'c'.repeat(40);
    const source = Object.assign(Object.create(project.source) as ContextSource, {
      revision: { commit, dirty: true, description: 'memory' },
      differing: (folders: readonly string[]) =>
        Promise.resolve(folders.includes('base') ? [{ path: 'base/Dockerfile', unseen: false }] : []),
    });
    const made = await planBuild({ ...project, source }, { registries });
    const ofCommit = made.images.filter(({ isCommit }) => isCommit).map(({ name }) => name);
    expect(ofCommit).to.deep.equal(['other']);
    for (const { name, tag, context, labels } of made.images) {
      const isOther = name === 'other';
      expect(tag, name).to.equal((isOther ? commit : context.key).slice(0, 12));
      expect(labels, name).to.deep.include({
        name: 'org.opencontainers.image.revision',
        value: isOther ? commit : '',
      });
    }
  });

  for (const from of ['scratch', 'gone.example/python:1', '$NOTHING']) {
    it(`inherits no label from the base image ${from}`, async () => {
      const { labels } = imageOf(
        await plan({ app: { dockerfile: `FROM ${from}\n` } }, { registries }),
        'app',
      );
      for (const name of ['revision', 'base.name', 'base.digest']) {
        expect(labels).to.deep.include({ name: `org.opencontainers.image.${name}`, value: '' });
      }
    });
  }

  it('names the repository on GitHub Enterprise, where the settings name that', async () => {
    const project = await projectOf(STACK);
    project.settings.server.github.api_url = 'https://git.acme.example/api/v3';
    const { labels } = imageOf(await planBuild(project, { registries }), 'base');
    expect(labels).to.deep.include({
      name: 'org.opencontainers.image.source',
      value: 'https://git.acme.example/acme/churn',
    });
  });

  it('names the last base of several stages, through the stages between', async () => {
    const dockerfile = `FROM golang AS build\nFROM python:3.11 AS os\nFROM os\nCOPY --from=build /a /a\n`;
    registries.images.set('docker.io/library/golang:latest', {
      state: 'found',
      digest: digest('9'),
      labels: {},
    });
    const { labels } = imageOf(await plan({ app: { dockerfile } }, { registries }), 'app');
    expect(labels).to.deep.include({ name: 'org.opencontainers.image.base.name', value: 'python:3.11' });
  });

  it('builds only what is asked for and what that is based on, and takes the others by their keys', async () => {
    registries.take(await plan(STACK, { registries }));
    const forced = await plan(STACK, { registries, only: ['app'], force: true });
    expect(decisions(forced)).to.deep.equal(['forced', 'reuse', 'reuse']);
    const both = await plan(STACK, { registries, only: ['base', 'base'], force: true });
    expect(decisions(both)).to.deep.equal(['reuse', 'forced', 'reuse']);
  });

  it('refuses to leave out what is in no registry, and names it', async () => {
    const error = await failure(plan(STACK, { registries, only: ['base'] }));
    expect(error).to.be.instanceOf(WorkError);
    expect((error as WorkError).message)
      .to.include('`app`, `other`')
      .and.not.include('`base`');
    expect((error as WorkError).nextStep).to.include('`app other`');
  });

  it('suggests an image for each name that no image has', async () => {
    const error = await failure(plan(STACK, { registries, only: ['bsae', 'app', 'othr'] }));
    expect(error).to.be.instanceOf(WorkError);
    const { message, nextStep } = error as WorkError;
    expect(message).to.equal('No image of the configuration has the name `bsae`, `othr`.');
    expect(nextStep).to.equal('Did you mean `base` for `bsae` and `other` for `othr`?');
  });

  describe('refuses to leave out images, and says why', () => {
    const refusal = async (work: Promise<unknown>): Promise<readonly (string | undefined)[]> => {
      const error = await failure(work);
      expect(error).to.be.instanceOf(WorkError);
      const { message, nextStep } = error as WorkError;
      return [message, nextStep];
    };
    const without =
      'Without looking into the registries, images can’t be chosen: the pipeline also needs `app`, `other`';

    it('where no registry is asked', async () => {
      expect(await refusal(plan(STACK, { only: ['base'] }))).to.deep.equal([
        `${without}.`,
        'Build without names.',
      ]);
      expect(await refusal(plan(STACK, { only: ['base'], howToAsk: 'Add `--reuse`' }))).to.deep.equal([
        `${without}.`,
        'Add `--reuse`, or build without names.',
      ]);
    });

    it('where the settings turn reuse off', async () => {
      const project = await projectOf(STACK);
      project.settings.build.reuse = false;
      expect(await refusal(planBuild(project, { registries, only: ['base'] }))).to.deep.equal([
        `${without}, and \`build.reuse\` is false in the settings.`,
        'Set `build.reuse: true`, or build without names.',
      ]);
    });

    it('in a fork', async () => {
      const project = { ...(await projectOf(STACK)), isFork: true as const };
      expect(await refusal(planBuild(project, { registries, only: ['base'] }))).to.deep.equal([
        `${without}, and the build of a fork reuses none.`,
        'Build without names.',
      ]);
    });

    it('where a registry does not answer, with what it says', async () => {
      const { images } = await plan(STACK, { registries });
      const other = `${TEAM}/other:${images[2]?.secondTag ?? ''}`;
      registries.images.set(other, { state: 'unknown', why: 'registry.example.com timed out' });
      const [message, nextStep] = await refusal(plan(STACK, { registries, only: ['base'] }));
      expect(message).to.include(
        '`app` (not in the registry in this version), `other` (can’t look it up in the registry',
      );
      expect(message).to.include(': registry.example.com timed out).');
      expect(nextStep).to.equal(
        'Try again when the registry answers. Or add them (`app other`), or build without names.',
      );
    });
  });

  it('refuses a name that no image has, with the one that was meant', async () => {
    const error = (await failure(plan(STACK, { registries, only: ['bsae', 'app'] }))) as WorkError;
    expect(error).to.be.instanceOf(WorkError);
    expect(error.message).to.include('`bsae`');
    expect(error.nextStep).to.equal('Did you mean `base`?');
  });

  it('threat 73: gives the images of a fork no key, and bases tags that no other build has', async () => {
    const project = { ...(await projectOf(STACK)), isFork: true as const };
    const [one, other] = await Promise.all(
      ['a', 'b'].map((buildId) => planBuild(project, { registries, buildId })),
    );
    const [base, otherBase] = [imageOf(one!, 'base'), imageOf(other!, 'base')];
    expect(base.secondTag).to.match(/^kfops-only-[0-9a-f]{20}$/);
    expect(base.secondTag).to.not.equal(otherBase.secondTag);
    expect(delivered(imageOf(one!, 'app'))).to.include(`${TEAM}/base:${base.secondTag ?? ''}\n`);
    expect(imageOf(one!, 'other').secondTag).to.equal(undefined);
    expect(one!.images.flatMap(({ labels }) => labels.map(({ name }) => name))).to.not.include(KEY_LABEL);
  });

  it('keeps the layer cache of an image that is only too old, for the builds after it', async () => {
    const images = { ...STACK, other: { ...STACK.other!, more: { rebuild_after: '7d' } } };
    registries.take(await plan(images, { registries }));
    const made = await plan(images, { registries });
    expect(decisions(made)).to.deep.equal(['reuse', 'reuse', 'age-unknown']);
    const { cacheRepository, rebuildAfter } = imageOf(made, 'other');
    expect({ cacheRepository, rebuildAfter }).to.deep.equal({
      cacheRepository: `${TEAM}/kfops-cache`,
      rebuildAfter: 604_800,
    });
  });

  it('looks nothing up where the settings say so', async () => {
    const project = await projectOf(STACK);
    project.settings.build.reuse = false;
    registries.find = () => Promise.reject(new Error('it was asked'));
    expect(decisions(await planBuild(project, { registries }))).to.deep.equal(Array(3).fill('not-asked'));
  });

  it('refuses images that are based on each other, in the configuration', async () => {
    const images = {
      one: { dockerfile: 'FROM scratch\nCOPY --from=three /a /a\n' },
      two: { dockerfile: `FROM ${TEAM}/one\n` },
      three: { dockerfile: 'FROM python:3.11\nRUN --mount=type=bind,from=two,target=/x ls /x\n' },
    };
    const error = (await failure(plan(images, { registries }))) as ConfigError;
    expect(error).to.be.instanceOf(ConfigError);
    const [found] = error.diagnostics;
    expect(found).to.include({ code: 'IMAGE_CYCLE', file: 'config_files/config.yaml' });
    expect(found?.message).to.equal(
      'Each of these images is based on the next: `one` → `three` → `two` → `one`.',
    );
    expect(found?.line).to.be.a('number');
  });

  it('ignores an image that only a stage behind the target uses', async () => {
    const images = {
      app: {
        dockerfile: `FROM python:3.11 AS prod\nFROM ${TEAM}/tools AS test\nCOPY --from=other / /\n`,
        more: { target: 'prod' },
      },
      tools: { dockerfile: `FROM ${TEAM}/app\n` },
      other: STACK.other!,
    };
    registries.take(await plan(images, { registries }));
    const made = await plan(images, { registries, only: ['other'], force: true });
    expect(decisions(made)).to.deep.equal(['reuse', 'reuse', 'forced']);
    const app = imageOf(made, 'app');
    expect(app.buildsOn).to.deep.equal([]);
    expect(app.labels.map(({ name }) => name)).to.not.include(baseLabel('tools'));
    expect(delivered(app)).to.equal('as it is');
    expect(imageOf(made, 'tools').buildsOn).to.deep.equal(['app']);
  });

  it('reuses no image whose target is the number of a stage, and builds it on its bases', async () => {
    const app = { dockerfile: 'FROM base AS one\nFROM python:3.11\n', more: { target: '0' } };
    const images = { ...STACK, app };
    registries.take(await plan(images, { registries }));
    const made = await plan(images, { registries });
    expect(decisions(made)).to.deep.equal(['base-unknown', 'reuse', 'reuse']);
    expect(imageOf(made, 'app').secondTag).to.equal(undefined);
    expect(imageOf(made, 'app').buildsOn).to.deep.equal(['base']);
    expect(delivered(imageOf(made, 'app'))).to.equal(
      `FROM ${TEAM}/base@${digest('b')} AS one\nFROM python:3.11\n`,
    );
  });

  it('does not take an image for its own base', async () => {
    const made = await plan({ python: { dockerfile: 'FROM python:3.11\n' } }, { registries });
    expect(imageOf(made, 'python').buildsOn).to.deep.equal([]);
  });

  it('follows a Dockerfile that is a symbolic link, and rewrites what it leads to', async () => {
    const files = {
      'app/Dockerfile': { content: 'docker/real', mode: '120000' as const },
      'app/docker/real': `FROM ${TEAM}/base\n`,
    };
    const project = await projectOf({ ...STACK, app: { dockerfile: '' } }, files);
    const app = imageOf(await planBuild(project, { registries }), 'app');
    const entry = app.delivered.entries.find(({ path }) => path === 'docker/real');
    expect(entry?.content?.toString()).to.match(
      /^FROM registry\.example\.com\/team\/base:kfops-[0-9a-f]{32}\n$/,
    );
  });

  it('delivers a Dockerfile that is not UTF-8 as it is, but for the reference', async () => {
    const project = await projectOf({ ...STACK, app: { dockerfile: '# caf\xe9\nFROM base\n' } });
    const inner = project.source;
    const source: ContextSource = {
      revision: inner.revision,
      list: (paths, options) => inner.list(paths, options),
      identify: (entries) => inner.identify(entries),
      text: (path) => inner.text(path),
      async *read(entries) {
        for await (const { entry, content } of inner.read(entries)) {
          const bytes = Buffer.from((await buffer(content)).toString('utf8'), 'latin1');
          yield { entry, content: Readable.from([bytes]) };
        }
      },
    };
    const app = imageOf(await planBuild({ ...project, source }, { registries }), 'app');
    const content = app.delivered.entries.find(({ path }) => path === 'Dockerfile')?.content;
    expect(content?.subarray(0, 7)).to.deep.equal(Buffer.from('# caf\xe9\n', 'latin1'));
    expect(content?.toString('latin1')).to.match(
      /FROM registry\.example\.com\/team\/base:kfops-[0-9a-f]{32}\n$/,
    );
  });
});

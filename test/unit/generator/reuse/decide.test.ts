import { expect } from 'chai';

import type { ImageAnswer, ImageQuestion, ImageRegistries } from '../../../../generator/ports.js';
import type { Base } from '../../../../generator/reuse/bases.js';
import {
  decideImages,
  type Candidate,
  type Decided,
  type DecideOptions,
} from '../../../../generator/reuse/decide.js';
import { keyTag } from '../../../../generator/reuse/image-key.js';
import { baseLabel, KEY_LABEL, REVISION_LABEL } from '../../../../generator/reuse/labels.js';

const COMMIT = '0123456789abcdef0123456789abcdef01234567';
const DAY = 24 * 3600;
const NOW = Date.parse('2026-01-31T00:00:00Z');
const digest = (letter: string): string => `sha256:${letter.repeat(64)}`;

/** A registry in memory: answers by `repository:reference`. */
class FakeRegistries implements ImageRegistries {
  readonly asked: ImageQuestion[] = [];
  readonly answers = new Map<string, ImageAnswer>();

  find(question: ImageQuestion): Promise<ImageAnswer> {
    this.asked.push(question);
    return Promise.resolve(
      this.answers.get(`${question.repository}:${question.reference}`) ?? { state: 'absent' },
    );
  }

  put(reference: string, letter: string, labels: Record<string, string> = {}, created?: string): void {
    this.answers.set(reference, {
      state: 'found',
      digest: digest(letter),
      labels,
      ...(created !== undefined && { created }),
    });
  }
}

/** A base of an image: a reference, or the index of another image. */
function base(of: string | number, use: Partial<Base['use']> = {}): Base {
  const reference = typeof of === 'string' ? of : `r.example/team/image-${of}`;
  return {
    use: {
      kind: 'base',
      written: reference,
      reference,
      start: 0,
      end: 0,
      line: 1,
      column: 1,
      stage: 0,
      isNeeded: true,
      ...use,
    },
    ...(typeof of === 'number' && { image: of }),
  };
}

function image(index: number, bases: readonly Base[], overrides: Partial<Candidate> = {}): Candidate {
  return {
    name: `image-${index}`,
    repository: `r.example/team/image-${index}`,
    contextKey: `context-${index}`,
    dockerfile: 'Dockerfile',
    buildArgs: [],
    useNewRun: false,
    bases,
    isUnknown: false,
    isForced: false,
    isLeftOut: false,
    ...overrides,
  };
}

describe('decideImages', () => {
  let registries: FakeRegistries;
  const decide = (
    images: readonly Candidate[],
    options: Partial<DecideOptions> = {},
  ): Promise<readonly Decided[]> =>
    decideImages(images, { registries, sharesImages: true, insecureHosts: new Set(), now: NOW, ...options });
  /** Puts each image into the registry as a build would have left it. */
  const build = async (
    images: readonly Candidate[],
    letters = 'abcdefgh',
    created?: string,
  ): Promise<void> => {
    const decided = await decide(images);
    images.forEach(({ repository, bases }, index) => {
      const { key = '' } = decided[index] ?? {};
      const labels = Object.fromEntries(
        bases.flatMap(({ image: at }) =>
          at === undefined ? [] : [[baseLabel(`image-${at}`), digest(letters[at] ?? '')]],
        ),
      );
      registries.put(
        `${repository}:${keyTag(key)}`,
        letters[index] ?? '',
        { ...labels, [KEY_LABEL]: key, [REVISION_LABEL]: COMMIT },
        created,
      );
    });
  };
  const reasons = (decided: readonly Decided[]): unknown[] =>
    decided.map(({ decision }) => (decision.action === 'build' ? decision.reason : decision.digest));

  beforeEach(() => {
    registries = new FakeRegistries();
    registries.put('docker.io/library/python:3.11', '1');
  });

  const stack = (): Candidate[] => [
    image(0, [base('python:3.11')]),
    image(1, [base(0)]),
    image(2, [base('python:3.11')]),
  ];

  it('builds what the registry does not have, and what is based on that', async () => {
    expect(reasons(await decide(stack()))).to.deep.equal([
      { kind: 'absent' },
      { kind: 'base-built', image: 'image-0' },
      { kind: 'absent' },
    ]);
  });

  it('reuses all when nothing changed, and says since when', async () => {
    await build(stack());
    const decided = await decide(stack());
    expect(reasons(decided)).to.deep.equal([digest('a'), digest('b'), digest('c')]);
    expect(decided[0]?.decision).to.deep.equal({ action: 'reuse', digest: digest('a'), revision: COMMIT });
  });

  it('builds what changed and what is based on it, and nothing else', async () => {
    await build(stack());
    const [first, ...others] = stack();
    expect(first).to.not.equal(undefined);
    const changed = [image(0, [base('python:3.11')], { contextKey: 'other' }), ...others];
    expect(reasons(await decide(changed))).to.deep.equal([
      { kind: 'absent' },
      { kind: 'base-built', image: 'image-0' },
      digest('c'),
    ]);
  });

  it('builds all that is based on an image from elsewhere with a new digest', async () => {
    await build(stack());
    registries.put('docker.io/library/python:3.11', '2');
    const decided = await decide(stack());
    expect(reasons(decided).map((reason) => (reason as { kind: string }).kind)).to.deep.equal([
      'absent',
      'base-built',
      'absent',
    ]);
  });

  it('builds an image on a base that was built again with the same key', async () => {
    await build(stack());
    const [first] = await decide(stack());
    registries.put(`r.example/team/image-0:${keyTag(first?.key ?? '')}`, 'e', {
      [KEY_LABEL]: first?.key ?? '',
    });
    expect(reasons(await decide(stack()))).to.deep.equal([
      digest('e'),
      { kind: 'base-rebuilt', image: 'image-0' },
      digest('c'),
    ]);
  });

  it('threat 74: does not reuse an image whose label has another key', async () => {
    await build(stack());
    const key = (await decide(stack()))[2]?.key ?? '';
    const tag = `r.example/team/image-2:${keyTag(key)}`;
    for (const labels of [
      { [KEY_LABEL]: key.toUpperCase() },
      { [KEY_LABEL]: `${key}0` },
      { [KEY_LABEL]: '' },
    ]) {
      registries.put(tag, 'c', labels);
      expect(reasons(await decide(stack()))[2]).to.deep.equal({ kind: 'label' });
    }
    registries.put(tag, 'c', { maintainer: 'somebody' });
    expect(reasons(await decide(stack()))[2]).to.deep.equal({ kind: 'no-label' });
  });

  it('builds what the registry says nothing about', async () => {
    await build(stack());
    const key = (await decide(stack()))[2]?.key ?? '';
    registries.answers.set(`r.example/team/image-2:${keyTag(key)}`, {
      state: 'unknown',
      why: 'r.example did not answer',
    });
    expect(reasons(await decide(stack()))[2]).to.deep.equal({
      kind: 'registry',
      why: 'r.example did not answer',
    });
  });

  it('gives no key to an image whose base is not known, nor to what is based on it', async () => {
    registries.answers.delete('docker.io/library/python:3.11');
    const decided = await decide(stack());
    const unknown = { kind: 'base-unknown', base: 'python:3.11', why: 'its registry does not have it' };
    expect(reasons(decided)).to.deep.equal([unknown, { kind: 'base-built', image: 'image-0' }, unknown]);
    expect(decided.map(({ key }) => key)).to.deep.equal([undefined, undefined, undefined]);
  });

  it('does not need what no stage needs', async () => {
    const images = [image(0, [base('gone.example/x', { isNeeded: false }), base('python:3.11')])];
    await build(images);
    expect(reasons(await decide(images))).to.deep.equal([digest('a')]);
    expect(registries.asked.map(({ repository }) => repository)).to.not.include('gone.example/x');
  });

  it('asks for each base once, for an image with a digest not at all', async () => {
    const pinned = `quay.io/x/y@${digest('9')}`;
    await decide([0, 1, 2].map((index) => image(index, [base('python:3.11'), base(pinned)])));
    const repositories = registries.asked.map(({ repository }) => repository);
    expect(repositories.filter((name) => name === 'docker.io/library/python')).to.have.length(1);
    expect(repositories).to.not.include('quay.io/x/y');
  });

  it('tells a base of one platform from that of another', async () => {
    await decide([
      image(0, [base('python:3.11')]),
      image(1, [base('python:3.11')], { platform: 'linux/arm64' }),
    ]);
    const asked = registries.asked.filter(({ repository }) => repository === 'docker.io/library/python');
    expect(asked.map(({ platform }) => platform)).to.deep.equal([undefined, 'linux/arm64']);
  });

  it('builds by force what is asked for, and what is based on that', async () => {
    await build(stack());
    const forced = stack().map((each, index) => ({ ...each, isForced: index === 0 }));
    const decided = await decide(forced);
    expect(reasons(decided)).to.deep.equal([
      { kind: 'forced' },
      { kind: 'base-built', image: 'image-0' },
      digest('c'),
    ]);
    expect(decided[0]?.key).to.match(/^[0-9a-f]{64}$/);
  });

  it('takes what is left out by its key, whatever becomes of its base', async () => {
    await build(stack());
    const images = stack().map((each, index) => ({ ...each, isForced: index === 0, isLeftOut: index > 0 }));
    expect(reasons(await decide(images))).to.deep.equal([{ kind: 'forced' }, digest('b'), digest('c')]);
  });

  it('builds an image again that is older than it may be', async () => {
    const images = [0, 1, 2].map((index) => image(index, [], { rebuildAfter: 7 * DAY }));
    await build(images, 'abc', '2026-01-24T00:00:01Z');
    expect(reasons(await decide(images))[0]).to.equal(digest('a'));
    expect(reasons(await decide(images, { now: NOW + 1000 }))[0]).to.deep.equal({
      kind: 'age',
      rebuildAfter: 7 * DAY,
    });
    await build(images, 'abc');
    expect(reasons(await decide(images))[0]).to.deep.equal({ kind: 'age-unknown' });
  });

  it('threat 73: neither looks for images nor gives them a key where they are not shared, but knows their bases', async () => {
    const decided = await decide(stack(), { sharesImages: false });
    expect(reasons(decided)).to.deep.equal(Array(3).fill({ kind: 'not-asked' }));
    expect(decided.map(({ key }) => key)).to.deep.equal([undefined, undefined, undefined]);
    expect(registries.asked.map(({ repository }) => repository)).to.deep.equal(['docker.io/library/python']);
    expect(decided[0]?.outside.get('python:3.11')).to.deep.equal({ digest: digest('1') });
  });

  it('builds all where nobody can be asked', async () => {
    const decided = await decide(stack(), { registries: undefined });
    expect(reasons(decided)).to.deep.equal(Array(3).fill({ kind: 'not-asked' }));
  });

  it('does not trust a Dockerfile that cannot be read', async () => {
    const decided = await decide([image(0, [], { isUnknown: true })]);
    expect(reasons(decided)).to.deep.equal([
      {
        kind: 'base-unknown',
        base: 'Dockerfile',
        why: 'it cannot be read, or has no stage with the name of the target',
      },
    ]);
  });

  it('asks a registry over plain http only where that is allowed', async () => {
    registries.put('r.example/x/y:latest', '3');
    await decide([image(0, [base('r.example/x/y')]), image(1, [base('python:3.11')])], {
      insecureHosts: new Set(['r.example']),
    });
    const insecure = registries.asked.filter((question) => question.insecure === true);
    expect(new Set(insecure.map(({ repository }) => repository))).to.deep.equal(
      new Set(['r.example/x/y', 'r.example/team/image-0', 'r.example/team/image-1']),
    );
  });

  it('marks what the configuration builds as its own, and no base from elsewhere', async () => {
    registries.put('r.example/x/y:latest', '3');
    await decide([image(0, [base('r.example/x/y')]), image(1, [base(0)])]);
    const asked = registries.asked.map(({ repository, own }) => ({ repository, own }));
    expect(asked).to.have.deep.members([
      { repository: 'r.example/x/y', own: undefined },
      { repository: 'r.example/team/image-0', own: true },
      { repository: 'r.example/team/image-1', own: true },
    ]);
  });

  it('says nothing of a commit that is none', async () => {
    await build([image(0, [])]);
    const key = (await decide([image(0, [])]))[0]?.key ?? '';
    registries.put(`r.example/team/image-0:${keyTag(key)}`, 'a', {
      [KEY_LABEL]: key,
      [REVISION_LABEL]: '](https://evil.example)',
    });
    expect((await decide([image(0, [])]))[0]?.decision).to.deep.equal({
      action: 'reuse',
      digest: digest('a'),
    });
  });
});

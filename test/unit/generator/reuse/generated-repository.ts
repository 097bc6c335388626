import fc from 'fast-check';

import type { TestFile } from '../../sources/repository.js';

/** Where the images of a generated repository are pushed. */
export const TEAM = 'registry.example.com/team';

/** An image that no tag names. */
export const PINNED = `busybox@sha256:${'9'.repeat(64)}`;

/** A stage of a Dockerfile. Its name is `s` and its number. */
export interface GeneratedStage {
  readonly from: string;
  readonly copyFrom: string | undefined;
  readonly run: number;
}

/** Few contents, so that often nothing but the kind of a file changes. */
const file: fc.Arbitrary<TestFile | undefined> = fc.oneof(
  { weight: 1, arbitrary: fc.constant(undefined) },
  { weight: 3, arbitrary: fc.constantFrom('nothing', 'nothing', 'nothing\n') },
  { weight: 2, arbitrary: fc.constant({ run: 'nothing' }) },
  { weight: 1, arbitrary: fc.constantFrom({ link: 'nothing' }, { link: 'Dockerfile' }) },
);
const stages = fc.array(
  fc.record<GeneratedStage>({
    from: fc.constantFrom('python:3.11', '$BASE', 'base', `${TEAM}/base:1`, PINNED, 'scratch', 's0'),
    copyFrom: fc.constantFrom(undefined, undefined, 'golang:1', 's0'),
    run: fc.nat(1),
  }),
  { minLength: 1, maxLength: 3 },
);
const rules = fc.option(
  fc.array(
    fc.constantFrom(
      '*.log',
      '**/*.pyc',
      'sub',
      'sub/*.txt',
      'lib',
      '*',
      '!keep.log',
      '!sub/a.txt',
      '# no',
      '',
    ),
    { maxLength: 3 },
  ),
  { nil: undefined },
);
const platform = fc.constantFrom(undefined, 'linux/amd64', 'linux/arm64');
const snapshotMode = fc.constantFrom(undefined, 'full', 'redo', 'time');
const digit = fc.option(fc.constantFrom('1', '2'), { nil: undefined, freq: 9 });

/** Each field is changed alone. */
const SECTIONS = {
  files: {
    'img/a.txt': file,
    'img/b.log': file,
    'img/keep.log': file,
    'img/sub/a.txt': file,
    'img/sub/c.pyc': file,
    'lib/c.pyc': file,
    'lib/util.py': file,
    'etc/motd': file,
    'base/x.txt': file,
    'docs/readme.md': file,
    'a.txt': file,
  },
  app: {
    gpu: stages,
    main: stages,
    ignore: rules,
    ignoreOfDockerfile: fc.oneof({ weight: 3, arbitrary: fc.constant(undefined) }, rules),
    dockerfile: fc.constantFrom('Dockerfile', 'docker/Dockerfile.gpu'),
    folders: fc.constantFrom([], ['lib'], ['lib', 'etc'], ['etc', 'lib/']),
    target: fc.constantFrom(undefined, 0, 1),
    base: fc.constantFrom(undefined, 'busybox:2', 'python:3.11'),
    version: fc.constantFrom(undefined, 1, '1', '2', ''),
    platform,
    snapshotMode,
    useNewRun: fc.constantFrom(undefined, null, false, true),
  },
  base: { from: fc.constantFrom('python:3.11', 'golang:1', 'scratch'), platform, snapshotMode },
  /** The images from elsewhere that registries have; of some, another one for a platform. */
  digests: {
    'python:3.11': digit,
    'python:3.11 linux/arm64': digit,
    'golang:1': digit,
    'busybox:1': digit,
    'busybox:2': digit,
  },
  /** What no image is made from. */
  rest: {
    isTurned: fc.boolean(),
    commit: fc.option(fc.constantFrom('a', 'b'), { nil: undefined }),
    tag: fc.constantFrom(undefined, 'v1'),
    owner: fc.constantFrom('acme', 'example'),
    description: fc.constantFrom(undefined, 'predicts churn'),
    memory: fc.constantFrom(undefined, '1Gi'),
    timeout: fc.constantFrom(undefined, '5m'),
    rebuildAfter: fc.constantFrom(undefined, '7d'),
    cache: fc.boolean(),
    parallelism: fc.constantFrom(undefined, 1),
    kanikoVariable: fc.constantFrom(undefined, 'a', 'b'),
  },
} as const;

type Sections = typeof SECTIONS;
type Value<A> = A extends fc.Arbitrary<infer T> ? T : never;

/** A repository of two images, of which `app` can be based on `base`, and what registries have. */
export type GeneratedRepository = {
  readonly [S in keyof Sections]: { readonly [F in keyof Sections[S]]: Value<Sections[S][F]> };
};

const byName: Readonly<Record<string, Readonly<Record<string, fc.Arbitrary<unknown>>>>> = SECTIONS;

/** Any such repository. */
export const repositories = fc.record(
  Object.fromEntries(Object.entries(byName).map(([name, fields]) => [name, fc.record(fields)])),
) as unknown as fc.Arbitrary<GeneratedRepository>;

const FIELDS = Object.entries(byName).flatMap(([section, fields]) =>
  Object.keys(fields).map((field) => [section, field] as const),
);

const changes = fc.record({
  other: repositories,
  fields: fc.uniqueArray(fc.constantFrom(...FIELDS), { minLength: 1, maxLength: 3, size: 'xsmall' }),
});

/** Versions of a repository: each has a few fields of another one, mostly a single field, and all fields before it. */
export const histories: fc.Arbitrary<readonly GeneratedRepository[]> = fc
  .tuple(repositories, fc.array(changes, { minLength: 3, maxLength: 8 }))
  .map(([first, steps]) => {
    const versions = [first];
    for (const { other, fields } of steps) versions.push(withFields(versions.at(-1) ?? first, other, fields));
    return versions;
  });

function withFields(
  repository: GeneratedRepository,
  other: GeneratedRepository,
  fields: readonly (readonly [section: string, field: string])[],
): GeneratedRepository {
  const changed = structuredClone(repository) as Record<string, Record<string, unknown>>;
  const from = other as Record<string, Record<string, unknown>>;
  for (const [section, field] of fields)
    Object.assign(changed[section] ?? {}, { [field]: from[section]?.[field] });
  return changed as unknown as GeneratedRepository;
}

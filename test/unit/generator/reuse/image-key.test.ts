import { expect } from 'chai';
import fc from 'fast-check';

import { isTag } from '../../../../schema/image-reference.js';
import { imageKey, keyTag, type KeyInputs } from '../../../../generator/reuse/image-key.js';

/** Few texts, so that equal inputs are found, and such as would run into each other if they were only joined. */
const text = fc.constantFrom('', 'a', 'b', 'a=b', '"', '","', 'null', '\\', ',');
const pairs = fc.uniqueArray(fc.tuple(text, text), { selector: ([name]) => name, maxLength: 3 });
const optional = fc.option(text, { nil: undefined });
const inputs: fc.Arbitrary<KeyInputs> = fc.record({
  contextKey: text,
  dockerfile: text,
  target: optional,
  buildArgs: pairs,
  platform: optional,
  snapshotMode: optional,
  useNewRun: fc.boolean(),
  bases: pairs.map((found) => found.map(([reference, identity]) => ({ reference, identity }))),
});

/** What a key says of its inputs: all of them, and of lists no order. */
function meaning({ buildArgs, bases, ...rest }: KeyInputs): unknown {
  return {
    ...rest,
    buildArgs: new Map([...buildArgs].sort()),
    bases: new Map(bases.map(({ reference, identity }) => [reference, identity] as const).sort()),
  };
}

describe('imageKey', () => {
  it('is the same if and only if the inputs are', () => {
    fc.assert(
      fc.property(inputs, inputs, (one, other) => {
        const isSame = JSON.stringify(flat(meaning(one))) === JSON.stringify(flat(meaning(other)));
        expect(imageKey(one) === imageKey(other)).to.equal(isSame);
      }),
      { numRuns: 2000 },
    );
  });

  it('does not depend on the order of build arguments and bases', () => {
    fc.assert(
      fc.property(inputs, (given) => {
        const turned = {
          ...given,
          buildArgs: [...given.buildArgs].reverse(),
          bases: [...given.bases, ...given.bases].reverse(),
        };
        expect(imageKey(turned)).to.equal(imageKey(given));
      }),
    );
  });

  it('changes with each input alone', () => {
    const start: KeyInputs = {
      contextKey: 'c',
      dockerfile: 'Dockerfile',
      buildArgs: [['PYTHON', '3.11']],
      useNewRun: false,
      bases: [{ reference: 'python:3.11', identity: 'sha256:a' }],
    };
    const changes: Partial<KeyInputs>[] = [
      {},
      { contextKey: 'd' },
      { dockerfile: 'Dockerfile.gpu' },
      { target: '' },
      { target: 'final' },
      { buildArgs: [] },
      { buildArgs: [['PYTHON', '3.12']] },
      {
        buildArgs: [
          ['PYTHON', '3.11'],
          ['X', ''],
        ],
      },
      { platform: 'linux/arm64' },
      { snapshotMode: 'redo' },
      { useNewRun: true },
      { bases: [] },
      { bases: [{ reference: 'python:3.11', identity: 'sha256:b' }] },
      { bases: [{ reference: 'python:3.12', identity: 'sha256:a' }] },
    ];
    const keys = changes.map((change) => imageKey({ ...start, ...change }));
    expect(new Set(keys).size).to.equal(changes.length);
    for (const key of keys) expect(key).to.match(/^[0-9a-f]{64}$/);
    expect(imageKey({ ...start, snapshotMode: 'full' }), 'Kaniko’s default').to.equal(imageKey(start));
  });
});

describe('keyTag', () => {
  it('is a tag with 32 digits of the key', () => {
    const tag = keyTag('0123456789abcdef'.repeat(4));
    expect(tag).to.equal('kfops-0123456789abcdef0123456789abcdef');
    expect(isTag(tag)).to.equal(true);
  });
});

/** Maps as lists, and what is undefined as such. */
function flat(value: unknown): unknown {
  return Object.entries(value as object)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, part]) => [
      name,
      part === undefined
        ? 'undefined'
        : [part instanceof Map ? [...(part as Map<string, string>)] : (part as unknown)],
    ]);
}

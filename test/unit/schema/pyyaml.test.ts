import { readFileSync } from 'node:fs';

import { expect } from 'chai';
import fc from 'fast-check';

import { readDocument } from '../../../schema/document.js';
import { Source } from '../../../schema/source.js';
import type { Tree } from '../../../schema/tree.js';
import { generated, pyYamlTypes, SEEDS, type PythonValue, type TypedYaml } from '../../support/reference.js';
import {
  bracketed,
  DIFFERENCES,
  PIECES,
  PLACES,
  SCALARS,
  STRUCTURES,
} from '../../fixtures/yaml-documents.js';

const DOC = readFileSync(new URL('../../../docs/configuration.md', import.meta.url), 'utf8');
const REFUSED = 'refused';

/** What stays the same in both readers: numbers have one type here, and keys no order. */
function ours(text: string): unknown {
  const { tree, diagnostics } = readDocument(new Source('file.yaml', text));
  if (diagnostics.length > 0) return REFUSED;
  return tree ? plain(tree) : null;
}

function plain(tree: Tree): unknown {
  if (tree.kind === 'map')
    return Object.fromEntries([...tree.entries].map(([key, value]) => [key, plain(value)]));
  if (tree.kind === 'list') return tree.items.map(plain);
  return typeof tree.value === 'number' ? tree.value + 0 : tree.value;
}

function theirs({ value, duplicate }: TypedYaml): unknown {
  return value && !duplicate ? ofPython(value) : REFUSED;
}

function ofPython(value: PythonValue): unknown {
  if ('map' in value)
    return Object.fromEntries(Object.entries(value.map).map(([key, child]) => [key, ofPython(child)]));
  if ('list' in value) return value.list.map(ofPython);
  if ('int' in value) return Number(value.int) + 0;
  if ('float' in value) return Number(value.float.replace('inf', 'Infinity')) + 0;
  return Object.values(value)[0];
}

const isSpecial = (text: string): boolean => DIFFERENCES.some(({ generated }) => generated?.test(text));

/** Some of pieces, most of which are wrong, and some with brackets and quotes, most of which are right. */
function documents(seed: number): string[] {
  const pieces = fc.array(fc.constantFrom(...PIECES), { minLength: 1, maxLength: 14 });
  const joined = pieces.map((parts) => parts.join(''));
  return [...generated(joined, seed, 600), ...generated(bracketed, seed)].filter((text) => !isSpecial(text));
}

describe('YAML, held against PyYAML', () => {
  let python: ReturnType<typeof pyYamlTypes>;
  before(function () {
    python = pyYamlTypes(this);
  });

  async function expectSame(texts: readonly string[]): Promise<void> {
    const read = await python(texts);
    for (const [i, text] of texts.entries()) {
      expect(ours(text), JSON.stringify(text)).to.deep.equal(theirs(read[i]!));
    }
  }

  it('reads every kind of scalar the same, in every place', async () => {
    await expectSame(SCALARS.flatMap((scalar) => PLACES.map((place) => place.replace('_', () => scalar))));
  });

  it('reads maps, lists, quotes and brackets the same, however they are indented', async () => {
    await expectSame(STRUCTURES);
  });

  for (const seed of SEEDS) {
    it(`reads hundreds of generated documents the same (seed ${seed})`, async () => {
      await expectSame(documents(seed));
    });
  }

  it('differs on purpose: dates are texts, equal keys an error', async () => {
    const texts = ['a: 2024-01-31', 'a: 1\na: 2'];
    const [date, twice] = await python(texts);
    expect(date?.value).to.deep.equal({ map: { a: { timestamp: '2024-01-31' } } });
    expect(twice).to.deep.equal({ value: { map: { a: { int: '2' } } }, duplicate: true });
    expect(texts.map(ours)).to.deep.equal([{ a: '2024-01-31' }, REFUSED]);
  });

  for (const { what, texts, python: expected, kfops } of DIFFERENCES) {
    it(`differs on purpose: ${what}`, async () => {
      expect(what === '`{{`' || DOC.includes(`| ${what}`), 'in docs/configuration.md').to.equal(true);
      const read = await python(texts);
      for (const [i, text] of texts.entries()) {
        const found = { python: theirs(read[i]!), kfops: ours(text) };
        expect(found.python === REFUSED ? REFUSED : 'read', `PyYAML: ${text}`).to.equal(expected);
        expect(found.kfops === REFUSED ? REFUSED : 'read', `Kfops: ${text}`).to.equal(kfops);
        if (expected === kfops && expected === 'read') expect(found.kfops).not.to.deep.equal(found.python);
      }
    });
  }
});

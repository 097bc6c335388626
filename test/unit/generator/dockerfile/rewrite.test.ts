import { expect } from 'chai';

import type { Dockerfile } from '../../../../generator/dockerfile/dockerfile.js';
import { parseDockerfile } from '../../../../generator/dockerfile/parse.js';
import { findImages } from '../../../../generator/dockerfile/references.js';
import { rewriteImages } from '../../../../generator/dockerfile/rewrite.js';
import { SAMPLES } from './samples.js';

const replaced = (i: number): string =>
  `registry.example/mirror/image-${i}@sha256:${`0${i % 10}`.repeat(32)}`;

/** What is around the references, and what the instructions say without them. */
function withoutReferences({ instructions, stages }: Dockerfile, references: readonly string[]): unknown {
  const without = (text: string): string =>
    references.reduce((rest, reference) => rest.replace(reference, '…'), text);
  return {
    stages: stages.map(({ name, from }) => [name, from.flags.map((flag) => [flag.name, flag.value])]),
    instructions: instructions.map(({ keyword, flags, words, heredocs }) => [
      keyword,
      heredocs,
      flags.map(({ name, value = '' }) => [name, without(value)]),
      keyword === 'FROM' ? words.slice(1).map(({ text }) => text) : words.map(({ text }) => text),
    ]),
  };
}

describe('rewriteImages', () => {
  for (const { name, text, buildArgs = [] } of SAMPLES) {
    it(`replaces only the references of: ${name}`, () => {
      const before = parseDockerfile(text);
      const { uses } = findImages(before, { buildArgs });
      const replacements = uses.map((use, i) => ({ use, reference: replaced(i) }));
      const result = rewriteImages(text, replacements);

      let expected = text;
      for (const { use, reference } of [...replacements].reverse()) {
        expected = expected.slice(0, use.start) + reference + expected.slice(use.end);
      }
      expect(result).to.equal(expected);

      const after = parseDockerfile(result);
      const found = findImages(after, { buildArgs }).uses;
      expect(found.map(({ reference }) => reference)).to.deep.equal(
        replacements.map(({ reference }) => reference),
      );
      expect(found.map(({ kind, stage }) => [kind, stage])).to.deep.equal(
        uses.map(({ kind, stage }) => [kind, stage]),
      );
      expect(
        withoutReferences(
          after,
          replacements.map(({ reference }) => reference),
        ),
      ).to.deep.equal(
        withoutReferences(
          before,
          uses.map(({ written }) => written),
        ),
      );
    });
  }

  it('keeps the quotes around what it replaces', () => {
    const text = 'FROM "$BASE" AS x\nCOPY --from="a/b:1" / /\nRUN --mou"nt=type=bind,from=c/d:2" ls\n';
    const { uses } = findImages(parseDockerfile(text), { buildArgs: [] });
    expect(
      rewriteImages(
        text,
        uses.map((use) => ({ use, reference: 'new' })),
      ),
    ).to.equal('FROM "new" AS x\nCOPY --from="new" / /\nRUN --mou"nt=type=bind,from=new" ls\n');
  });

  it('replaces some of them, in any order', () => {
    const text = 'FROM a\nFROM b\nFROM c\n';
    const { uses } = findImages(parseDockerfile(text), { buildArgs: [] });
    const replacements = uses.flatMap((use) => (use.written === 'b' ? [] : [{ use, reference: 'x/yz' }]));
    expect(rewriteImages(text, replacements.reverse())).to.equal('FROM x/yz\nFROM b\nFROM x/yz\n');
    expect(rewriteImages(text, [])).to.equal(text);
  });
});

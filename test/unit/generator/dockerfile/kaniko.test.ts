import { expect } from 'chai';

import { checkDockerfile } from '../../../../generator/dockerfile/check.js';
import type { ImageUse } from '../../../../generator/dockerfile/dockerfile.js';
import { parseDockerfile } from '../../../../generator/dockerfile/parse.js';
import { findImages, isNumber } from '../../../../generator/dockerfile/references.js';
import { rewriteImages } from '../../../../generator/dockerfile/rewrite.js';
import { kaniko, type Kaniko, type KanikoAnswer, type KanikoQuestion } from '../../../support/kaniko.js';
import { generated, SEEDS } from '../../../support/reference.js';
import { DOCKERFILE, type Generated } from './generated.js';
import { SAMPLES } from './samples.js';

function question({
  text,
  buildArgs = [],
  target = '',
}: Partial<Generated> & { text: string }): KanikoQuestion {
  return { dockerfile: text, buildArgs: buildArgs.map((pair) => pair.join('=')), target };
}

function neededUses({
  text,
  buildArgs = [],
  target,
}: Partial<Generated> & { text: string }): readonly ImageUse[] {
  const options = { buildArgs, ...(target !== undefined && { target }) };
  return findImages(parseDockerfile(text), options).uses.filter(({ isNeeded }) => isNeeded);
}

/** What Kaniko pulls, without what Kfops leaves out: `scratch` and numbers of stages that are not there. */
function pulled({ base, copy }: KanikoAnswer): { base: readonly string[]; copy: readonly string[] } {
  return { base, copy: copy.filter((name) => name !== 'scratch' && !isNumber(name)) };
}

/** Compares one kind of uses; where Kfops can't resolve a use, Kaniko pulls something that has an empty part. */
function expectSame(uses: readonly ImageUse[], names: readonly string[], message: string): void {
  expect(uses.length, message).to.equal(names.length);
  const expected = uses.map(({ unresolved }, i) => (unresolved === undefined ? names[i] : undefined));
  expect(
    uses.map(({ reference }) => reference),
    message,
  ).to.deep.equal(expected);
}

describe('Dockerfiles and Kaniko', () => {
  let judge: Kaniko | undefined;
  before(function () {
    this.timeout(900_000);
    judge = kaniko(this);
  });
  after(() => judge?.remove());

  const ask = async (
    files: readonly (Partial<Generated> & { text: string })[],
  ): Promise<readonly KanikoAnswer[]> => (await judge?.ask(files.map(question))) ?? [];

  it('agree on the images of the samples', async () => {
    const answers = await ask(SAMPLES);
    for (const [i, sample] of SAMPLES.entries()) {
      const { error, ...rest } = answers[i] ?? { base: [], copy: [], mount: [] };
      expect(error, sample.name).to.equal(undefined);
      const uses = neededUses(sample);
      const { base, copy } = pulled(rest);
      expectSame(
        uses.filter(({ kind }) => kind === 'base'),
        base,
        sample.name,
      );
      expectSame(
        uses.filter(({ kind }) => kind === 'copy'),
        copy,
        sample.name,
      );
    }
  });

  it('agree on the samples whose images are replaced', async () => {
    const files = SAMPLES.map((sample) => {
      const uses = neededUses(sample);
      const replacements = uses.map((use, i) => ({ use, reference: `new.example/image-${i}:1` }));
      return { ...sample, replacements, text: rewriteImages(sample.text, replacements) };
    });
    const answers = await ask(files);
    for (const [i, { name, replacements }] of files.entries()) {
      const { error, base = [], copy = [], mount = [] } = answers[i] ?? {};
      expect(error, name).to.equal(undefined);
      const of = (wanted: ImageUse['kind']): readonly string[] =>
        replacements.flatMap(({ use, reference }) => (use.kind === wanted ? [reference] : []));
      expect(base, name).to.deep.equal(of('base'));
      expect(copy, name).to.deep.equal(of('copy'));
      expect(mount, name).to.include.members([...of('mount')]);
    }
  });

  for (const seed of SEEDS) {
    it(`agree on generated Dockerfiles (seed ${seed})`, async () => {
      const files = generated(DOCKERFILE, seed, 1500);
      const answers = await ask(files);
      let read = 0;
      for (const [i, file] of files.entries()) {
        const answer = answers[i];
        if (!answer || answer.error !== undefined) continue;
        const refusals = checkDockerfile(parseDockerfile(file.text), {
          buildArgs: file.buildArgs,
          ...(file.target !== undefined && { target: file.target }),
          has: () => undefined,
        }).filter(({ severity, code }) => severity === 'error' && code !== 'STAGE_MISSING');
        expect(refusals, JSON.stringify(file)).to.deep.equal([]);
        read++;
        const message = JSON.stringify({ ...file, answer }, undefined, 1);
        const uses = neededUses(file);
        const { base, copy } = pulled(answer);
        expect(parseDockerfile(file.text).problems, message).to.deep.equal([]);
        expectSame(
          uses.filter(({ kind }) => kind === 'base'),
          base,
          message,
        );
        expectSame(
          uses.filter(({ kind }) => kind === 'copy'),
          copy,
          message,
        );
      }
      expect(read).to.be.greaterThan(files.length / 3);
    });
  }
});

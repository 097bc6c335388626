import { expect } from 'chai';

import type { BaseResult, TagResult } from '../../../../generator/results/step-outputs.js';
import { tagWarnings } from '../../../../generator/results/tag-warnings.js';

const repositoryOf = (name: string): string => `ghcr.io/acme/${name}`;

/** What is said of images with these results; `app` builds on `base`, `a` to `e` on `many`. */
function warnings(
  images: Readonly<Record<string, TagResult>>,
  bases: Readonly<Record<string, BaseResult>> = {},
  isKnown = true,
): readonly string[] {
  const list = <T>(results: Readonly<Record<string, T>>): { name: string; result: T }[] =>
    Object.entries(results).map(([name, result]) => ({ name, result }));
  const names = isKnown ? [...Object.keys(images), ...Object.keys(bases)] : [];
  const targets = new Map(
    names.map((name) => [name, { repository: repositoryOf(name), tag: 'v1' }] as const),
  );
  const basedOn = (base: string): string[] =>
    !isKnown ? [] : base === 'many' ? ['a', 'b', 'c', 'd', 'e'] : ['app'];
  return tagWarnings({ images: list(images), bases: list(bases) }, { targets, basedOn });
}

describe('tagWarnings', () => {
  it('says nothing where all worked', () => {
    expect(warnings({ a: 'tagged', b: 'already' }, { base: 'same' })).to.deep.equal([]);
  });

  for (const [cause, next] of [
    ['login', 'Give the registry login of the builds permission to push there.'],
    ['immutable', 'Allow the registry to change this tag, or use the digest of the image.'],
    ['gone', 'Build again to push it again.'],
    [undefined, 'Build again; if this persists, ask the registry’s operator.'],
  ] as const)
    it(`says which image has no tag, why and what to do: ${cause ?? 'another cause'}`, () => {
      expect(
        warnings({ trainer: { skipped: 'it refused.', ...(cause && { cause }) }, server: 'tagged' }),
      ).to.deep.equal([`\`trainer\` did not get the tag \`v1\`: it refused. ${next}`]);
    });

  it('says once what is the same for several images', () => {
    const refused = (name: string): TagResult => ({ skipped: `no login for ${repositoryOf(name)} (403)` });
    const said = warnings({ a: refused('a'), b: refused('b'), c: { skipped: 'away' }, d: refused('d') });
    expect(said.map((text) => text.split(' Build again')[0])).to.deep.equal([
      '`a`, `b` and `d` did not get the tag `v1`: no login for ghcr.io/acme/a (403).',
      '`c` did not get the tag `v1`: away.',
    ]);
    const many = Object.fromEntries(Array.from({ length: 12 }, (_, at) => [`i${at}`, refused(`i${at}`)]));
    expect(warnings(many)[0]).to.match(/^`i0`, `i1`, `i2` and 9 more did not get the tag `v1`: /);
  });

  it('says that another build replaced a base, and which images may have the other one', () => {
    const other = { other: `sha256:${'1'.repeat(64)}` };
    const said = warnings({}, { base: other, many: other });
    expect(said).to.deep.equal([
      'Another build replaced `base` during this one, so `app` may be based on the other image. Build again to make sure.',
      'Another build replaced `many` during this one, so `a`, `b`, `c` and 2 more may be based on the other image. Build again to make sure.',
    ]);
    expect(warnings({}, { base: other }, false)[0]).to.include(
      'so images that build on it may be based on the other image',
    );
  });

  it('says that the tag of a base was deleted', () => {
    expect(warnings({}, { base: 'absent' })).to.deep.equal([
      'The tag `v1` of `base` is no longer in the registry, so the next build builds `base` again. Check the clean-up rules of the registry.',
    ]);
    expect(warnings({}, { base: 'absent' }, false)[0]).to.match(/^The tag of `base` is no longer /);
  });

  it('says that bases could not be checked, once for the same reason', () => {
    const away = (name: string): BaseResult => ({ unknown: `${repositoryOf(name)} did not answer.` });
    expect(warnings({}, { a: away('a'), b: away('b'), c: { unknown: 'no' } })).to.deep.equal([
      'Cannot check whether another build replaced `a` and `b`: ghcr.io/acme/a did not answer. If another build ran at the same time, build again.',
      'Cannot check whether another build replaced `c`: no. If another build ran at the same time, build again.',
    ]);
  });

  it('names no tag where the workflow does not', () => {
    expect(warnings({ a: { skipped: '' } }, {}, false)[0]).to.match(
      /^`a` did not get the tag of this build: the step gave no reason\. /,
    );
  });

  it('keeps what a registry said short, and out of the code', () => {
    const [said = ''] = warnings({ a: { skipped: `\`x\` ${'y'.repeat(400)}` } });
    expect(said).to.include('’x’ yyy').and.to.include('… (cut). Build again');
    expect(said.length).to.be.below(330);
  });
});

import { expect } from 'chai';

import { parseDockerfile } from '../../../../generator/dockerfile/parse.js';
import { findImages, type BuildOptions } from '../../../../generator/dockerfile/references.js';
import { SAMPLES } from './samples.js';

function find(text: string, options: Partial<BuildOptions> = {}): ReturnType<typeof findImages> {
  return findImages(parseDockerfile(text), { buildArgs: [], ...options });
}

describe('findImages', () => {
  for (const { name, text, images, buildArgs = [], target } of SAMPLES) {
    it(`finds the images of: ${name}`, () => {
      const { uses } = find(text, { buildArgs, ...(target !== undefined && { target }) });
      const needed = uses.filter(({ isNeeded }) => isNeeded);
      expect(needed.map(({ reference }) => reference)).to.deep.equal(images);
    });
  }

  it('says where a reference is, in UTF-16 units', () => {
    const text = '# 𝒳\r\nFROM --platform=linux/amd64 "a/𝒳:1" AS x\r\nCOPY --from=c/d:2 / /\r\n';
    const [base, copy] = find(text).uses;
    expect(base).to.include({ kind: 'base', line: 2, column: 30, stage: 0, platform: 'linux/amd64' });
    expect(text.slice(base?.start, base?.end)).to.equal('a/𝒳:1');
    expect(copy).to.include({ kind: 'copy', written: 'c/d:2', line: 3, column: 13, stage: 0 });
    expect(text.slice(copy?.start, copy?.end)).to.equal('c/d:2');
  });

  it('covers a name that is written over two lines', () => {
    const text = 'FROM pyt\\\n# comment\nhon:3\n';
    const [use] = find(text).uses;
    expect(use?.written).to.equal('python:3');
    expect(text.slice(use?.start, use?.end)).to.equal('pyt\\\n# comment\nhon:3');
  });

  it('names the variable that has no value', () => {
    const text = [
      'ARG A',
      'ARG D=$C',
      'FROM python:$A',
      'FROM ${B:-$C}',
      'FROM x${D}',
      'FROM ${E:?missing}',
      'FROM ${F:~}',
      'COPY --from=${G} / /',
      'RUN --mount=from=$H ls',
    ].join('\n');
    expect(find(text).uses.map(({ unresolved, reference }) => unresolved ?? { reference })).to.deep.equal([
      'A',
      'C',
      { reference: 'x' },
      'E',
      '${F:~}',
      'G',
      'H',
    ]);
  });

  it('expands the platform of FROM', () => {
    const text =
      'ARG P=linux/s390x\nFROM --platform=$BUILDPLATFORM a\nFROM --platform=$P b\nFROM --platform=$X c\n';
    expect(find(text, { platform: 'linux/arm64' }).uses.map(({ platform }) => platform)).to.deep.equal([
      'linux/arm64',
      'linux/s390x',
      undefined,
    ]);
    expect(find(text).uses[0]?.platform).to.equal(undefined);
  });

  it('needs what Kaniko builds: the stages up to the target', () => {
    const text = 'FROM a\nFROM b AS two\nFROM c\n';
    const needed = (target?: string): readonly boolean[] =>
      find(text, target === undefined ? {} : { target }).uses.map(({ isNeeded }) => isNeeded);
    expect(needed()).to.deep.equal([true, true, true]);
    expect(needed('')).to.deep.equal([true, true, true]);
    expect(needed('Two')).to.deep.equal([true, true, false]);
    expect(needed('three')).to.deep.equal([false, false, false]);
  });

  it('needs the stages up to the one whose number is the target, which other builders take', () => {
    const text = 'FROM a\nFROM b AS two\nFROM c\n';
    const needed = (target: string): readonly boolean[] =>
      find(text, { target }).uses.map(({ isNeeded }) => isNeeded);
    expect(needed('0')).to.deep.equal([true, false, false]);
    expect(needed('1')).to.deep.equal([true, true, false]);
    expect(needed('3')).to.deep.equal([false, false, false]);
    expect(needed('-1')).to.deep.equal([false, false, false]);
  });

  it('says that the target is missing', () => {
    expect(find('FROM a AS one', { target: 'one' }).isTargetMissing).to.equal(false);
    expect(find('FROM a AS one', { target: 'two' }).isTargetMissing).to.equal(true);
    expect(find('FROM a AS one', { target: '0' }).isTargetMissing).to.equal(true);
    expect(find('FROM a').isTargetMissing).to.equal(false);
  });

  it('takes only what is between the first two = of a build argument, as Kaniko does', () => {
    const { uses } = find('ARG A\nFROM $A', { buildArgs: [['A', 'x=y']] });
    expect(uses[0]?.reference).to.equal('x');
  });

  it('stops where arguments grow without end', () => {
    const doubled = Array.from({ length: 60 }, (_, i) => `ARG A${i + 1}=$A${i}$A${i}`);
    const text = ['ARG A0=xxxxxxxx', ...doubled, 'FROM $A60', 'FROM $A3'].join('\n');
    const [first, second] = find(text).uses;
    expect(first?.reference).to.equal(undefined);
    expect(second?.reference).to.have.length(64);
  });

  it('stops where a pattern takes too long', () => {
    const text = `ARG A=${'a'.repeat(30_000)}\nFROM \${A//${'*a'.repeat(1000)}b/x}`;
    expect(find(text).uses[0]).to.include({ kind: 'base' }).and.not.have.property('reference');
  });
});

import { expect } from 'chai';

import { parseConfig, type Config, type Override } from '../../../schema/index.js';
import { CONFIG, findings } from './support.js';

const parse = (overrides: Override[]) => parseConfig(CONFIG, { file: 'config.yaml', overrides });
const set = (text: string): Config => parse([{ kind: 'set', text }]).value;
const wrong = (text: string) => findings(() => parse([{ kind: 'set', text }]));

describe('overrides', () => {
  it('--set changes a value from the root', () => {
    expect(set('repository.name=other').repository.name).to.equal('other');
    expect(set('image_builder.parallelism=3').image_builder?.parallelism).to.equal(3);
  });

  it('--set reads other keys below pipeline', () => {
    expect(set('name=other').pipeline.name).to.equal('other');
    expect(set('pipeline_args.epochs=20').pipeline.pipeline_args).to.deep.equal({ epochs: 20 });
    expect(set('pipeline_args={a: [1, yes]}').pipeline.pipeline_args).to.deep.equal({ a: [1, true] });
  });

  it('--set reaches into a list by position', () => {
    const images = set('image_builder.images.1.cache=no').image_builder?.images;
    expect(images?.map(({ cache }) => cache)).to.deep.equal([true, false]);
  });

  it('--set without a value removes what is optional', () => {
    expect(set('image_builder=')).not.to.have.property('image_builder');
  });

  it('a value may hold = and .', () => {
    expect(set('description=a=b.c').pipeline.description).to.equal('a=b.c');
  });

  it('a file merges maps and replaces lists', () => {
    const text =
      'image_builder:\n  images:\n    - {name: one, dockerfile_folder_path: one}\npipeline: {name: other}\n';
    const { value } = parse([{ kind: 'file', file: 'other.yaml', text }]);
    expect(value.image_builder?.images.map(({ name }) => name)).to.deep.equal(['one']);
    expect(value.image_builder?.container_registry_uri).to.equal('ghcr.io/my-team');
    expect(value.pipeline).to.include({ name: 'other', namespace: 'user' });
  });

  it('the last one wins, and an empty file changes nothing', () => {
    const overrides: Override[] = [
      { kind: 'set', text: 'name=one' },
      { kind: 'file', file: 'f.yaml', text: '# nothing' },
      { kind: 'file', file: 'f.yaml', text: 'pipeline: {name: two}' },
    ];
    expect(parse(overrides).value.pipeline.name).to.equal('two');
  });

  it('an error is located at the override', () => {
    const [inSet] = wrong('pipeline.name=[x]');
    expect(inSet).to.include({ code: 'WRONG_TYPE', file: '--set pipeline.name=[x]', column: 10, length: 4 });
    const [unknown] = wrong('pipelin.name=x');
    expect(unknown).to.include({ code: 'UNKNOWN_KEY', file: '--set pipelin.name=x', column: 1, length: 7 });
    const [inFile] = findings(() =>
      parse([{ kind: 'file', file: 'other.yaml', text: 'pipeline:\n  nam: x\n' }]),
    );
    expect(inFile).to.include({ code: 'UNKNOWN_KEY', file: 'other.yaml', line: 2, column: 3 });
  });

  const refused: [string, string][] = [
    ['name', 'OVERRIDE'],
    ['=x', 'OVERRIDE'],
    ['a..b=x', 'OVERRIDE'],
    ['pipeline.name.first=x', 'OVERRIDE'],
    ['image_builder.images.2.cache=no', 'OVERRIDE'],
    ['image_builder.images.trainer.cache=no', 'OVERRIDE'],
    ['name=[x', 'YAML_SYNTAX'],
    ['name="{{x}}"', 'TEMPLATE_TAG'],
    ['pipeline_args.{{x=1', 'TEMPLATE_TAG'],
    ['__proto__.x=1', 'UNKNOWN_KEY'],
    ['pipeline_args.constructor.x=1', 'UNKNOWN_KEY'],
  ];
  for (const [text, code] of refused) {
    it(`refuses --set ${text}`, () => {
      const found = wrong(text);
      expect(found[0]).to.include({ code, file: `--set ${text}` });
      expect(({} as { x?: number }).x).to.equal(undefined);
    });
  }

  it('refuses a file that holds no map', () => {
    expect(findings(() => parse([{ kind: 'file', file: 'f', text: '- a' }]))[0]).to.include({
      code: 'OVERRIDE',
      file: 'f',
    });
  });
});

import { readFileSync } from 'node:fs';

import { expect } from 'chai';
import fc from 'fast-check';
import { parseAllDocuments, stringify } from 'yaml';

import { readPipeline } from '../../../pipeline/ir.js';
import { pinImages } from '../../../pipeline/pin.js';
import { WorkError } from '../../../schema/errors.js';

const flowers = readFileSync(new URL('../../fixtures/pipelines/flowers.yaml', import.meta.url), 'utf8');
const TEAM = 'registry.example.com:5000/team';
const digest = (digit: string): string => `sha256:${digit.repeat(64)}`;

describe('pinImages', () => {
  describe('of a pipeline with nested pipelines, loops, conditions, importers and a second document', () => {
    const images = new Map([
      ['trainer', `${TEAM}/trainer@${digest('1')}`],
      ['server', `${TEAM}/server@${digest('2')}`],
      ['notifier', `docker.io/me/notifier@${digest('3')}`],
      ['loader', `${TEAM}/loader@${digest('4')}`],
    ]);
    const { yaml, report } = pinImages(flowers, images);

    it('says what became of every image', () => {
      const trainer = {
        executor: 'exec-train',
        image: `${TEAM}/trainer:1`,
        name: 'trainer',
        reference: images.get('trainer'),
      };
      expect(report).to.deep.equal({
        pinned: [
          {
            executor: 'exec-notify',
            image: 'me/notifier',
            name: 'notifier',
            reference: images.get('notifier'),
          },
          {
            executor: 'exec-serve',
            image: `${TEAM}/server:latest`,
            name: 'server',
            reference: images.get('server'),
          },
          trainer,
        ],
        already: [],
        other: [
          { executor: 'exec-plain', image: 'python:3.11-slim', suspicious: false },
          { executor: 'exec-train-gpu', image: `${TEAM}/trainer-gpu`, suspicious: true, near: 'trainer' },
          { executor: 'exec-typo', image: `${TEAM}/trainr`, suspicious: true, near: 'trainer' },
        ],
        dynamic: [{ executor: 'exec-any-image', image: "{{$.inputs.parameters['pipelinechannel--image']}}" }],
        unused: ['loader'],
      });
    });

    it('changes these lines and no other byte', () => {
      const before = flowers.split('\n');
      const after = yaml.split('\n');
      expect(after).to.have.length(before.length);
      const changed = after.filter((line, i) => line !== before[i]);
      expect(changed).to.deep.equal([
        `        image: docker.io/me/notifier@${digest('3')}`,
        `        image: ${TEAM}/server@${digest('2')}`,
        `        image: ${TEAM}/trainer@${digest('1')}`,
      ]);
    });

    it('finds everything in place when it is done again', () => {
      const again = pinImages(yaml, images);
      expect(again.yaml).to.equal(yaml);
      expect(again.report.pinned).to.deep.equal([]);
      expect(again.report.already.map(({ name }) => name)).to.deep.equal(['notifier', 'server', 'trainer']);
    });

    it('knows a typo without a build', () => {
      const repositories = new Map([['trainer', `${TEAM}/trainer`]]);
      const { other } = pinImages(flowers, new Map(), repositories).report;
      expect(other.filter(({ suspicious }) => suspicious).map(({ executor }) => executor)).to.deep.equal([
        'exec-serve',
        'exec-train-gpu',
        'exec-typo',
      ]);
    });
  });

  const registry = fc.constantFrom(
    'registry:5000',
    'ghcr.io',
    'localhost',
    'reg.example/a',
    'docker.io/me',
    '[::1]:5000',
  );
  const name = fc.stringMatching(/^[a-z0-9]{2,6}$/);
  const repository = fc.tuple(registry, name).map((parts) => parts.join('/'));
  const tag = fc.constantFrom(
    '',
    ':latest',
    ':{{workflow.parameters.version_id}}',
    `:1@${digest('a')}`,
    `@${digest('b')}`,
  );
  const style = fc.constantFrom<'PLAIN' | 'QUOTE_SINGLE' | 'QUOTE_DOUBLE' | 'BLOCK_LITERAL' | 'BLOCK_FOLDED'>(
    'PLAIN',
    'QUOTE_SINGLE',
    'QUOTE_DOUBLE',
    'BLOCK_LITERAL',
    'BLOCK_FOLDED',
  );
  const steps = fc.array(fc.record({ repository, tag, text: fc.string(), importer: fc.boolean() }), {
    minLength: 1,
    maxLength: 12,
  });

  it('pins whole repositories only, in every style of YAML, and leaves every other value', () => {
    fc.assert(
      fc.property(steps, style, fc.boolean(), fc.nat(), (steps, defaultStringType, flow, pick) => {
        const executors = Object.fromEntries(
          steps.map(({ repository, tag, text, importer }, i) => [
            `exec-${i}`,
            importer
              ? { importer: { artifactUri: { constant: repository + tag } } }
              : { container: { image: repository + tag, args: [text, repository + tag], command: [text] } },
          ]),
        );
        const ir = { deploymentSpec: { executors }, root: { dag: { image: steps[0]!.repository } } };
        const options = flow ? ({ collectionStyle: 'flow' } as const) : {};
        const text = `# ${'é'.repeat(pick % 5)} PIPELINE DEFINITION\n${stringify(ir, {
          defaultStringType: flow && defaultStringType.startsWith('BLOCK') ? 'PLAIN' : defaultStringType,
          defaultKeyType: 'PLAIN',
          lineWidth: 0,
          ...options,
        })}`;
        const built = steps[pick % steps.length]!.repository;
        const reference = `${built}@${digest('c')}`;
        const ours = new Map(steps.map(({ repository }, i) => [`image-${i}`, repository]));
        const { yaml } = pinImages(text, new Map([['it', reference]]), ours);
        // Of what was written, not of `ir`: a block scalar of blanks does not come back as it was.
        const expected = parseAllDocuments(text)[0]!.toJS() as typeof ir;
        for (const [i, step] of steps.entries()) {
          const executor = expected.deploymentSpec.executors[`exec-${i}`]!;
          if ('container' in executor && step.repository === built) executor.container.image = reference;
        }
        const [document] = parseAllDocuments(yaml);
        expect(document!.errors).to.deep.equal([]);
        expect(trimmed(document!.toJS())).to.deep.equal(trimmed(expected));
        expect(yaml.split('\n', 1)).to.deep.equal(text.split('\n', 1));
      }),
      { numRuns: 300 },
    );
  });

  /** A block scalar may end with a line break that the text had not. */
  function trimmed(value: unknown): unknown {
    return JSON.parse(JSON.stringify(value), (key, part: unknown) =>
      key === 'image' && typeof part === 'string' ? part.trimEnd() : part,
    );
  }

  it('keeps a second document', () => {
    const second = '---\nplatforms: {kubernetes: {deploymentSpec: {executors: {exec-a: {image: me/a}}}}}\n';
    const first = 'deploymentSpec: {executors: {exec-a: {container: {image: me/a}}}}\n';
    const { yaml } = pinImages(first + second, new Map([['a', `docker.io/me/a@${digest('1')}`]]));
    expect(yaml).to.equal(
      `deploymentSpec: {executors: {exec-a: {container: {image: docker.io/me/a@${digest('1')}}}}}\n${second}`,
    );
  });

  const pipeline = (...images: readonly string[]): string =>
    `deploymentSpec: {executors: {${images.map((image, i) => `exec-${i}: {container: {image: "${image}"}}`).join(', ')}}}\n`;
  const built = new Map([['trainer', `${TEAM}/trainer@${digest('1')}`]]);

  it('replaces the tag of the old Kfops', () => {
    const { yaml } = pinImages(pipeline(`${TEAM}/trainer:{{workflow.parameters.version_id}}`), built);
    expect(yaml).to.equal(pipeline(`${TEAM}/trainer@${digest('1')}`));
  });

  it('refuses images with a placeholder that nothing fills in, all of them, with their steps', () => {
    const tag = '{{workflow.parameters.version_id}}';
    const text = pipeline(`${TEAM}/trainr:${tag}`, 'python:3.11', `me/other:{{workflow.name}}`, 'x:{{');
    expect(() => pinImages(text, built)).to.throw(
      WorkError,
      `the pipeline has 3 images with a placeholder: \`exec-0\` has \`${TEAM}/trainr:${tag}\` (nothing fills in \`${tag}\`; is \`trainer\` meant?), \`exec-2\` has \`me/other:{{workflow.name}}\` (nothing fills in \`{{workflow.name}}\`), \`exec-3\` has \`x:{{\` (nothing fills in \`{{\`)`,
    );
  });

  it('leaves such a tag of an image that is still to be built', () => {
    const text = pipeline(`${TEAM}/trainer:{{workflow.parameters.version_id}}`);
    const { yaml } = pinImages(text, new Map(), new Map([['trainer', `${TEAM}/trainer`]]));
    expect(yaml).to.equal(text);
  });

  it('takes an image whose name other readers of YAML take for a number', () => {
    const text = 'deploymentSpec: {executors: {a: {container: {image: 1e5}}, b: {container: {image: 08}}}}\n';
    const { yaml, report } = pinImages(text, new Map([['e', `docker.io/library/1e5@${digest('1')}`]]));
    expect(yaml).to.equal(text.replace('1e5', `docker.io/library/1e5@${digest('1')}`));
    expect(report.pinned.map(({ image }) => image)).to.deep.equal(['1e5']);
    expect([...readPipeline(text).images]).to.deep.equal([
      ['a', '1e5'],
      ['b', '08'],
    ]);
  });

  it('takes a tag that a parameter decides for dynamic', () => {
    const image = "me/other:{{$.inputs.parameters['tag']}}";
    const { report } = pinImages(pipeline(image), built);
    expect(report.dynamic).to.deep.equal([{ executor: 'exec-0', image }]);
    const mixed = `${image}{{workflow.uid}}`;
    expect(() => pinImages(pipeline(mixed), built)).to.throw(WorkError, '{{workflow.uid}}');
  });

  const refused: Record<string, string> = {
    nothing: '',
    'no YAML': 'a: [',
    'no pipeline': 'a: 1',
    'two pipelines': 'deploymentSpec: {}\n---\ndeploymentSpec: {}\n',
    'a key that stands there twice': 'deploymentSpec: {}\ndeploymentSpec: {}\n',
    'an alias': 'x: &x {image: me/a}\ndeploymentSpec: {executors: {exec-a: {container: *x}}}\n',
    'an aliased image': 'x: &x me/a\ndeploymentSpec: {executors: {exec-a: {container: {image: *x}}}}\n',
    'an image that is no text': 'deploymentSpec: {executors: {exec-a: {container: {image: [a]}}}}\n',
    'executors that are no map': 'deploymentSpec: {executors: [a]}\n',
    'an executor that is no map': 'deploymentSpec: {executors: {a: b}}\n',
  };
  for (const [what, text] of Object.entries(refused)) {
    it(`refuses ${what}`, () => {
      expect(() => pinImages(text, new Map())).to.throw(WorkError, 'the compiled pipeline cannot be read');
    });
  }
});

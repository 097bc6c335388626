import { expect } from 'chai';

import { parseConfig, parseKanikoManifest, parseSettings, type Override } from '../../../schema/index.js';
import { CONFIG, findings, places } from './support.js';

/** What other readers of YAML take for numbers, truth values or dates. */
const TEXTS = '3.10 012 25921e05 10:30 0x1F yes Off True 1_000 1e3 .5 2024-01-31'.split(' ');
const NO_LABELS = ['10:30', '.5'];
const file = 'file.yaml';

describe('texts as written', () => {
  for (const text of TEXTS) {
    it(`keeps ${text} in config.yaml`, () => {
      const config = parseConfig(
        CONFIG.replace('name: iris\n  n', `name: ${text}\n  description: ${text}\n  n`).replace(
          'name: trainer',
          `name: trainer\n      build_args: {A: ${text}}`,
        ),
        { file },
      ).value;
      expect(config.pipeline).to.include({ name: text, description: text });
      expect(config.image_builder?.images[0]?.build_args).to.deep.equal({ A: text });
    });

    it(`keeps ${text} in a manifest, alone and in the settings`, () => {
      const lines = [
        `metadata: {labels: {team: ${text}}}`,
        'spec:',
        `  containers: [{name: kaniko, env: [{name: A, value: ${text}}]}]`,
        `  nodeSelector: {a: ${text}}`,
        `  tolerations: [{key: gpu, value: ${text}, tolerationSeconds: 60}]`,
        '  affinity: {nodeAffinity: {requiredDuringSchedulingIgnoredDuringExecution: {nodeSelectorTerms:',
        `    [{matchExpressions: [{key: a, operator: In, values: [${text}]}]}]}}}`,
        '  volumes:',
        `    - {name: v, csi: {driver: d, volumeAttributes: {a: ${text}}}}`,
      ].filter((line) => !NO_LABELS.includes(text) || !/^ *(?:metadata|nodeSelector)/.test(line));
      const manifest = parseKanikoManifest(lines.join('\n'), { file }).value;
      const { spec } = manifest;
      expect(manifest.metadata?.labels?.team ?? text).to.equal(text);
      expect(spec.containers[0].env?.[0]?.value).to.equal(text);
      expect(spec.nodeSelector?.a ?? text).to.equal(text);
      expect(spec.tolerations).to.deep.equal([{ key: 'gpu', value: text, tolerationSeconds: 60 }]);
      expect(spec.volumes?.[0]?.csi?.volumeAttributes).to.deep.equal({ a: text });
      expect(JSON.stringify(spec.affinity)).to.include(`"values":["${text}"]`);

      const indented = lines.map((line) => `\n    ${line}`).join('');
      const settings = parseSettings(`kaniko:\n  manifest:${indented}\nnamespace: n012`, { file }).value;
      expect(settings.kaniko.manifest).to.deep.equal(manifest);
    });

    it(`keeps ${text} of --set and --config-override`, () => {
      const overrides: Override[] = [
        { kind: 'set', text: `image_builder.images.0.build_args.A=${text}` },
        { kind: 'set', text: `name=${text}` },
        { kind: 'file', file: 'other.yaml', text: `pipeline: {experiment_name: ${text}}` },
      ];
      const { image_builder, pipeline } = parseConfig(CONFIG, { file, overrides }).value;
      expect(image_builder?.images[0]?.build_args).to.deep.equal({ A: text });
      expect(pipeline).to.include({ name: text, experiment_name: text });
    });
  }

  it('keeps an alias as its anchor was written', () => {
    const text = CONFIG.replace('name: iris\n  n', 'name: &v 3.10\n  pipeline_args: {v: *v}\n  n');
    const { pipeline } = parseConfig(text, { file }).value;
    expect(pipeline).to.deep.include({ name: '3.10', pipeline_args: { v: 3.1 } });
  });

  it('keeps the types of pipeline_args', () => {
    const text = `${CONFIG}  pipeline_args: {a: 3.10, b: 012, c: yes, d: [1:30], e: 08, f: 1e20, g: 1.0e+20, h: }\n`;
    expect(parseConfig(text, { file }).value.pipeline.pipeline_args).to.deep.equal({
      ...{ a: 3.1, b: 10, c: true, d: [90], e: '08', f: '1e20', g: 1e20, h: null },
    });
  });

  it('leaves numbers and truth values where the schema has them', () => {
    const { server, registries } = parseSettings('server: {port: 0x1F90}\nregistries: [e5]', { file }).value;
    expect(server.port).to.equal(8080);
    expect(registries).to.deep.equal(['e5']);
    const manifest = parseKanikoManifest(
      'spec: {containers: [{name: kaniko}], volumes: [{name: v, secret: {secretName: s, defaultMode: 0400}}]}',
      { file },
    );
    expect(manifest.value.spec.volumes?.[0]?.secret?.defaultMode).to.equal(256);
  });

  const quantities: [string, boolean][] = [
    ['1', true],
    ['0.5', true],
    ['1e3', true],
    ['500m', true],
    ['4Gi', true],
    ['1_000', false],
    ['0x10', false],
    ['1:30', false],
    ['yes', false],
  ];
  for (const [quantity, isValid] of quantities) {
    it(`${isValid ? 'takes' : 'refuses'} the quantity ${quantity}`, () => {
      const config = CONFIG.replace(
        'name: trainer',
        `name: trainer\n      resources: {limits: {memory: ${quantity}}}`,
      );
      const manifest = `spec: {containers: [{name: kaniko, resources: {limits: {memory: ${quantity}}}}]}`;
      const parsers = [
        () => parseConfig(config, { file }).value.image_builder?.images[0]?.resources?.limits,
        () => parseKanikoManifest(manifest, { file }).value.spec.containers[0].resources?.limits,
      ];
      for (const parse of parsers) {
        if (isValid) expect(parse()).to.deep.equal({ memory: quantity });
        else expect(findings(parse).map(({ code }) => code)).to.deep.equal(['WRONG_VALUE']);
      }
    });
  }

  it('refuses a number that JSON rounds only where a number can be', () => {
    const big = '12345678901234567890';
    const args = (value: string) => `${CONFIG}  pipeline_args: {a: ${value}}\n`;
    for (const value of [big, '.inf', '-.INF', '.nan', '1.0e+999', '0xfffffffffffffff']) {
      const [found, ...others] = findings(() => parseConfig(args(value), { file }));
      expect(others).to.deep.equal([]);
      expect(found).to.include({ code: 'WRONG_VALUE', line: 16, column: 22, length: value.length });
      expect(found?.message).to.include(value);
      expect(found?.hint).to.include(`"${value}"`);
    }
    const text = CONFIG.replace('name: trainer', `name: trainer\n      build_args: {A: ${big}}`);
    expect(parseConfig(text, { file }).value.image_builder?.images[0]?.build_args).to.deep.equal({ A: big });
    const wrong = CONFIG.replace('images:', `parallelism: ${big}\n  images:`);
    expect(places(findings(() => parseConfig(wrong, { file })))).to.deep.equal(['WRONG_VALUE 4:16']);
  });
});

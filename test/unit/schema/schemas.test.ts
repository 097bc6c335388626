import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';

import { expect } from 'chai';

import { DIAGNOSTIC_CODES, parseConfig, parseKanikoManifest } from '../../../schema/index.js';

const root = new URL('../../../', import.meta.url);
const text = (path: string) => readFileSync(new URL(path, root), 'utf8');

interface Schema {
  properties?: Record<string, Schema>;
  definitions?: Record<string, Schema>;
  items?: Schema;
  additionalProperties?: boolean | Schema;
  description?: string;
  pattern?: string;
  patternErrorMessage?: string;
  $ref?: string;
}

/** @param isListed - which objects' keys to give; default: all */
function keys(
  schema: Schema,
  prefix = '',
  isListed: (schema: Schema) => boolean = () => true,
): [path: string, schema: Schema][] {
  if (!isListed(schema)) return [];
  const own = Object.entries(schema.properties ?? {});
  const below = Object.values(schema.definitions ?? {}).flatMap((child) => keys(child, '', isListed));
  return [
    ...own.flatMap(([key, child]): [string, Schema][] => [
      [prefix + key, child],
      ...keys(child, `${prefix}${key}.`, isListed),
    ]),
    ...below,
  ];
}

describe('the schemas', () => {
  for (const name of ['config', 'settings', 'kaniko-manifest']) {
    const schema = JSON.parse(text(`schema/${name}.schema.json`)) as Schema;

    it(`${name}: every key is described, every pattern says what it wants`, () => {
      for (const [path, child] of keys(schema)) {
        expect(child.description ?? child.$ref, path).to.be.a('string');
        expect(child.pattern === undefined || child.patternErrorMessage !== undefined, path).to.equal(true);
      }
    });

    it(`${name}: docs/configuration.md mentions every key`, () => {
      const doc = text('docs/configuration.md');
      const container = /^(apiVersion|kind|metadata|spec)/;
      const paths =
        name === 'kaniko-manifest'
          ? keys(schema, '', isOurs).filter(([path]) => !path.includes('.') && !container.test(path))
          : keys(schema);
      const mentioned = (path: string) =>
        doc.includes(`\`${path}\``) || doc.includes(`.${path}\``) || doc.includes(`### ${path}\n`);
      const missing = paths.map(([path]) => path).filter((path) => !mentioned(path));
      expect(
        name === 'kaniko-manifest' ? missing.filter((path) => !MANIFEST_DETAILS.has(path)) : missing,
      ).to.deep.equal([]);
    });
  }

  it('match the generated types and validators', function () {
    this.timeout(120_000);
    execFileSync(process.execPath, ['--import=tsx', 'scripts/generate-types.ts', '--check'], {
      cwd: root,
      stdio: 'pipe',
    });
  });
});

/** Objects of Kubernetes that a build takes as a whole are not described here. */
const isOurs = (schema: Schema): boolean => schema.additionalProperties !== true;

/** Fields of the manifest that are as Kubernetes documents them. */
const MANIFEST_DETAILS = new Set(['resources', 'securityContext']);

describe('docs/errors.md', () => {
  it('has a section for each code, in their order', () => {
    const sections = [...text('docs/errors.md').matchAll(/^### (\S+)$/gm)].map((match) => match[1]);
    expect(sections).to.deep.equal(Object.keys(DIAGNOSTIC_CODES));
  });
});

describe('the files of kfops init', () => {
  it('are valid, and stay so with their comments on', () => {
    const config = text('templates/init/config_files/config.yaml');
    expect(parseConfig(config, { file: 'config.yaml' }).warnings).to.deep.equal([]);
    const manifest = text('templates/init/config_files/kaniko-manifest.yaml');
    expect(parseKanikoManifest(manifest, { file: 'kaniko-manifest.yaml' }).warnings).to.deep.equal([]);
    const uncommented = (yaml: string) => yaml.replace(/^( *)# ((?: *- |\w+: |\w+:$| {2,}\S).*)$/gm, '$1$2');
    const full = parseConfig(
      uncommented(config.replace(/^ *#.*(?:Examples|All of|registry|profile).*$/gm, '')),
      { file: 'c' },
    );
    expect(full.value.image_builder?.images[0]).to.include({ target: 'runtime', cache: false });
    expect(full.value.pipeline.pipeline_args).to.deep.equal({ epochs: 10 });
  });

  it('name the schema that stands beside them', () => {
    for (const name of ['config', 'kaniko-manifest']) {
      const [first] = text(`templates/init/config_files/${name}.yaml`).split('\n');
      expect(first).to.equal(`# yaml-language-server: $schema=.schema/${name}.schema.json`);
    }
  });
});

describe('the examples of docs/configuration.md', () => {
  it('are valid', () => {
    const blocks = [...text('docs/configuration.md').matchAll(/```yaml\n([^]*?)```/g)].map(
      (match) => match[1]!,
    );
    const configs = blocks.filter((block) => block.startsWith('repository:'));
    const manifests = blocks.filter((block) => block.startsWith('apiVersion:'));
    expect([configs.length, manifests.length]).to.deep.equal([2, 1]);
    for (const block of configs) parseConfig(block, { file: 'c' });
    for (const block of manifests) parseKanikoManifest(block, { file: 'm' });
  });
});

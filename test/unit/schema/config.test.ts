import { expect } from 'chai';
import * as fc from 'fast-check';
import { stringify } from 'yaml';

import { parseConfig, type Config } from '../../../schema/index.js';
import { CONFIG, findings, places } from './support.js';

const file = 'config_files/config.yaml';
const parse = (text: string) => parseConfig(text, { file });
const broken = (from: string, to: string) => findings(() => parse(CONFIG.replace(from, to)));

/** A configuration that sets every key of the schema. */
function everything(): Config {
  const { value } = parse(CONFIG);
  const image = value.image_builder!.images[0]!;
  Object.assign(image, {
    build_args: { VERSION: '3.11', FAST: 'true', N: '1' },
    target: 'runtime',
    platform: 'linux/arm64',
    resources: { requests: { cpu: '1', memory: '2Gi' }, limits: { memory: '4Gi' } },
    timeout: '30m',
    cache: false,
    snapshot_mode: 'redo',
    use_new_run: true,
  });
  Object.assign(value.image_builder!, {
    cache_repository: 'ghcr.io/my-team/cache',
    minio: {
      context_files_bucket_name: 'bucket',
      credentials: { endpoint: 'localhost:9000', access_key: 'a', secret_key: 's' },
    },
  });
  Object.assign(value.pipeline, {
    description: 'text',
    pipeline_function_name: 'main',
    pipeline_execution_mode: 'V2_ENGINE',
    pipeline_args: { a: { b: ['text'] } },
    compiler_image: 'python:3.12',
  });
  value.deployment = {
    inference_service_name: 'iris',
    inference_service_function_path: 'deployment/service.py',
    production: { namespace: 'production' },
    staging: { namespace: 'staging' },
    pre_deployment_test_sample_input_path: 'deployment/input.json',
  };
  return value;
}

/** Paths of all texts in a value. */
function texts(value: unknown, path: (string | number)[] = []): (string | number)[][] {
  if (typeof value === 'string') return [path];
  if (typeof value !== 'object' || value === null) return [];
  const children = Object.entries(value).map(
    ([key, child]) => [Array.isArray(value) ? Number(key) : key, child] as const,
  );
  return children.flatMap(([key, child]) => texts(child, [...path, key]));
}

function replaceAt(
  value: unknown,
  path: readonly (string | number)[],
  change: (text: string) => string,
): unknown {
  if (path.length === 0) return change(value as string);
  const [step, ...rest] = path;
  const copy: unknown = Array.isArray(value) ? [...(value as unknown[])] : { ...(value as object) };
  const parts = copy as Record<string | number, unknown>;
  parts[step!] = replaceAt(parts[step!], rest, change);
  return copy;
}

describe('config.yaml', () => {
  it('fills in defaults', () => {
    const { value, warnings } = parse(CONFIG);
    expect(warnings).to.deep.equal([]);
    expect(value.image_builder).to.deep.equal({
      container_registry_uri: 'ghcr.io/my-team',
      insecure: false,
      parallelism: 10,
      minio: { context_files_bucket_name: 'image-build-artifacts' },
      images: [
        {
          name: 'trainer',
          dockerfile_folder_path: 'images/trainer',
          other_folders_path: ['libs/common'],
          dockerfile: 'Dockerfile',
          build_args: {},
          cache: true,
          use_new_run: false,
        },
        {
          name: 'model_server',
          dockerfile_folder_path: 'images/server',
          other_folders_path: [],
          dockerfile: 'Dockerfile',
          build_args: {},
          cache: true,
          use_new_run: false,
        },
      ],
    });
    expect(value.pipeline.pipeline_args).to.deep.equal({});
    expect(value).not.to.have.property('deployment');
  });

  it('comes back unchanged when every key is set', () => {
    const value = everything();
    const again = parse(stringify(value));
    expect(again.value).to.deep.equal(value);
    expect(again.warnings.map((d) => d.code)).to.deep.equal(['INLINE_CREDENTIALS', 'DEPRECATED']);
  });

  it('takes a key without a value as absent, but for arguments of the pipeline', () => {
    const text = `${CONFIG}  description:\n  pipeline_args: {a: , b: {c: null}}\ndeployment:\n`.replace(
      '  images:\n',
      '  minio:\n  images:\n',
    );
    const { value } = parse(text.replace(/ +- libs\/common\n/, ''));
    expect(value.image_builder?.images[0]?.other_folders_path).to.deep.equal([]);
    expect(value.image_builder?.minio).to.deep.equal({ context_files_bucket_name: 'image-build-artifacts' });
    expect(value.pipeline).not.to.have.property('description');
    expect(value.pipeline.pipeline_args).to.deep.equal({ a: null, b: { c: null } });
    expect(value).not.to.have.property('deployment');
    const pipelineOnly = CONFIG.replace(/image_builder:[^]*pipeline:/, 'image_builder:\npipeline:');
    expect(parse(pipelineOnly).value).not.to.have.property('image_builder');
  });

  it('normalises paths and endpoints', () => {
    const text = CONFIG.replace('images/trainer', './images//trainer/')
      .replace('libs/common', 'libs/x/../common/')
      .replace('  images:', '  insecure: yes\n  minio: {credentials: {endpoint: localhost}}\n  images:');
    const builder = parse(text).value.image_builder!;
    expect(builder.insecure).to.equal(true);
    expect(builder.images[0]).to.include({ dockerfile_folder_path: 'images/trainer' });
    expect(builder.images[0]?.other_folders_path).to.deep.equal(['libs/common']);
    expect(builder.minio.credentials?.endpoint).to.equal('localhost:9000');
  });

  it('locates a value, and a default at its nearest parent', () => {
    const located = parse(CONFIG);
    const finding = { code: 'FOLDER_MISSING', message: 'm' } as const;
    const images = ['image_builder', 'images'];
    expect(located.diagnostic([...images, 1, 'dockerfile_folder_path'], finding)).to.include({
      line: 10,
      column: 31,
      length: 13,
    });
    expect(
      located.diagnostic([...images, 1, 'dockerfile_folder_path'], { ...finding, at: 'key' }),
    ).to.include({
      column: 7,
    });
    expect(located.diagnostic([...images, 1, 'dockerfile'], finding)).to.include({ line: 9, column: 7 });
    expect(located.diagnostic(['pipeline', 'pipeline_args', 'a'], finding)).to.include({
      line: 11,
      column: 1,
      severity: 'error',
    });
  });

  it('says everything at once, in the order of the file', () => {
    const text = CONFIG.replace('owner: my-team', 'owner: -x')
      .replace('name: trainer', 'Name: trainer')
      .replace('name: iris\n  n', 'name: [iris]\n  n')
      .replace('pipeline/pipeline.py', '/etc/passwd');
    expect(places(findings(() => parse(text)))).to.deep.equal([
      'WRONG_VALUE 1:21',
      'REQUIRED_KEY 5:7',
      'UNKNOWN_KEY 5:7',
      'WRONG_TYPE 12:3',
      'PATH_OUTSIDE 15:18',
    ]);
  });

  it('says what an empty file lacks', () => {
    expect(places(findings(() => parse('')))).to.deep.equal(['REQUIRED_KEY 1:1', 'REQUIRED_KEY 1:1']);
    expect(places(findings(() => parse('text')))).to.deep.equal(['WRONG_TYPE 1:1']);
  });

  it('gives a hint that fits the value', () => {
    const hints = (text: string): (string | undefined)[] =>
      findings(() => parse(text)).map(({ hint }) => hint);
    expect(hints(CONFIG.replace('name: iris\n', 'name: iris\n  pipeline_args: {a: [1\n'))[0]).to.include(
      'Close the `[` or `{`',
    );
    const [wrongType] = hints(
      CONFIG.replace('name: trainer', 'name: trainer\n      build_args: {PORT: [1]}'),
    );
    expect(wrongType ?? '').not.to.include('`true` or `false`');
  });

  it('suggests the key that was meant', () => {
    const hint = broken('dockerfile_folder_path: images/trainer', 'dockerfile_folder: images/trainer').find(
      (d) => d.code === 'UNKNOWN_KEY',
    )?.hint;
    expect(hint).to.equal('Did you mean `dockerfile_folder_path`?');
  });

  const lost = ['        - libs/common', '      - libs/common', '    - libs/common', '    - - libs/common'];
  for (const line of lost) {
    it(`sees the lost key before "${line}"`, () => {
      const found = broken('      other_folders_path:\n        - libs/common', line);
      expect(found.map((d) => d.code)).to.deep.equal(['LOST_KEY']);
      expect(found[0]?.message).to.include('libs/common');
    });
  }

  const wrong: [string, string, string, string][] = [
    ['two images of one name', 'name: model_server', 'name: trainer', 'DUPLICATE_NAME'],
    ['two images of one task', 'name: trainer', 'name: model-server', 'NAME_CLASH'],
    ['a name in upper case', 'name: trainer', 'name: Trainer', 'IMAGE_REFERENCE'],
    ['a name like an option', 'name: trainer', 'name: --force', 'WRONG_VALUE'],
    ['a name like a path', 'name: trainer', 'name: ../prod', 'WRONG_VALUE'],
    ['a name with a tag', 'name: trainer', 'name: trainer:latest', 'WRONG_VALUE'],
    ['a registry with a scheme', 'ghcr.io/my-team', 'https://ghcr.io/my-team', 'IMAGE_REFERENCE'],
    ['a registry with a tag', 'ghcr.io/my-team', 'ghcr.io/my-team:latest', 'IMAGE_REFERENCE'],
    ['a Docker Hub path that nests', 'ghcr.io/my-team', 'user/project', 'IMAGE_REFERENCE'],
    ['a folder outside', 'images/trainer', '../trainer', 'PATH_OUTSIDE'],
    ['a folder outside by a detour', 'libs/common', 'a/../../b', 'PATH_OUTSIDE'],
    ['an absolute path', 'pipeline/pipeline.py', '/etc/passwd', 'PATH_OUTSIDE'],
    ['a backslash', 'images/trainer', 'images\\trainer', 'PATH_OUTSIDE'],
    ['the root as another folder', 'libs/common', './', 'WRONG_VALUE'],
    ['a namespace that is none', 'namespace: user', 'namespace: User_1', 'WRONG_VALUE'],
    ['no builds at once', '  images:', '  parallelism: 0\n  images:', 'WRONG_VALUE'],
    ['an unknown mode', 'namespace: user', 'namespace: user\n  pipeline_execution_mode: V3', 'WRONG_VALUE'],
    [
      'the mode of KFP 1',
      'namespace: user',
      'namespace: user\n  pipeline_execution_mode: V1_LEGACY',
      'PIPELINE_KFP1',
    ],
    [
      'a build argument like an option',
      'name: trainer',
      'name: trainer\n      build_args: {"--x": 1}',
      'WRONG_VALUE',
    ],
    [
      'a build argument that is a list',
      'name: trainer',
      'name: trainer\n      build_args: {X: [1]}',
      'WRONG_TYPE',
    ],
    ['a target like an option', 'name: trainer', 'name: trainer\n      target: -x', 'WRONG_VALUE'],
    [
      'a quantity that is none',
      'name: trainer',
      'name: trainer\n      resources: {limits: {memory: 4 GB}}',
      'WRONG_VALUE',
    ],
    ['an endless timeout', 'name: trainer', 'name: trainer\n      timeout: for ever', 'WRONG_VALUE'],
    [
      'an endpoint with a scheme',
      '  images:',
      '  minio: {credentials: {endpoint: "http://x:9000"}}\n  images:',
      'WRONG_VALUE',
    ],
    ['one key of two', '  images:', '  minio: {credentials: {access_key: x}}\n  images:', 'REQUIRED_KEY'],
  ];
  for (const [what, from, to, code] of wrong) {
    it(`refuses ${what}`, () => {
      expect(
        broken(from, to)
          .filter((d) => d.severity === 'error')
          .map((d) => d.code),
      ).to.deep.equal([code]);
    });
  }

  it('takes the whole repository as a context', () => {
    expect(
      parse(CONFIG.replace('images/trainer', '.')).value.image_builder?.images[0]?.dockerfile_folder_path,
    ).to.equal('');
  });

  it('refuses {{ in every text', () => {
    const value = everything();
    const paths = texts(value);
    expect(paths.length).to.be.greaterThan(25);
    for (const path of paths) {
      const codes = findings(() => parse(stringify(replaceAt(value, path, (text) => `${text}{{`)))).map(
        (d) => d.code,
      );
      expect(codes, path.join('.')).to.include('TEMPLATE_TAG');
    }
  });

  it('refuses {{ anywhere in a text', () => {
    const value = everything();
    fc.assert(
      fc.property(fc.string(), fc.string(), fc.constantFrom(...texts(value)), (before, after, path) => {
        const text = stringify(replaceAt(value, path, () => `${before}{{${after}`));
        expect(findings(() => parse(text)).map((d) => d.code)).to.include('TEMPLATE_TAG');
      }),
      { numRuns: 100 },
    );
  });
});

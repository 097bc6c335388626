import { expect } from 'chai';

import { planMigration, type Migration } from '../../../../generator/migrate/migrate.js';
import { ConfigError } from '../../../../schema/index.js';
import { MemorySource } from '../contexts/memory-source.js';

const BASE = `repository: {owner: me, name: iris}
pipeline:
  name: Iris
  namespace: data-science
  experiment_name: iris
  pipeline_path: p.py
`;
const CODE = 'from kfp import dsl\n@dsl.pipeline\ndef p(): ...\n';

function migrate(files: Readonly<Record<string, string>>): Promise<Migration> {
  return planMigration(new MemorySource({ 'config_files/config.yaml': BASE, 'p.py': CODE, ...files }));
}
const short = ({ findings }: Migration): string[] =>
  findings.map(({ file, line, column, topic, action }) => `${file}:${line}:${column} ${topic} ${action}`);
const withImages = (images: string): Record<string, string> => ({
  'config_files/config.yaml': `${BASE}image_builder:\n  container_registry_uri: r.example.com/ml\n  cache_repository: r.example.com/c\n  images:\n${images}`,
});
const manifest = (text: string): Record<string, string> => ({ 'config_files/kaniko-manifest.yaml': text });

describe('planMigration', () => {
  it('finds nothing in a configuration without images, for KFP 2', async () => {
    const { findings, problems, files } = await migrate({});
    expect({ findings, problems }).to.deep.equal({ findings: [], problems: [] });
    expect(files.map(({ before, after }) => before === after)).to.deep.equal([true]);
  });

  it('finds nothing more to rewrite in what it wrote', async () => {
    const first = await migrate({
      ...withImages(
        '    - name: a\n      dockerfile_folder_path: a\n      other_folders_path: [lib/, "b/./"]\n',
      ),
      ...manifest(
        'metadata: {namespace: x}\nspec:\n  containers:\n  - name: k\n    image: gcr.io/kaniko-project/executor\n    args: []\n',
      ),
    });
    const written = Object.fromEntries(first.files.map(({ path, after }) => [path, after]));
    const second = await migrate(written);
    expect(first.findings.map(({ action }) => action)).to.include('write');
    expect(second.findings.map(({ action }) => action)).not.to.include('write');
    expect(second.files.every(({ before, after }) => before === after)).to.equal(true);
  });

  it('V1_LEGACY is no error once it is removed', async () => {
    const text = `${BASE}  pipeline_execution_mode: V1_LEGACY\n`;
    const { problems, files } = await migrate({ 'config_files/config.yaml': text });
    expect(problems).to.deep.equal([]);
    expect(files[0]?.after).to.equal(BASE);
  });

  it('keeps errors that it cannot remove, at their places', async () => {
    const { problems } = await migrate({
      'config_files/config.yaml': `${BASE.replace('me,', 'me me,')}  pipeline_execution_mode: V1_LEGACY\n`,
      ...manifest('spec:\n  containers:\n  - name: k\n    args: []\n    command: [sh]\n'),
    });
    expect(problems.map(({ file, line, code }) => `${file}:${line} ${code}`)).to.deep.equal([
      'config_files/config.yaml:1 WRONG_VALUE',
      'config_files/kaniko-manifest.yaml:5 MANIFEST_FIELD',
    ]);
  });

  it('throws for what is no YAML, in both files', async () => {
    const error = await migrate({
      'config_files/config.yaml': 'a: [\n',
      ...manifest('b: "\n'),
    }).then(
      () => undefined,
      (thrown: unknown) => thrown,
    );
    expect(error).to.be.instanceOf(ConfigError);
    const files = (error as ConfigError).diagnostics.map(({ file }) => file);
    expect(new Set(files)).to.deep.equal(
      new Set(['config_files/config.yaml', 'config_files/kaniko-manifest.yaml']),
    );
  });

  describe('a trailing slash', () => {
    const folders = (list: string): Record<string, string> =>
      withImages(`    - name: a\n      dockerfile_folder_path: a/\n      other_folders_path: ${list}\n`);
    const slashes = async (list: string): Promise<string[]> =>
      (await migrate(folders(list))).findings.flatMap(({ topic, now }) =>
        topic === 'trailing-slash' ? [/`(.*?)`/.exec(now)?.[1] ?? ''] : [],
      );

    it('is found in other_folders_path only', async () => {
      expect(await slashes('[lib/, x/lib2//, lib3/., lib4]')).to.deep.equal(['lib/', 'lib2/', 'lib3/']);
    });

    it('is no finding where the path has no name of its own', async () => {
      expect(await slashes('[./, ../]')).to.deep.equal([]);
    });
  });

  describe('keys of the object store', () => {
    const store = (minio: string): Record<string, string> => ({
      'config_files/config.yaml': `${BASE}image_builder:\n  container_registry_uri: r.example.com/ml\n${minio}`,
    });
    const after = async (minio: string): Promise<string> =>
      (await migrate(store(minio))).files[0]?.after ?? '';
    const rest = `${BASE}image_builder:\n  container_registry_uri: r.example.com/ml\n`;

    it('are removed, with the sections that are then empty', async () => {
      const keys = '    credentials:\n      access_key: a\n      secret_key: b\n';
      expect(await after(`  minio:\n${keys}`)).to.equal(rest);
      expect(await after(`  minio:\n    context_files_bucket_name: other\n${keys}`)).to.equal(
        `${rest}  minio:\n    context_files_bucket_name: other\n`,
      );
      expect(await after(`  minio:\n${keys}      endpoint: s\n`)).to.equal(
        `${rest}  minio:\n    credentials:\n      endpoint: s\n`,
      );
    });

    it('are known as secrets, wherever they are', async () => {
      const text = '  minio: {credentials: {access_key: &k my-key, secret_key: *k}}\n';
      const { files, findings } = await migrate(store(text));
      const [file] = files;
      expect(file?.secrets.map(([start, end]) => file.before.slice(start, end))).to.deep.equal([
        'my-key',
        'my-key',
      ]);
      expect(JSON.stringify(findings)).not.to.include('my-key');
    });
  });

  describe('the manifest', () => {
    const found = async (text: string): Promise<string[]> => short(await migrate(manifest(text)));
    const file = 'config_files/kaniko-manifest.yaml';

    it('that gives builds nothing is left to a person', async () => {
      expect(await found('spec:\n  containers:\n  - name: k\n')).to.deep.equal([`${file}:1:1 manifest edit`]);
    });

    it('that gives them something is kept', async () => {
      expect(
        await found('spec:\n  containers:\n  - name: k\n    resources: {limits: {cpu: 1}}\n'),
      ).to.deep.equal([]);
      const volume = '  volumes: [{name: s, secret: {secretName: s}}]\n';
      expect(await found(`spec:\n  containers:\n  - name: k\n${volume}`)).to.deep.equal([
        `${file}:4:3 manifest-names edit`,
      ]);
    });

    it('keeps an image of another registry', async () => {
      const text = 'spec:\n  containers:\n  - {name: k, image: my.example.com/kaniko, env: []}\n';
      expect(await found(text)).to.deep.equal([]);
    });
  });

  describe('the pipeline', () => {
    it('that uses KFP 1 is shown at its line, with what to use', async () => {
      const { findings } = await migrate({ 'p.py': `${CODE}    dsl.ContainerOp()\n`.replace('...', '') });
      expect(findings).to.have.length(1);
      expect(findings[0]).to.include({
        ...{ topic: 'kfp1', file: 'p.py', line: 4, subject: 'kfp.dsl.ContainerOp', action: 'edit' },
      });
      expect(findings[0]?.next).to.include('@dsl.container_component');
    });

    it('that is not Python, or not there, is said to be unread', async () => {
      expect(short(await migrate({ 'p.py': 'print "x"\n' }))[0]).to.match(/^p\.py:1:\d+ pipeline-code edit$/);
      const text = BASE.replace('p.py', 'gone.py');
      const { findings } = await migrate({ 'config_files/config.yaml': text });
      expect(findings[0]).to.include({ topic: 'pipeline-code', file: 'gone.py' });
    });
  });
});

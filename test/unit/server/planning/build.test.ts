import { expect } from 'chai';

import type { ContainerTemplate } from '../../../../generator/workflow/types.js';
import { parseSettings, WorkError } from '../../../../schema/index.js';
import { buildWorkflow, type BuildInput } from '../../../../server/planning/build.js';
import type { TaskContext } from '../../../../server/planning/task-context.js';
import { MemorySource } from '../../generator/contexts/memory-source.js';

const COMMIT = '1a2b3c4d5e6f708192a3b4c5d6e7f8091a2b3c4d';
const CONFIG = `repository: {owner: acme, name: iris}
pipeline:
  name: Iris
  namespace: data-science
  experiment_name: iris
  pipeline_path: pipeline.py
  schedules: [{name: nightly, cron: "0 3 * * *"}]
`;

const settings = parseSettings(
  `kfp: {endpoint: "http://kfp:8888"}
compiler: {image: registry.example.com/compiler:1}
kfops: {image: registry.example.com/kfops:1}
server: {namespaces: [data-science]}
`,
  { file: 'settings.yaml' },
).value;

const context = {
  ports: {
    openCommit: () => {
      const source = new MemorySource({
        'config_files/config.yaml': CONFIG,
        'pipeline.py': 'from kfp import dsl\n\n\n@dsl.pipeline\ndef p(): ...\n',
      });
      const revision = { commit: COMMIT, dirty: false, description: 'a commit' };
      return Promise.resolve(Object.assign(source, { revision, dispose: () => Promise.resolve() }));
    },
    openStore: () =>
      Promise.resolve({
        has: () => Promise.resolve(true),
        put: () => Promise.resolve(),
        describe: () => 'memory',
      }),
    openRegistries: () => ({ find: () => Promise.resolve({ state: 'unknown', why: 'it is away' }) }),
  },
  log: { info: () => undefined, warn: () => undefined },
  signal: new AbortController().signal,
  storing: () => undefined,
} as unknown as TaskContext;

const input: BuildInput = {
  files: {
    repository: { id: 1, owner: 'acme', name: 'iris' },
    commit: COMMIT,
    fork: false,
    settings,
    manifest: { branch: 'main' },
  },
  base: COMMIT,
  requestedBy: 'ada',
  namespace: 'kfops',
  identity: { name: 'kfops-push-1', version: 'main-1a2b3c4d5e6f', labels: {}, annotations: {} },
  run: false,
  set: [],
};

async function publishArguments(more: Partial<BuildInput>): Promise<readonly string[]> {
  const { spec } = await buildWorkflow({ ...input, ...more }, context);
  return (spec.templates.find(({ name }) => name === 'publish-pipeline') as ContainerTemplate).container.args;
}

describe('server/planning/build', () => {
  it('applies the schedules if it is told to', async () => {
    expect(await publishArguments({ applySchedules: true })).to.include.members([
      '--schedules=/kfops/schedules.json',
      '--repository=acme/iris',
    ]);
  });

  it('threat 90: applies none without being told, or for a pull request', async () => {
    for (const more of [{}, { applySchedules: false }, { pullRequest: 7 }])
      expect((await publishArguments(more)).join(' ')).not.to.include('--schedules');
    const refused = await publishArguments({ applySchedules: true, pullRequest: 7 }).catch(
      (error: unknown) => error,
    );
    expect(refused).to.be.instanceOf(WorkError);
  });
});
